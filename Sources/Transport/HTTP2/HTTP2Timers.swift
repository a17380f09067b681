// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// Finds dead and idle connections: one task on the event loop for each connection, however much is sent.
final class HTTP2Timers {
  private unowned let connection: HTTP2Connection
  private let limits: HTTP2Limits
  private var heardAt = NIODeadline.uptimeNanoseconds(0)
  private var idleSince: NIODeadline?
  private var closedStreamCount = 0
  private var pingedAt: NIODeadline?
  private var lastPing: UInt64 = 0
  private var task: Scheduled<Void>?

  init(_ connection: HTTP2Connection, _ limits: HTTP2Limits) {
    self.connection = connection
    self.limits = limits
  }

  private var session: HTTP2Session { connection.session }

  func start() {
    heardAt = session.eventLoop.now
    idleSince = heardAt
    schedule()
  }

  func stop() {
    task?.cancel()
    task = nil
  }

  /// Any byte shows that the peer lives.
  func heard() {
    heardAt = session.eventLoop.now
    pingedAt = nil
  }

  /// Called once a turn: when the last stream has gone the clock begins to run, also for one that came and went.
  func settled() {
    if connection.hasStreams {
      idleSince = nil
    } else if idleSince == nil || session.closedStreamCount != closedStreamCount {
      idleSince = session.eventLoop.now
    }
    closedStreamCount = session.closedStreamCount
  }

  /// Sends a PING with a number of its own.
  func ping() -> UInt64 {
    lastPing += 1
    session.submitPing(lastPing)
    return lastPing
  }

  private func schedule() {
    // Looks more often than anything can be due: nothing has to be scheduled anew when something happens.
    let shortest = [limits.idleTimeout, limits.keepaliveInterval].compactMap { $0 }.min()
    guard let shortest else { return }
    let period = max(min(shortest, limits.keepaliveTimeout).nanoseconds / 4, 1_000_000)
    task = session.eventLoop.assumeIsolated().scheduleTask(in: .nanoseconds(period)) { [weak self] in
      guard let self, connection.isOpen else { return }
      check()
      if connection.isOpen { schedule() }
    }
  }

  private func check() {
    let now = session.eventLoop.now
    settled()
    if let pingedAt {
      guard now - pingedAt >= limits.keepaliveTimeout else { return }
      session.statistics.refused(.keepaliveTimeout)
      return connection.fail(TransportError(.timedOut, "the peer has not answered a PING"))
    }
    if let timeout = limits.idleTimeout, let idleSince, now - idleSince >= timeout {
      return connection.terminate(
        .noError, .idle, TransportError(.timedOut, "no request for \(timeout.nanoseconds / 1_000_000_000) s"))
    }
    guard let interval = limits.keepaliveInterval, now - heardAt >= interval else { return }
    guard session.isServer || connection.hasStreams || limits.keepaliveWithoutStreams else { return }
    pingedAt = now
    _ = ping()
    connection.sessionHasOutput()
  }
}
