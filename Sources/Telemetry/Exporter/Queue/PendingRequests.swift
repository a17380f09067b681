// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// What may be sent together: requests of one sender and signal.
struct BatchKey: Hashable, Sendable {
  var signal: Signal
  var tenant: String?

  /// Profiles share one table for the whole request, so that two requests make no third.
  var mayBeJoined: Bool { signal != .profiles }
}

/// A request that waits to be taken, wherever its bytes are.
struct PendingRequest: Hashable, Sendable {
  var id: UInt64
  var itemCount: Int
  var byteCount: Int
  /// When it came.
  var since: Duration
}

/// Which requests are sent next, and which of them together. Pure: time is a parameter.
struct PendingRequests {
  enum Choice: Hashable {
    case batch([PendingRequest])
    /// Nothing is due before that time; nil when nothing waits.
    case wait(until: Duration?)
  }

  /// In order of arrival, with the sum of all.
  private struct Waiting {
    var requests = CircularBuffer<PendingRequest>()
    var itemCount = 0
    var byteCount = 0

    mutating func append(_ request: PendingRequest) {
      requests.append(request)
      itemCount += request.itemCount
      byteCount += request.byteCount
    }

    mutating func removeFirst() -> PendingRequest {
      let request = requests.removeFirst()
      itemCount -= request.itemCount
      byteCount -= request.byteCount
      return request
    }

    func size(_ sizer: QueueSizer) -> Int {
      sizer == .requests ? requests.count : sizer.size(itemCount: itemCount, byteCount: byteCount)
    }
  }

  private var lists: [BatchKey: Waiting] = [:]

  var isEmpty: Bool { lists.isEmpty }

  mutating func append(_ request: PendingRequest, _ key: BatchKey) {
    lists[key, default: Waiting()].append(request)
  }

  /// Takes the batch that is due and whose first request has waited longest.
  ///
  /// - Parameter flushes: nothing waits for more to come.
  mutating func take(_ settings: BatchSettings?, now: Duration, flushes: Bool) -> Choice {
    var next: (key: BatchKey, id: UInt64)?
    var deadline: Duration?
    for (key, list) in lists {
      guard let first = list.requests.first else { continue }
      let due = flushes ? now : Self.due(list, key, settings)
      if due > now {
        deadline = min(deadline ?? due, due)
      } else if next.map({ first.id < $0.id }) ?? true {
        next = (key, first.id)
      }
    }
    guard let next else { return .wait(until: deadline) }
    return .batch(remove(next.key, settings))
  }

  /// When the list's first batch is to be sent.
  private static func due(_ list: Waiting, _ key: BatchKey, _ settings: BatchSettings?) -> Duration {
    guard let settings, key.mayBeJoined, let first = list.requests.first else { return .zero }
    if settings.isFull(list.size(settings.sizer), list.byteCount) { return .zero }
    return first.since + settings.flushTimeout
  }

  /// Takes the first request and as many more as fit.
  private mutating func remove(_ key: BatchKey, _ settings: BatchSettings?) -> [PendingRequest] {
    var batch: [PendingRequest] = []
    var list = lists.removeValue(forKey: key) ?? Waiting()
    var size = 0
    var byteCount = 0
    while let request = list.requests.first {
      size += (settings?.sizer ?? .requests).size(itemCount: request.itemCount, byteCount: request.byteCount)
      byteCount += request.byteCount
      if !batch.isEmpty {
        guard let settings, key.mayBeJoined, settings.hasRoom(size, byteCount) else { break }
      }
      batch.append(list.removeFirst())
    }
    if !list.requests.isEmpty { lists[key] = list }
    return batch
  }
}
