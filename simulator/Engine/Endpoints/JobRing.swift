// SPDX-License-Identifier: Apache-2.0

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
