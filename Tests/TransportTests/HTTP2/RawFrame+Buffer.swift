// SPDX-License-Identifier: Apache-2.0

import NIOCore
import Testbed

extension RawFrame {
  func write(to buffer: inout ByteBuffer) { buffer.writeBytes(bytes) }

  /// Nil when the buffer holds no whole frame.
  static func read(from buffer: inout ByteBuffer) -> RawFrame? {
    guard let head = buffer.getBytes(at: buffer.readerIndex, length: 9) else { return nil }
    let length = Int(head[0]) << 16 | Int(head[1]) << 8 | Int(head[2])
    guard buffer.readableBytes >= 9 + length, buffer.readBytes(length: 9) != nil else { return nil }
    let stream = UInt32(head[5]) << 24 | UInt32(head[6]) << 16 | UInt32(head[7]) << 8 | UInt32(head[8])
    return RawFrame(type: head[3], flags: head[4], stream: stream, buffer.readBytes(length: length) ?? [])
  }
}
