// SPDX-License-Identifier: Apache-2.0

/// Something that is due at a time: what it is about is its owner's.
struct Message {
  var time: UInt64
  var subject: UInt32
  var detail: UInt32
}

/// Messages in the order of their times, first come first of those with the same.
///
/// Most delays are constant: then each message is later than all before, and a ring does. What comes out of order goes to
/// a heap. Its owner releases it.
struct MessageQueue {
  private var ring: UnsafeMutablePointer<Message>
  private var mask: Int
  private var head = 0
  private var tail = 0
  private var lastTime: UInt64 = 0

  private struct Placed {
    var message: Message
    var number: UInt64
  }
  private var heap: [Placed] = []
  private var number: UInt64 = 0

  init() {
    mask = 63
    ring = .allocate(capacity: mask + 1)
  }

  mutating func release() { ring.deallocate() }

  @inline(__always)
  var isEmpty: Bool { head == tail && heap.isEmpty }

  /// The earliest time; `UInt64.max` when there is no message.
  @inline(__always)
  var nextTime: UInt64 {
    let first = head == tail ? .max : ring[head & mask].time
    return heap.isEmpty ? first : min(first, heap[0].message.time)
  }

  /// The earliest message. There must be one.
  @inline(__always)
  var first: Message {
    !heap.isEmpty && (head == tail || heap[0].message.time < ring[head & mask].time)
      ? heap[0].message : ring[head & mask]
  }

  @inline(__always)
  mutating func push(_ message: Message) {
    if head == tail || message.time >= lastTime {
      if tail - head > mask { grow() }
      ring[tail & mask] = message
      tail += 1
      lastTime = message.time
    } else {
      pushOutOfOrder(message)
    }
  }

  /// The earliest message. There must be one.
  @inline(__always)
  mutating func pop() -> Message {
    if !heap.isEmpty, head == tail || heap[0].message.time < ring[head & mask].time { return popOutOfOrder() }
    let message = ring[head & mask]
    head += 1
    return message
  }

  private mutating func grow() {
    let capacity = (mask + 1) * 2
    let larger = UnsafeMutablePointer<Message>.allocate(capacity: capacity)
    for i in head..<tail { larger[i & (capacity - 1)] = ring[i & mask] }
    ring.deallocate()
    ring = larger
    mask = capacity - 1
  }

  private mutating func pushOutOfOrder(_ message: Message) {
    number += 1
    heap.append(Placed(message: message, number: number))
    var place = heap.count - 1
    heap.withUnsafeMutableBufferPointer { heap in
      while place > 0, case let parent = (place - 1) / 2, Self.isBefore(heap[place], heap[parent]) {
        heap.swapAt(place, parent)
        place = parent
      }
    }
  }

  private mutating func popOutOfOrder() -> Message {
    heap.swapAt(0, heap.count - 1)
    let placed = heap.removeLast()
    heap.withUnsafeMutableBufferPointer { heap in
      var place = 0
      while case let left = 2 * place + 1, left < heap.count {
        let right = left + 1
        let best = right < heap.count && Self.isBefore(heap[right], heap[left]) ? right : left
        if !Self.isBefore(heap[best], heap[place]) { break }
        heap.swapAt(place, best)
        place = best
      }
    }
    return placed.message
  }

  @inline(__always)
  private static func isBefore(_ left: Placed, _ right: Placed) -> Bool {
    left.message.time != right.message.time ? left.message.time < right.message.time : left.number < right.number
  }
}
