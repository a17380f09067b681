// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A BPF array mapped into memory: reading a counter is a load, not a system call.
///
/// The kernel writes these records at any time. A read of one field is what the kernel last stored there; two fields read
/// one after the other need not belong together.
public final class MappedArray<Element: KernelRecord>: @unchecked Sendable {
  private let base: UnsafeMutablePointer<Element>
  private let length: Int
  /// Elements in the array.
  public let count: Int

  init(_ descriptor: Descriptor, name: String, count: Int, writable: Bool) throws(DataplaneError) {
    let page = Int(getpagesize())
    self.count = count
    length = (count * MemoryLayout<Element>.stride + page - 1) / page * page
    let protection = writable ? PROT_READ | PROT_WRITE : PROT_READ
    let address = mmap(nil, length, protection, MAP_SHARED, descriptor.raw, 0)
    guard let address, address != MAP_FAILED else {
      throw DataplaneError(.map, "map \(name) into memory", errno: errno)
    }
    base = address.assumingMemoryBound(to: Element.self)
  }

  deinit {
    munmap(base, length)
  }

  /// The record at `index`, which must be below `count`.
  public subscript(index: UInt32) -> Element {
    precondition(index < count, "index \(index) is past the array's end")
    return base[Int(index)]
  }

  /// Changes single fields of a record in place, so that fields the kernel writes meanwhile are kept.
  func modify(_ index: UInt32, _ body: (UnsafeMutablePointer<Element>) -> Void) {
    precondition(index < count, "index \(index) is past the array's end")
    body(base + Int(index))
  }
}
