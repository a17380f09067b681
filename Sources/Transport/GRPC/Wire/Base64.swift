// SPDX-License-Identifier: Apache-2.0

/// Base64 (RFC 4648, section 4), as values of `-bin` header fields have it: written without padding, read with or without.
enum Base64 {
  private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
  /// The value of every digit by its byte; 0xff for what is none.
  private static let values: [UInt8] = {
    var values = [UInt8](repeating: 0xff, count: 256)
    for (value, digit) in alphabet.enumerated() { values[Int(digit)] = UInt8(value) }
    return values
  }()

  static func encode(_ bytes: [UInt8], padded: Bool = false) -> String {
    var digits: [UInt8] = []
    digits.reserveCapacity((bytes.count + 2) / 3 * 4)
    var index = 0
    while index < bytes.count {
      let group = bytes[index..<min(index + 3, bytes.count)]
      var bits = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
      for _ in 0...group.count {
        digits.append(alphabet[bits >> 18 & 63])
        bits <<= 6
      }
      if padded { digits += repeatElement(UInt8(ascii: "="), count: 3 - group.count) }
      index += 3
    }
    return String(decoding: digits, as: UTF8.self)
  }

  /// Nil when it is no base64.
  static func decode(_ text: some StringProtocol) -> [UInt8]? {
    let padding = text.utf8.suffix(2).reversed().prefix { $0 == UInt8(ascii: "=") }.count
    let digitCount = text.utf8.count - padding
    guard digitCount % 4 != 1, padding == 0 || (digitCount + padding) % 4 == 0 else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(digitCount * 3 / 4)
    var bits = 0
    var bitCount = 0
    for digit in text.utf8.prefix(digitCount) {
      let value = values[Int(digit)]
      guard value != 0xff else { return nil }
      bits = (bits << 6 | Int(value)) & 0xfff
      bitCount += 6
      if bitCount >= 8 {
        bitCount -= 8
        bytes.append(UInt8(truncatingIfNeeded: bits >> bitCount))
      }
    }
    return bytes
  }
}
