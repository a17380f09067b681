// SPDX-License-Identifier: Apache-2.0

/// How much of a queue is taken up, and how often it was too small.
struct QueueSpace {
  let sizer: QueueSizer
  private(set) var counts = QueueCounts()
  var isClosed = false

  /// How long senders are asked to wait when there is no room.
  static let retryAfter = Duration.seconds(1)

  init(_ sizer: QueueSizer, capacity: Int) {
    self.sizer = sizer
    counts.capacity = capacity
  }

  mutating func reserve(_ request: EncodedRequest) throws(Refusal) {
    if isClosed { throw refuseClosed() }
    let size = sizer.size(of: request)
    if size > counts.capacity {
      counts.refusedTooLarge += 1
      throw Refusal(
        .tooLarge, "\(size) \(sizer.rawValue); the exporter's queue holds at most \(counts.capacity)")
    }
    if size > counts.capacity - counts.size { throw full("the exporter's queue is full") }
    counts.size += size
  }

  /// Counts a refusal.
  mutating func full(_ reason: String) -> Refusal {
    counts.refusedFull += 1
    return Refusal(.overloaded(retryAfter: Self.retryAfter), reason)
  }

  /// Room was kept for the request, and then the queue ended.
  mutating func closed(_ request: EncodedRequest) -> Refusal {
    cancel(request)
    return refuseClosed()
  }

  private mutating func refuseClosed() -> Refusal {
    counts.refusedClosed += 1
    return Refusal(.unavailable, "the exporter is shutting down")
  }

  mutating func cancel(_ request: EncodedRequest) {
    counts.size -= sizer.size(of: request)
  }

  mutating func commit(_ request: EncodedRequest) {
    counts.accepted += 1
    counts.requests += 1
    counts.items += request.itemCount
  }

  /// What was reserved could not be stored.
  mutating func storageFailed(_ request: EncodedRequest) {
    cancel(request)
    counts.refusedStorage += 1
  }

  /// Found on the disk; it takes its place even where the queue was made smaller.
  mutating func recover(_ request: PendingRequest) {
    counts.size += sizer.size(itemCount: request.itemCount, byteCount: request.byteCount)
    counts.requests += 1
    counts.items += request.itemCount
  }

  mutating func release(itemCount: Int, byteCount: Int) {
    counts.size -= sizer.size(itemCount: itemCount, byteCount: byteCount)
    counts.requests -= 1
    counts.items -= itemCount
  }

  mutating func unreadable() { counts.unreadable += 1 }
}
