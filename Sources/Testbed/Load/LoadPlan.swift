// SPDX-License-Identifier: Apache-2.0

/// A bounded load: it ends by count or by time, whichever comes first.
public struct LoadPlan: Sendable {
  public enum Mode: Sendable {
    case connectionPerRequest
    case keepAlive
  }

  public var target: TCPAddress
  public var mode: Mode
  /// Clients at work at the same time, each with a thread and a connection of its own.
  public var concurrency: Int
  /// Bound on all clients together. Every result is kept, so this bounds the memory too.
  public var requestsMax: Int
  public var durationMax: Duration
  /// All clients together; nil: as fast as they can.
  public var requestsPerSecond: Double?
  /// Of each connect, send and receive.
  public var timeout: Duration
  /// Rest of a client after a failure, so that a refused target is not hammered.
  public var pauseAfterFailure: Duration

  public init(
    target: TCPAddress, mode: Mode = .keepAlive, concurrency: Int = 1, requestsMax: Int, durationMax: Duration,
    requestsPerSecond: Double? = nil, timeout: Duration = .seconds(2), pauseAfterFailure: Duration = .milliseconds(1)
  ) {
    self.target = target
    self.mode = mode
    self.concurrency = concurrency
    self.requestsMax = requestsMax
    self.durationMax = durationMax
    self.requestsPerSecond = requestsPerSecond
    self.timeout = timeout
    self.pauseAfterFailure = pauseAfterFailure
  }
}
