// SPDX-License-Identifier: Apache-2.0

/// Reads what ``ProtobufWriter`` writes, and skips fields it is not asked for.
struct ProtobufReader {
  enum Value: Equatable {
    case number(UInt64)
    case bytes(ArraySlice<UInt8>)
    /// Four or eight bytes, which no message here has.
    case fixed

    var int64: Int64? { if case .number(let number) = self { Int64(bitPattern: number) } else { nil } }
    var bytes: ArraySlice<UInt8>? { if case .bytes(let bytes) = self { bytes } else { nil } }
    var text: String? { bytes.map { String(decoding: $0, as: UTF8.self) } }
  }

  private var rest: ArraySlice<UInt8>

  init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

  /// All fields in their order; nil when the bytes are no message.
  static func fields(_ bytes: ArraySlice<UInt8>) -> [(field: Int, value: Value)]? {
    var reader = ProtobufReader(bytes)
    var fields: [(Int, Value)] = []
    while !reader.rest.isEmpty {
      guard let next = reader.next() else { return nil }
      fields.append(next)
    }
    return fields
  }

  private mutating func next() -> (Int, Value)? {
    guard let tag = varint(), let field = Int(exactly: tag >> 3), (1..<1 << 29).contains(field) else { return nil }
    switch tag & 7 {
    case ProtobufWireType.varint: return varint().map { (field, .number($0)) }
    case ProtobufWireType.bytes: return varint().flatMap { take($0) }.map { (field, .bytes($0)) }
    case ProtobufWireType.fixed64: return take(8).map { _ in (field, .fixed) }
    case ProtobufWireType.fixed32: return take(4).map { _ in (field, .fixed) }
    default: return nil
    }
  }

  private mutating func take(_ count: UInt64) -> ArraySlice<UInt8>? {
    guard count <= rest.count else { return nil }
    let taken = rest.prefix(Int(count))
    rest = rest.dropFirst(Int(count))
    return taken
  }

  private mutating func varint() -> UInt64? {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 70, by: 7) {
      guard let byte = rest.popFirst() else { return nil }
      // The tenth byte has room for one bit; more are dropped, as protobuf's own readers do.
      value |= UInt64(byte & 0x7f) << shift
      if byte < 0x80 { return value }
    }
    return nil
  }
}
