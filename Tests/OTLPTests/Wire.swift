// SPDX-License-Identifier: Apache-2.0

/// Pieces of protobuf's wire format, written by hand so that they can be wrong.
enum Wire {
  static func varint(_ value: UInt64) -> [UInt8] {
    var value = value
    var bytes: [UInt8] = []
    while value > 0x7f {
      bytes.append(UInt8(truncatingIfNeeded: value) | 0x80)
      value >>= 7
    }
    return bytes + [UInt8(value)]
  }

  static func tag(_ number: UInt64, _ wire: UInt64) -> [UInt8] { varint(number << 3 | wire) }

  static func message(_ number: UInt64, _ parts: [UInt8]...) -> [UInt8] {
    let content = parts.flatMap { $0 }
    return tag(number, 2) + varint(UInt64(content.count)) + content
  }

  static func text(_ number: UInt64, _ value: String) -> [UInt8] { message(number, Array(value.utf8)) }
  static func number(_ number: UInt64, _ value: UInt64) -> [UInt8] { tag(number, 0) + varint(value) }

  static func fixed64(_ number: UInt64, _ value: UInt64) -> [UInt8] {
    tag(number, 1) + (0..<8).map { UInt8(truncatingIfNeeded: value >> UInt64(8 * $0)) }
  }

  /// A request with one metric in it.
  static func request(metric: [UInt8]...) -> [UInt8] {
    message(1, message(2, message(2, metric.flatMap { $0 })))
  }

  /// Values in lists in values: a log body of so many messages in each other.
  static func nestedBody(_ levels: Int) -> [UInt8] {
    var value: [UInt8] = []
    for level in 0..<levels { value = level % 2 == 0 ? message(1, value) : message(5, value) }
    return value
  }
}
