// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// What a session has produced and the channel has not taken yet: frames copied together, larger parts of bodies as
/// they are.
struct HTTP2Output {
  private var frames = ByteBuffer()
  private var ready: [ByteBuffer] = []
  private(set) var byteCount = 0

  /// An idle connection keeps no more than this: there may be many.
  private static let keptBytesMax = 8 << 10

  mutating func append(_ bytes: UnsafeRawBufferPointer) {
    beginIfEmpty()
    byteCount += bytes.count
    frames.writeBytes(bytes)
  }

  mutating func append(_ slice: ByteBuffer) {
    beginIfEmpty()
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
    // What was handed over last is still in `frames`.
    guard byteCount > 0 else { return }
    byteCount = 0
    for buffer in ready { each(buffer) }
    ready.removeAll(keepingCapacity: true)
    if frames.readableBytes > 0 { each(frames) }
    if frames.storageCapacity > Self.keptBytesMax { frames = ByteBuffer() }
  }

  /// By now the channel has mostly written what it was given last, and the memory is used again.
  private mutating func beginIfEmpty() {
    if byteCount == 0 { frames.clear() }
  }

  private mutating func cut() {
    guard frames.readableBytes > 0 else { return }
    ready.append(frames)
    frames = ByteBuffer()
  }
}
