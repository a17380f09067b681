// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// A queue that survives the process: what it has acknowledged to a sender is delivered at least once, also when the
/// process is killed in between. Writing goes to the page cache; see `DiskQueueSettings.fsync` for more.
///
/// Requests lie in segment files, one after the other, and are read back when their turn comes. Which were delivered is
/// in memory; what survives of it is how far they were delivered without a gap (`PositionFile`), so that after a crash
/// some are sent a second time.
public final class DiskQueue: RequestQueue {
  public let wakeups: Wakeups
  public let recovery: DiskRecovery?
  private let clock: any ExporterClock
  private let state: Mutex<DiskQueueState>

  /// Opens the queue, and reads what an earlier process has left in it.
  ///
  /// - Parameter capacity: in the sizer's unit, with what is being sent; besides the bytes that the settings allow.
  /// - Throws: when the directory is used by another process, or cannot be used at all.
  public convenience init(
    _ settings: DiskQueueSettings, _ sizer: QueueSizer = .requests, capacity: Int,
    clock: any ExporterClock = SystemClock()
  ) throws(TelemetryError) {
    try self.init(settings, sizer, capacity: capacity, clock: clock, calls: DiskCalls())
  }

  init(
    _ settings: DiskQueueSettings, _ sizer: QueueSizer, capacity: Int, clock: any ExporterClock, calls: DiskCalls
  ) throws(TelemetryError) {
    self.clock = clock
    wakeups = Wakeups(clock: clock)
    var recovery = DiskRecovery()
    let space = QueueSpace(sizer, capacity: capacity)
    state = Mutex(try DiskQueueState(settings, space, now: clock.now, calls: calls, &recovery))
    self.recovery = recovery
  }

  public var counts: QueueCounts { state.withLock { $0.space.counts } }

  /// All segments together.
  public var diskBytes: Int { state.withLock { $0.diskBytes } }

  public func reserve(_ request: EncodedRequest) throws(Refusal) {
    try state.withLock { (state) throws(Refusal) in try state.reserve(request) }
  }

  public func cancel(_ request: EncodedRequest) {
    state.withLock { $0.cancel(request) }
  }

  public func commit(_ request: EncodedRequest) throws(Refusal) {
    let now = clock.now
    try state.withLock { (state) throws(Refusal) in try state.commit(request, now: now) }
    wakeups.wakeOne()
  }

  public func take(_ batch: BatchSettings?) -> Taking {
    let now = clock.now
    while true {
      switch choose(batch, now) {
      case .nothing(let answer): return answer
      case .requests(let chosen):
        // Outside the lock: this is where the disk may be waited for.
        let requests = chosen.compactMap { read($0.entry, $0.location) }
        if !requests.isEmpty { return .batch(requests) }
      }
    }
  }

  private enum Choice {
    case requests([(entry: PendingRequest, location: DiskLocation?)])
    case nothing(Taking)
  }

  private func choose(_ batch: BatchSettings?, _ now: Duration) -> Choice {
    let (choice, leftSome) = state.withLock { state -> (Choice, Bool) in
      switch state.pending.take(batch, now: now, flushes: state.space.isClosed) {
      case .wait(until: nil) where state.space.isClosed: return (.nothing(.finished), false)
      case .wait(let deadline): return (.nothing(.wait(until: deadline)), false)
      case .batch(let chosen):
        return (.requests(chosen.map { ($0, state.locate($0.id)) }), !state.pending.isEmpty)
      }
    }
    // Whoever sleeps without a deadline has not seen what is left.
    if leftSome { wakeups.wakeOne() }
    return choice
  }

  private func read(_ entry: PendingRequest, _ location: DiskLocation?) -> QueuedRequest? {
    if let request = location?.read() { return QueuedRequest(id: entry.id, request: request) }
    state.withLock { state in
      state.acknowledge(entry.id, itemCount: entry.itemCount, byteCount: entry.byteCount)
      state.space.unreadable()
    }
    return nil
  }

  public func acknowledge(_ requests: [QueuedRequest]) {
    state.withLock { state in
      for queued in requests {
        state.acknowledge(
          queued.id, itemCount: queued.request.itemCount, byteCount: queued.request.protobuf.readableBytes)
      }
    }
  }

  public func close() {
    state.withLock { $0.space.isClosed = true }
    wakeups.wakeAll()
  }

  /// The directory stays locked until the last reference to the queue goes.
  public func shutdown() -> QueueRemainder {
    close()
    return state.withLock { state in
      state.pending = PendingRequests()
      state.writePosition()
      return QueueRemainder(
        requestCount: state.space.counts.requests, itemCount: state.space.counts.items, isKept: true)
    }
  }
}
