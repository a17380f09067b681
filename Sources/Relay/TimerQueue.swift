// SPDX-License-Identifier: Apache-2.0

internal import Glibc

extension EventLoop {
  /// A call to come. It comes whether or not somebody keeps this object.
  public final class Timer {
    fileprivate var body: (() -> Void)?
    /// Nanoseconds; nil when the timer fires once.
    fileprivate let interval: UInt64?

    init(interval: UInt64?, _ body: @escaping () -> Void) {
      self.interval = interval
      self.body = body
    }

    /// Prevents all further calls, and lets go of what the body captures.
    public func cancel() {
      body = nil
    }
  }
}

/// Timers in the order of their times: a binary heap. Cancelled ones stay until their time has come, or there are as many
/// of them as of others: most limits of time are never reached.
struct TimerQueue {
  private struct Entry {
    /// CLOCK_MONOTONIC, nanoseconds.
    let time: UInt64
    let timer: EventLoop.Timer
  }

  private var heap: [Entry] = []
  /// Entries at which the cancelled ones are looked for.
  private var entriesMax = TimerQueue.entriesMin

  private static let entriesMin = 1024

  /// With the cancelled ones that are still here.
  var count: Int { heap.count }

  mutating func insert(_ timer: EventLoop.Timer, at time: UInt64) {
    if heap.count >= entriesMax { purge() }
    heap.append(Entry(time: time, timer: timer))
    var child = heap.count - 1
    while child > 0 {
      let parent = (child - 1) / 2
      guard heap[child].time < heap[parent].time else { return }
      heap.swapAt(child, parent)
      child = parent
    }
  }

  /// Leaves the cancelled ones out. Not again before the others have doubled, so that it costs each insertion little.
  private mutating func purge() {
    // Sorted, they are a heap as well.
    heap = heap.filter { $0.timer.body != nil }.sorted { $0.time < $1.time }
    entriesMax = max(TimerQueue.entriesMin, 2 * heap.count)
  }

  /// How long epoll may wait, rounded up so that it does not wake too early to find nothing due; -1 without timers.
  func timeoutMilliseconds(at now: UInt64) -> Int32 {
    guard let first = heap.first else { return -1 }
    return first.time <= now ? 0 : Int32(clamping: (first.time - now + 999_999) / 1_000_000)
  }

  /// Calls what is due at `now`. A timer that is inserted meanwhile waits for the next turn.
  mutating func takeDue(at now: UInt64) -> [EventLoop.Timer] {
    var due: [EventLoop.Timer] = []
    while let first = heap.first, first.time <= now {
      removeFirst()
      if first.timer.body != nil { due.append(first.timer) }
    }
    for timer in due {
      if let interval = timer.interval { insert(timer, at: now + interval) }
    }
    return due
  }

  private mutating func removeFirst() {
    let last = heap.removeLast()
    guard !heap.isEmpty else { return }
    heap[0] = last
    var parent = 0
    while true {
      var least = parent
      for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count && heap[child].time < heap[least].time {
        least = child
      }
      if least == parent { return }
      heap.swapAt(least, parent)
      parent = least
    }
  }
}

extension EventLoop.Timer {
  /// Calls the body; a timer that fires once lets go of it.
  func fire() {
    let called = body
    if interval == nil { body = nil }
    called?()
  }
}

/// CLOCK_MONOTONIC, which the kernel's programs use as well.
enum Clock {
  /// Nanoseconds.
  static func now() -> UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }
}

extension Duration {
  /// Rounded down; 0 when negative.
  var inNanoseconds: UInt64 {
    let (seconds, attoseconds) = components
    return seconds < 0 || attoseconds < 0 ? 0 : UInt64(seconds) * 1_000_000_000 + UInt64(attoseconds / 1_000_000_000)
  }
}
