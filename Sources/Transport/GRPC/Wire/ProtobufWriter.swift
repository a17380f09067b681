// SPDX-License-Identifier: Apache-2.0

/// Writes the few small messages that gRPC itself defines: google.rpc.Status and its details, and the health service's.
/// Proto3's rule holds: a field of its default value is left out.
///
/// By hand rather than by protobuf-c, which OTLP's messages use: these are eight messages of one to four fields, none of
/// which will change; generated C for them would be a target, a script and a thousand lines, and they would still have to
/// be copied field by field into Swift values.
struct ProtobufWriter {
  private(set) var bytes: [UInt8] = []

  mutating func write(_ field: Int, number: Int64) {
    guard number != 0 else { return }
    write(varint: UInt64(field) << 3 | ProtobufWireType.varint)
    write(varint: UInt64(bitPattern: number))
  }

  mutating func write(_ field: Int, text: String) {
    guard !text.isEmpty else { return }
    write(field, message: Array(text.utf8))
  }

  /// Bytes or a message within this one; written also when it is empty.
  mutating func write(_ field: Int, message: [UInt8]) {
    write(varint: UInt64(field) << 3 | ProtobufWireType.bytes)
    write(varint: UInt64(message.count))
    bytes += message
  }

  private mutating func write(varint: UInt64) {
    var rest = varint
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }
}

/// The lowest three bits of a field's tag.
enum ProtobufWireType {
  static let varint: UInt64 = 0
  static let fixed64: UInt64 = 1
  static let bytes: UInt64 = 2
  static let fixed32: UInt64 = 5
}
