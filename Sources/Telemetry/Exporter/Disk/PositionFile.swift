// SPDX-License-Identifier: Apache-2.0

import Glibc
import NIOCore

/// How far a queue on disk was acknowledged without a gap: a hint. Without it everything that is there is sent again.
///
/// Two slots are written in turn, so that one that was torn leaves the other. Each has a magic number, a CRC-32 of what
/// follows it, and the first sequence number that is not acknowledged; in little-endian order.
struct PositionFile {
  private static let magic: UInt32 = 0x3150_5753
  private static let slotBytes = 16
  /// Sectors apart.
  private static let slotDistance = 4_096

  private let file: OpenFile
  private var slot = 0
  /// The last position that was written or read.
  private(set) var position: UInt64 = 0

  init(in directory: String) throws(SystemError) {
    file = try OpenFile("\(directory)/position", O_RDWR | O_CREAT)
    for slot in 0..<2 {
      guard let found = Self.decode(file.read(at: slot * Self.slotDistance, byteCount: Self.slotBytes)),
        found >= position
      else { continue }
      position = found
      self.slot = 1 - slot
    }
  }

  /// Into the page cache. That it fails is no error: what is sent twice is not lost.
  mutating func write(_ position: UInt64) {
    let bytes = Self.encode(position)
    _ = bytes.withUnsafeBytes { pwrite(file.descriptor, $0.baseAddress, $0.count, off_t(slot * Self.slotDistance)) }
    slot = 1 - slot
    self.position = position
  }

  private static func encode(_ position: UInt64) -> [UInt8] {
    var body = ByteBuffer()
    body.writeInteger(position, endianness: .little)
    var checksum = Checksum()
    body.withUnsafeReadableBytes { checksum.add($0) }
    var slot = ByteBuffer()
    slot.writeMultipleIntegers(magic, checksum.value, position, endianness: .little)
    return Array(slot.readableBytesView)
  }

  private static func decode(_ bytes: [UInt8]) -> UInt64? {
    var buffer = ByteBuffer(bytes: bytes)
    _ = buffer.readInteger(as: UInt64.self)
    guard let position: UInt64 = buffer.readInteger(endianness: .little), encode(position) == bytes else { return nil }
    return position
  }
}
