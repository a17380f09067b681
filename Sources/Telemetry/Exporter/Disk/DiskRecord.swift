// SPDX-License-Identifier: Apache-2.0

import CZlib
import NIOCore

/// What stands before a request on the disk, in little-endian order; tenant and protobuf follow it.
///
/// | offset | bytes | |
/// |---|---|---|
/// | 0 | 4 | "SWQ1" |
/// | 4 | 4 | CRC-32 (zlib) of everything behind it |
/// | 8 | 8 | sequence number |
/// | 16 | 4 | bytes of protobuf |
/// | 20 | 4 | items |
/// | 24 | 4 | bytes of the tenant's name |
/// | 28 | 1 | signal |
/// | 29 | 1 | 1 when there is a tenant |
/// | 30 | 2 | zero |
struct DiskRecordHeader: Hashable {
  static let byteCount = 32
  private static let magic: UInt32 = 0x3151_5753

  var checksum: UInt32 = 0
  var sequence: UInt64
  var payloadBytes: Int
  var itemCount: Int
  var tenantBytes: Int
  var signal: Signal
  var hasTenant: Bool

  var recordBytes: Int { Self.byteCount + tenantBytes + payloadBytes }

  /// - Throws: `.tooLarge` for what the fields cannot say.
  init(_ request: EncodedRequest, sequence: UInt64) throws(Refusal) {
    self.sequence = sequence
    payloadBytes = request.protobuf.readableBytes
    itemCount = request.itemCount
    tenantBytes = request.tenant?.utf8.count ?? 0
    signal = request.signal
    hasTenant = request.tenant != nil
    guard recordBytes <= Int(Int32.max), UInt32(exactly: itemCount) != nil else {
      throw Refusal(.tooLarge, "the request is too large for the queue on disk")
    }
  }

  /// Nil when these bytes are no header.
  init?(_ bytes: [UInt8]) {
    var buffer = ByteBuffer(bytes: bytes)
    guard let magic: UInt32 = buffer.readInteger(endianness: .little), magic == Self.magic,
      let checksum: UInt32 = buffer.readInteger(endianness: .little),
      let sequence: UInt64 = buffer.readInteger(endianness: .little),
      let payloadBytes: UInt32 = buffer.readInteger(endianness: .little),
      let itemCount: UInt32 = buffer.readInteger(endianness: .little),
      let tenantBytes: UInt32 = buffer.readInteger(endianness: .little),
      let code: UInt8 = buffer.readInteger(), let signal = Signal(diskCode: code),
      let hasTenant: UInt8 = buffer.readInteger(), hasTenant <= 1,
      let zero: UInt16 = buffer.readInteger(), zero == 0
    else { return nil }
    self.checksum = checksum
    self.sequence = sequence
    self.payloadBytes = Int(payloadBytes)
    self.itemCount = Int(itemCount)
    self.tenantBytes = Int(tenantBytes)
    self.signal = signal
    self.hasTenant = hasTenant == 1
  }

  /// Header and tenant, with the checksum.
  func encoded(_ request: EncodedRequest) -> ByteBuffer {
    var buffer = ByteBuffer()
    buffer.writeMultipleIntegers(Self.magic, UInt32(0), sequence, endianness: .little)
    buffer.writeMultipleIntegers(
      UInt32(payloadBytes), UInt32(itemCount), UInt32(tenantBytes), endianness: .little)
    buffer.writeMultipleIntegers(signal.diskCode, UInt8(hasTenant ? 1 : 0), UInt16(0))
    if let tenant = request.tenant { buffer.writeString(tenant) }
    var checksum = Checksum()
    buffer.withUnsafeReadableBytes { checksum.add(UnsafeRawBufferPointer(rebasing: $0[8...])) }
    request.protobuf.withUnsafeReadableBytes { checksum.add($0) }
    buffer.setInteger(checksum.value, at: buffer.readerIndex + 4, endianness: .little)
    return buffer
  }

  /// - Parameter record: header, tenant and protobuf.
  func isIntact(_ record: [UInt8]) -> Bool {
    guard record.count == recordBytes else { return false }
    var checksum = Checksum()
    record.withUnsafeBytes { checksum.add(UnsafeRawBufferPointer(rebasing: $0[8...])) }
    return checksum.value == self.checksum
  }

  /// - Parameter record: header, tenant and protobuf, intact.
  func request(_ record: [UInt8]) -> EncodedRequest {
    EncodedRequest(
      signal: signal, protobuf: ByteBuffer(bytes: record[(Self.byteCount + tenantBytes)...]), itemCount: itemCount,
      tenant: tenant(record))
  }

  func tenant(_ record: [UInt8]) -> String? {
    hasTenant ? String(decoding: record[Self.byteCount..<Self.byteCount + tenantBytes], as: UTF8.self) : nil
  }
}

/// CRC-32 as zlib and Ethernet have it.
struct Checksum {
  private(set) var value: UInt32 = 0

  mutating func add(_ bytes: UnsafeRawBufferPointer) {
    guard let base = bytes.baseAddress else { return }
    value = UInt32(truncatingIfNeeded: crc32_z(uLong(value), base.assumingMemoryBound(to: UInt8.self), bytes.count))
  }
}

extension Signal {
  /// Never changed: queues outlive programs.
  fileprivate var diskCode: UInt8 {
    switch self {
    case .metrics: 1
    case .traces: 2
    case .logs: 3
    case .profiles: 4
    }
  }

  fileprivate init?(diskCode: UInt8) {
    guard let signal = Signal.allCases.first(where: { $0.diskCode == diskCode }) else { return nil }
    self = signal
  }
}
