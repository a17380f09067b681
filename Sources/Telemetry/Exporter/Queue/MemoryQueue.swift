// SPDX-License-Identifier: Apache-2.0

import NIOCore
import Synchronization
public import Transport

/// A queue that a restart empties.
public final class MemoryQueue: RequestQueue {
  private struct State {
    var space: QueueSpace
    var pending = PendingRequests()
    /// Until they are taken.
    var requests: [UInt64: EncodedRequest] = [:]
    var nextID: UInt64 = 0
    var isOver = false
  }

  public let recovery: DiskRecovery? = nil
  public let wakeups: Wakeups
  private let clock: any ExporterClock
  private let budget: MemoryBudget?
  private let state: Mutex<State>

  /// - Parameters:
  ///   - capacity: in the sizer's unit, with what is being sent.
  ///   - budget: for the bytes of requests, with other queues; nil for no bound but the capacity.
  public init(
    _ sizer: QueueSizer = .requests, capacity: Int, budget: MemoryBudget? = nil,
    clock: any ExporterClock = SystemClock()
  ) {
    self.budget = budget
    self.clock = clock
    wakeups = Wakeups(clock: clock)
    state = Mutex(State(space: QueueSpace(sizer, capacity: capacity)))
  }

  public var counts: QueueCounts { state.withLock { $0.space.counts } }

  public func reserve(_ request: EncodedRequest) throws(Refusal) {
    try state.withLock { (state) throws(Refusal) in
      try state.space.reserve(request)
      if budget?.reserve(request.protobuf.readableBytes) == false {
        state.space.cancel(request)
        throw state.space.full("the memory for what waits to be sent is used up")
      }
    }
  }

  public func cancel(_ request: EncodedRequest) {
    state.withLock { $0.space.cancel(request) }
    budget?.release(request.protobuf.readableBytes)
  }

  public func commit(_ request: EncodedRequest) throws(Refusal) {
    let now = clock.now
    let request = request.compacted
    try state.withLock { (state) throws(Refusal) in
      // Nobody takes it any more.
      if state.isOver {
        budget?.release(request.protobuf.readableBytes)
        throw state.space.closed(request)
      }
      state.space.commit(request)
      let id = state.nextID
      state.nextID += 1
      state.requests[id] = request
      state.pending.append(
        PendingRequest(
          id: id, itemCount: request.itemCount, byteCount: request.protobuf.readableBytes, since: now),
        BatchKey(signal: request.signal, tenant: request.tenant))
    }
    wakeups.wakeOne()
  }

  public func take(_ batch: BatchSettings?) -> Taking {
    let now = clock.now
    let (taking, leftSome) = state.withLock { state -> (Taking, Bool) in
      switch state.pending.take(batch, now: now, flushes: state.space.isClosed) {
      case .wait(until: nil) where state.space.isClosed: return (.finished, false)
      case .wait(let deadline): return (.wait(until: deadline), false)
      case .batch(let chosen):
        let requests = chosen.compactMap { entry in
          state.requests.removeValue(forKey: entry.id).map { QueuedRequest(id: entry.id, request: $0) }
        }
        return (.batch(requests), !state.pending.isEmpty)
      }
    }
    // Whoever sleeps without a deadline has not seen what is left.
    if leftSome { wakeups.wakeOne() }
    return taking
  }

  public func acknowledge(_ requests: [QueuedRequest]) {
    state.withLock { state in
      for request in requests.lazy.map(\.request) {
        state.space.release(itemCount: request.itemCount, byteCount: request.protobuf.readableBytes)
        budget?.release(request.protobuf.readableBytes)
      }
    }
  }

  public func close() {
    state.withLock { $0.space.isClosed = true }
    wakeups.wakeAll()
  }

  public func shutdown() -> QueueRemainder {
    close()
    return state.withLock { state in
      state.isOver = true
      state.pending = PendingRequests()
      for request in state.requests.values { budget?.release(request.protobuf.readableBytes) }
      state.requests = [:]
      return QueueRemainder(
        requestCount: state.space.counts.requests, itemCount: state.space.counts.items, isKept: false)
    }
  }
}

extension EncodedRequest {
  /// The same in a buffer of its own, when it is a small part of a larger one: of what was read from a socket at once,
  /// all of which would stay in memory as long as it waits.
  fileprivate var compacted: EncodedRequest {
    guard protobuf.storageCapacity > 2 * protobuf.readableBytes else { return self }
    var copy = self
    copy.protobuf = ByteBuffer()
    copy.protobuf.writeImmutableBuffer(protobuf)
    return copy
  }
}
