// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// What has happened to a server's connections. Read from any thread; counters only grow.
public final class ServerStatistics: Sendable {
  /// Why a connection was refused or ended before its time, or a request was answered without its handler.
  public enum Reason: String, CaseIterable, Sendable {
    /// `connectionsMax` were open: closed at once.
    case connectionLimit
    /// The TLS handshake failed.
    case tlsFailed
    /// Neither HTTP/2's preface nor a request in time.
    case detectionTimeout
    /// A request line longer than allowed: 414.
    case requestLineTooLong
    /// A head larger than allowed: 431.
    case headTooLarge
    /// Not HTTP, or ambiguous: 400 or 505.
    case malformedRequest
    /// A method, coding or expectation that is not implemented: 501 or 417.
    case unsupportedRequest
    /// A head that did not come in time: 408.
    case headTimeout
    /// A body that came too slowly: 408.
    case bodyTimeout
    /// No further request in time.
    case idleTimeout
    /// A client that takes no response.
    case sendTimeout
    /// A request was answered before it was complete, and the rest was too long to read.
    case bodyNotDrained
    /// More requests at once than may wait.
    case pipelineTooLong
    /// A response whose body did not have the length that its head said.
    case responseLengthWrong
    /// The client has closed the connection in mid-exchange.
    case clientClosed
    /// An exchange had not ended when the time to drain was over.
    case drainTimeout
    /// New certificates could not be read; the old ones stay.
    case reloadFailed
  }

  /// Of all HTTP/2 connections of the server.
  public let http2 = HTTP2Statistics()

  private let accepted = Atomic(0)
  private let closed = Atomic(0)
  private let requests = Atomic(0)
  private let reasons = Mutex<[Reason: Int]>([:])

  package init() {}

  /// Connections accepted, those that were refused included.
  public var connectionsAccepted: Int { accepted.load(ordering: .relaxed) }
  public var connectionsOpen: Int { accepted.load(ordering: .relaxed) - closed.load(ordering: .relaxed) }
  /// Requests of HTTP/1.1 handed to the handler.
  public var http1Requests: Int { requests.load(ordering: .relaxed) }
  public func count(_ reason: Reason) -> Int { reasons.withLock { $0[reason] ?? 0 } }

  /// Those that are not zero.
  public var counts: [Reason: Int] { reasons.withLock { $0 } }

  func add(_ reason: Reason) { reasons.withLock { $0[reason, default: 0] += 1 } }

  func requestBegan() { requests.add(1, ordering: .relaxed) }

  func connectionClosed() { closed.add(1, ordering: .relaxed) }

  /// Counts a connection, and answers whether it is one too many; `connectionClosed` follows either way.
  func connectionAccepted(openMax: Int) -> Bool {
    let open = accepted.add(1, ordering: .relaxed).newValue - closed.load(ordering: .relaxed)
    if open > openMax { add(.connectionLimit) }
    return open <= openMax
  }
}
