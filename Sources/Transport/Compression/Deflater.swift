// SPDX-License-Identifier: Apache-2.0

internal import CZlib
internal import NIOCore

/// Writes gzip files; zlib's memory, some 260 KiB, is kept from one to the next. Not for use by two threads at once.
final class Deflater {
  // zlib's state points back at it, so it must not move.
  private let stream: UnsafeMutablePointer<z_stream>

  init(level: Int32) throws(CompressionError) {
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    let memoryLevel: Int32 = 8
    let result = deflateInit2_(
      stream, level, Z_DEFLATED, MAX_WBITS + Zlib.gzipOnly, memoryLevel, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
      Int32(MemoryLayout<z_stream>.size))
    guard result == Z_OK else { throw .outOfMemory }
  }

  deinit {
    deflateEnd(stream)
    stream.deinitialize(count: 1)
    stream.deallocate()
  }

  /// One member with all of `input`, appended to `output`.
  func deflate(_ input: ByteBuffer, into output: inout ByteBuffer) throws(CompressionError) {
    deflateReset(stream)
    var input = input
    var result = Z_OK
    output.reserveCapacity(minimumWritableBytes: Int(deflateBound(stream, uLong(input.readableBytes))))
    repeat {
      // Room for all of it there is already, unless zlib's bound was wrong.
      output.writeWithUnsafeMutableBytes(minimumWritableBytes: 64) { room in
        let room = UnsafeMutableRawBufferPointer(rebasing: room.prefix(Zlib.bytesPerCallMax))
        return input.readWithUnsafeReadableBytes { bytes in
          let available = min(bytes.count, Zlib.bytesPerCallMax)
          // zlib only reads from it, but does not say so in its types.
          stream.pointee.next_in = UnsafeMutablePointer(mutating: bytes.bindMemory(to: Bytef.self).baseAddress)
          stream.pointee.avail_in = uInt(available)
          stream.pointee.next_out = room.bindMemory(to: Bytef.self).baseAddress
          stream.pointee.avail_out = uInt(room.count)
          result = CZlib.deflate(stream, available == bytes.count ? Z_FINISH : Z_NO_FLUSH)
          return (available - Int(stream.pointee.avail_in), room.count - Int(stream.pointee.avail_out))
        }
      }
    } while result == Z_OK
    guard result == Z_STREAM_END else { throw .outOfMemory }
  }
}
