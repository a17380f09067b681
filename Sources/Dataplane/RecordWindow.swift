// SPDX-License-Identifier: Apache-2.0

import Foundation

extension ArrayMap {
  /// Changes single fields of a record in place, so that fields the kernel writes meanwhile are kept: an update by system
  /// call would replace the whole record. Maps the pages that hold it for as long as `body` runs. The map must be mmapable.
  func modify(_ index: UInt32, _ body: (UnsafeMutablePointer<Value>) -> Void) throws(DataplaneError) {
    let page = Int(getpagesize())
    let offset = Int(index) * MemoryLayout<Value>.stride
    let size = (offset % page + MemoryLayout<Value>.stride + page - 1) / page * page
    let window = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor.raw, offset / page * page)
    guard let window, window != MAP_FAILED else {
      throw DataplaneError(.map, "map element \(index) of map \(name) into memory", errno: errno)
    }
    defer { munmap(window, size) }
    body((window + offset % page).assumingMemoryBound(to: Value.self))
  }
}
