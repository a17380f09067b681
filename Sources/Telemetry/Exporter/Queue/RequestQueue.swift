// SPDX-License-Identifier: Apache-2.0

/// Requests between the pipelines and the consumers of an exporter: the Collector's `sending_queue`.
///
/// Nothing here waits. Room that was reserved is used or given back; what was taken counts as the queue's until it is
/// acknowledged.
public protocol RequestQueue: TelemetrySink {
  /// Takes what may be sent now. Each request is taken once.
  ///
  /// - Parameter batch: how requests are joined; nil takes one.
  func take(_ batch: BatchSettings?) -> Taking

  /// The requests were delivered, or given up: they are the queue's no longer.
  func acknowledge(_ requests: [QueuedRequest])

  /// Refuses new requests from now on. Those that are there can still be taken, without waiting for full batches.
  func close()

  /// Ends the queue. Requests that were not acknowledged are kept by a queue that can, and lost otherwise.
  func shutdown() -> QueueRemainder

  var counts: QueueCounts { get }

  /// What an earlier process had left; nil for a queue that keeps nothing.
  var recovery: DiskRecovery? { get }

  /// Told when there is more to take.
  var wakeups: Wakeups { get }
}

/// A request with its place in the queue.
public struct QueuedRequest: Hashable, Sendable {
  /// Ascending in the order of arrival.
  public var id: UInt64
  public var request: EncodedRequest

  public init(id: UInt64, request: EncodedRequest) {
    self.id = id
    self.request = request
  }
}

/// The answer to "is there something to send".
public enum Taking: Sendable {
  /// Requests of one signal and tenant, in order.
  case batch([QueuedRequest])
  /// Not now; at the latest at that time of the queue's clock, when there is one.
  case wait(until: Duration?)
  /// Never again: the queue is closed and empty.
  case finished
}

/// What a queue had left when it ended.
public struct QueueRemainder: Hashable, Sendable {
  public var requestCount: Int
  public var itemCount: Int
  /// Whether it is sent after the next start.
  public var isKept: Bool
}

/// What a queue has done since it was opened, and what it has now.
public struct QueueCounts: Hashable, Sendable {
  /// In the sizer's unit, with what is reserved and what was taken.
  public var size = 0
  public var capacity = 0
  public var requests = 0
  public var items = 0
  public var accepted = 0
  /// For want of room.
  public var refusedFull = 0
  /// Larger than the whole queue.
  public var refusedTooLarge = 0
  /// After `close()`.
  public var refusedClosed = 0
  /// Writing to the disk failed.
  public var refusedStorage = 0
  /// Requests that could not be read back from the disk when their turn came.
  public var unreadable = 0

  public init() {}
}

extension RequestQueue {
  /// Waits for something to send.
  ///
  /// - Returns: nil when the queue is closed and empty, or the task is cancelled.
  public func next(_ batch: BatchSettings?) async -> [QueuedRequest]? {
    while !Task.isCancelled {
      let version = wakeups.version
      switch take(batch) {
      case .batch(let requests): return requests
      case .wait(let deadline): await wakeups.wait(after: version, until: deadline)
      case .finished: return nil
      }
    }
    return nil
  }
}
