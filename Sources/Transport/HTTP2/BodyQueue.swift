// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// What waits to be sent of one body. Empty queues, most of them, own no memory.
struct BodyQueue {
  private var buffers: [ByteBuffer] = []
  private var head = 0
  private(set) var byteCount = 0

  /// Up to this many bytes are cheaper to copy than to keep apart.
  static let smallBytes = 2048

  mutating func append(_ buffer: ByteBuffer) {
    guard buffer.readableBytes > 0 else { return }
    byteCount += buffer.readableBytes
    if buffer.readableBytes <= Self.smallBytes, let last = buffers.indices.last, last >= head,
      buffers[last].readableBytes <= Self.smallBytes
    {
      buffers[last].writeImmutableBuffer(buffer)
    } else {
      buffers.append(buffer)
    }
  }

  /// Takes `count` bytes from the front, in as many slices as they are stored in.
  mutating func take(_ count: Int, _ each: (ByteBuffer) -> Void) {
    var left = min(count, byteCount)
    byteCount -= left
    while left > 0 {
      if let slice = buffers[head].readSlice(length: min(left, buffers[head].readableBytes)) {
        left -= slice.readableBytes
        each(slice)
      }
      if buffers[head].readableBytes == 0 { dropFirst() }
    }
  }

  mutating func removeAll() {
    self = Self()
  }

  private mutating func dropFirst() {
    buffers[head] = ByteBuffer()
    head += 1
    if head == buffers.count {
      buffers.removeAll(keepingCapacity: buffers.count <= 4)
      head = 0
    } else if head >= 64, head * 2 >= buffers.count {
      buffers.removeFirst(head)
      head = 0
    }
  }
}
