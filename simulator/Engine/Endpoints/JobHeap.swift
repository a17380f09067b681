// SPDX-License-Identifier: Apache-2.0

/// Jobs in service by when they end: a binary heap. Its owner releases it.
struct JobHeap {
  struct Entry {
    var finish: Double
    var job: Int32
  }

  private var entries: UnsafeMutablePointer<Entry>
  private var capacity = 8
  private(set) var count = 0

  init() { entries = .allocate(capacity: capacity) }

  mutating func release() { entries.deallocate() }

  @inline(__always)
  var first: Entry? { count > 0 ? entries[0] : nil }

  /// In no meaningful order, but always the same.
  var all: [Int32] { (0..<count).map { entries[$0].job } }

  func contains(_ job: Int32) -> Bool { (0..<count).contains { entries[$0].job == job } }

  mutating func removeAll() { count = 0 }

  @inline(__always)
  mutating func insert(_ entry: Entry) {
    if count == capacity { grow() }
    var place = count
    count += 1
    while place > 0, case let parent = (place - 1) >> 1, Self.isBefore(entry, entries[parent]) {
      entries[place] = entries[parent]
      place = parent
    }
    entries[place] = entry
  }

  @inline(__always)
  mutating func removeFirst() {
    count -= 1
    let last = entries[count]
    var place = 0
    while case let left = 2 * place + 1, left < count {
      let right = left + 1
      let best = right < count && Self.isBefore(entries[right], entries[left]) ? right : left
      if !Self.isBefore(entries[best], last) { break }
      entries[place] = entries[best]
      place = best
    }
    entries[place] = last
  }

  @inline(__always)
  private static func isBefore(_ left: Entry, _ right: Entry) -> Bool {
    left.finish != right.finish ? left.finish < right.finish : left.job < right.job
  }

  private mutating func grow() {
    let larger = UnsafeMutablePointer<Entry>.allocate(capacity: capacity * 2)
    larger.update(from: entries, count: count)
    entries.deallocate()
    entries = larger
    capacity *= 2
  }
}
