// SPDX-License-Identifier: Apache-2.0

/// Bytes that wait, first in first out. An empty one owns no memory, so that an idle connection costs none.
struct ByteQueue {
  private var storage: [UInt8] = []
  /// Bytes at the front of `storage` that are gone.
  private var start = 0

  var count: Int { storage.count - start }
  var isEmpty: Bool { storage.isEmpty }

  mutating func append(_ bytes: UnsafeRawBufferPointer) {
    if bytes.isEmpty { return }
    if start > storage.count / 2 {
      storage.removeFirst(start)
      start = 0
    }
    storage.append(contentsOf: bytes)
  }

  /// Takes `size` bytes, at most `count`, off the front.
  mutating func removeFirst(_ size: Int) {
    start += size
    if start >= storage.count { removeAll() }
  }

  mutating func removeAll() {
    storage = []
    start = 0
  }

  /// Calls the body with the bytes; they are valid during the call.
  func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    storage.withUnsafeBytes { body(UnsafeRawBufferPointer(rebasing: $0[start...])) }
  }
}

extension UnsafeRawBufferPointer {
  /// The bytes of a range, counted from its own start.
  func part(_ range: Range<Int>) -> UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: self[range]) }

  func from(_ offset: Int) -> UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: self[offset...]) }

  /// For the core's functions.
  var octets: UnsafePointer<UInt8>? { baseAddress?.assumingMemoryBound(to: UInt8.self) }
}
