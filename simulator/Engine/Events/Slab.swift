// SPDX-License-Identifier: Apache-2.0

/// Records that come and go, by index. The place of one that has gone is taken again, latest first.
final class Slab<Element> {
  private(set) var elements: UnsafeMutablePointer<Element>
  private var capacity: Int
  /// Places ever used.
  private var used = 0
  private var free: [Int32] = []
  private let blank: Element
  /// Records there are.
  private(set) var count = 0

  init(blank: Element) {
    self.blank = blank
    capacity = 256
    elements = .allocate(capacity: capacity)
  }

  deinit { elements.deallocate() }

  @inline(__always)
  subscript(_ index: Int32) -> Element {
    _read { yield elements[Int(index)] }
    _modify { yield &elements[Int(index)] }
  }

  /// Takes a place; what it held last is still there, or the blank if nothing did.
  @inline(__always)
  func take() -> Int32 {
    count += 1
    if let index = free.popLast() { return index }
    if used == capacity { grow() }
    (elements + used).initialize(to: blank)
    used += 1
    return Int32(truncatingIfNeeded: used - 1)
  }

  @inline(__always)
  func give(_ index: Int32) {
    count -= 1
    free.append(index)
  }

  private func grow() {
    let larger = UnsafeMutablePointer<Element>.allocate(capacity: capacity * 2)
    larger.moveInitialize(from: elements, count: used)
    elements.deallocate()
    elements = larger
    capacity *= 2
  }
}
