// SPDX-License-Identifier: Apache-2.0

internal import SwerveABI
internal import SwerveCore

/// Ends exchanges that the kernel carries and that take longer than their service's policy lets them.
///
/// The kernel says nothing about them to the relay, which looks at the slots instead: not before the oldest request could
/// be overdue, so that a look is as rare as the time is long, and never without a policy that limits it.
final class Overdue {
  private unowned let relay: Relay
  private var timer: EventLoop.Timer?
  /// CLOCK_MONOTONIC of the next look.
  private var next = UInt64.max
  private var publicationSeen: UInt64 = 0

  /// Looks are not closer together than this.
  private static let interval: UInt64 = 2_000_000

  init(relay: Relay) {
    self.relay = relay
  }

  /// Of an attempt, and of a request as a whole; in nanoseconds.
  private func limits(of service: UInt32) -> (attempt: UInt64, whole: UInt64)? {
    let policy = relay.selection.policy(of: service)
    let whole = (policy?.timeout ?? relay.options.requestTimeout)?.inNanoseconds
    let attempt = policy?.perTryTimeout?.inNanoseconds
    guard whole != nil || attempt != nil else { return nil }
    return (min(attempt ?? .max, whole ?? .max), whole ?? .max)
  }

  /// The kernel may carry requests of this service from now on.
  func expect(_ service: UInt32) {
    if let limits = limits(of: service) { schedule(no: Clock.now() + limits.attempt) }
  }

  /// Notices policies that are new.
  func upkeep() {
    relay.selection.refresh()
    guard relay.selection.publications != publicationSeen else { return }
    publicationSeen = relay.selection.publications
    look()
  }

  private func schedule(no later: UInt64) {
    guard later < next else { return }
    let now = Clock.now()
    next = max(later, now + Overdue.interval)
    timer?.cancel()
    timer = relay.loop.schedule(after: .nanoseconds(Int64(clamping: next - now))) { [weak self] in self?.look() }
  }

  private func look() {
    next = .max
    let now = Clock.now()
    var earliest = UInt64.max
    for pool in relay.pools.all where !pool.isPrivate {
      guard let limits = limits(of: pool.service) else { continue }
      // A request that begins now.
      earliest = min(earliest, now + limits.attempt)
      for connection in pool.leasedByKernel {
        guard let started = connection.kernelStartedNanoseconds else { continue }
        if now < started + limits.attempt {
          earliest = min(earliest, started + limits.attempt)
        } else {
          pool.timeOut(connection, isFinal: limits.whole != .max && now >= started + limits.whole)
        }
      }
    }
    if earliest != .max { schedule(no: earliest) }
  }
}

extension Pool {
  /// Connections with an exchange that the kernel has begun.
  var leasedByKernel: [PoolConnection] {
    let live = swerve_native_load64(&warm.pointee.live)
    var leased = live & ~swerve_native_load64(&warm.pointee.free) & ~owned
    var found: [PoolConnection] = []
    while leased != 0 {
      if let connection = connections[leased.trailingZeroBitCount] { found.append(connection) }
      leased &= leased - 1
    }
    return found
  }

  /// - Parameter isFinal: there is no time for another attempt.
  func timeOut(_ connection: PoolConnection, isFinal: Bool) {
    switch connection.state {
    case .pooled: lost(connection, .requestTimeout, as: isFinal ? nil : .timedOut)
    case .carrying(let carrier): (carrier as? SteeredExchange)?.timeOut()
    case .connecting, .held: break
    }
  }
}

extension PoolConnection {
  /// CLOCK_MONOTONIC of the request under way; nil when there is none. The kernel writes the stage last.
  var kernelStartedNanoseconds: UInt64? {
    switch swerve_stage(swerve_native_load32(&slot.pointee.stage)) {
    case SWERVE_STAGE_HEAD, SWERVE_STAGE_BODY, SWERVE_STAGE_RELAY: slot.pointee.started_ns
    default: nil
    }
  }
}
