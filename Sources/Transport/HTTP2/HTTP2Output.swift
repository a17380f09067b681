// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// What a session has produced and the channel has not taken yet: frames copied together, larger parts of bodies as
/// they are.
struct HTTP2Output {
  private var frames: ByteBuffer
  private var ready: [ByteBuffer] = []
  private(set) var byteCount = 0

  init(allocator: ByteBufferAllocator) {
    frames = allocator.buffer(capacity: 0)
  }

  mutating func append(_ bytes: UnsafeRawBufferPointer) {
    byteCount += bytes.count
    frames.writeBytes(bytes)
  }

  mutating func append(_ slice: ByteBuffer) {
    byteCount += slice.readableBytes
    if slice.readableBytes <= BodyQueue.smallBytes {
      frames.writeImmutableBuffer(slice)
    } else {
      cut()
      ready.append(slice)
    }
  }

  /// Hands everything over, in order.
  mutating func drain(_ each: (ByteBuffer) -> Void) {
    cut()
    byteCount = 0
    for buffer in ready { each(buffer) }
    ready.removeAll(keepingCapacity: true)
    // Unless the channel still holds its memory, the buffer is used again.
    frames.clear()
  }

  /// What follows goes behind the bytes so far, in the same memory.
  private mutating func cut() {
    if let slice = frames.readSlice(length: frames.readableBytes), slice.readableBytes > 0 { ready.append(slice) }
  }
}
