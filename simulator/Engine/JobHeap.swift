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

/// Jobs that wait, first come first served. Its owner releases it.
struct JobRing {
  private var entries: UnsafeMutablePointer<Int32>
  private var mask = 7
  private var head = 0
  private var tail = 0

  init() { entries = .allocate(capacity: mask + 1) }

  mutating func release() { entries.deallocate() }

  var count: Int { tail - head }
  var all: [Int32] { (head..<tail).map { entries[$0 & mask] } }

  mutating func removeAll() { head = tail }

  @inline(__always)
  mutating func append(_ job: Int32) {
    if tail - head > mask { grow() }
    entries[tail & mask] = job
    tail += 1
  }

  @inline(__always)
  mutating func popFirst() -> Int32? {
    if head == tail { return nil }
    head += 1
    return entries[(head - 1) & mask]
  }

  private mutating func grow() {
    let capacity = (mask + 1) * 2
    let larger = UnsafeMutablePointer<Int32>.allocate(capacity: capacity)
    for i in head..<tail { larger[i & (capacity - 1)] = entries[i & mask] }
    entries.deallocate()
    entries = larger
    mask = capacity - 1
  }
}
