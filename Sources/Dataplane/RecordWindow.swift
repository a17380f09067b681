// SPDX-License-Identifier: Apache-2.0

import Foundation

extension ArrayMap {
  /// Changes single fields of a record in place, so that fields the kernel writes meanwhile are kept: an update by system
  /// call would replace the whole record. Maps the one page that holds it for as long as `body` runs.
  ///
  /// The map must be mmapable, and its records must divide a page.
  func modify(_ index: UInt32, _ body: (UnsafeMutablePointer<Value>) -> Void) throws(DataplaneError) {
    let page = Int(getpagesize())
    precondition(page % MemoryLayout<Value>.stride == 0, "records of map \(name) do not divide a page")
    let offset = Int(index) * MemoryLayout<Value>.stride
    let window = mmap(nil, page, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor.raw, offset / page * page)
    guard let window, window != MAP_FAILED else {
      throw DataplaneError(.map, "map element \(index) of map \(name) into memory", errno: errno)
    }
    defer { munmap(window, page) }
    body((window + offset % page).assumingMemoryBound(to: Value.self))
  }
}
