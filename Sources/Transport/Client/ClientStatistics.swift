// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// What a client's connections and requests do. Read from any thread.
public final class ClientStatistics: Sendable {
  /// Of all HTTP/2 connections of the client.
  public let http2 = HTTP2Statistics()

  private let opened = Atomic(0)
  private let closed = Atomic(0)
  private let failed = Atomic(0)
  private let began = Atomic(0)
  private let ended = Atomic(0)
  private let waits = Atomic(0)
  private let refused = Atomic(0)

  init() {}

  public var connectionsOpened: Int { opened.load(ordering: .relaxed) }
  public var connectionsOpen: Int { connectionsOpened - closed.load(ordering: .relaxed) }
  /// Attempts, one address each, that made no connection.
  public var connectionsFailed: Int { failed.load(ordering: .relaxed) }
  /// Requests that have begun over a connection.
  public var exchangesBegun: Int { began.load(ordering: .relaxed) }
  public var exchangesOpen: Int { exchangesBegun - ended.load(ordering: .relaxed) }
  /// Requests that wait for a connection now.
  public var requestsWaiting: Int { waits.load(ordering: .relaxed) }
  /// Requests that failed because too many were waiting.
  public var requestsRefused: Int { refused.load(ordering: .relaxed) }

  func connectionOpened() { opened.add(1, ordering: .relaxed) }
  func connectionClosed() { closed.add(1, ordering: .relaxed) }
  func connectionFailed() { failed.add(1, ordering: .relaxed) }
  func exchangeBegan() { began.add(1, ordering: .relaxed) }
  func exchangeEnded() { ended.add(1, ordering: .relaxed) }
  func waiting(_ count: Int) { waits.store(count, ordering: .relaxed) }
  func requestRefused() { refused.add(1, ordering: .relaxed) }
}
