// SPDX-License-Identifier: Apache-2.0

/// RFC 4648, both alphabets.
enum Base64 {
  static func character(_ sextet: UInt8) -> UInt8 {
    switch sextet {
    case 0..<26: UInt8(ascii: "A") + sextet
    case 26..<52: UInt8(ascii: "a") + sextet - 26
    case 52..<62: UInt8(ascii: "0") + sextet - 52
    case 62: UInt8(ascii: "+")
    default: UInt8(ascii: "/")
    }
  }

  /// The value of a character of either alphabet; nil when it is of none.
  static func sextet(_ character: UInt8) -> UInt8? {
    switch character {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): character - UInt8(ascii: "A")
    case UInt8(ascii: "a")...UInt8(ascii: "z"): character - UInt8(ascii: "a") + 26
    case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0") + 52
    case UInt8(ascii: "+"), UInt8(ascii: "-"): 62
    case UInt8(ascii: "/"), UInt8(ascii: "_"): 63
    default: nil
    }
  }

  /// Decodes into memory of three quarters of the text's size. Padding may be left out, as protobuf allows. Answers the
  /// number of bytes, or nil when the text is no base64.
  static func decode(_ text: UnsafeRawBufferPointer, into memory: UnsafeMutablePointer<UInt8>) -> Int? {
    var length = text.count
    while length > 0, text.count - length < 2, text[length - 1] == UInt8(ascii: "=") { length -= 1 }
    // With padding the text is whole groups; a single character is no byte.
    if length % 4 == 1 || (length != text.count && text.count % 4 != 0) { return nil }
    var count = 0
    var word: UInt32 = 0
    for index in 0..<length {
      guard let sextet = sextet(text[index]) else { return nil }
      word = word << 6 | UInt32(sextet)
      // A character completes a byte unless it is the first of its group.
      guard index % 4 != 0 else { continue }
      let surplus = UInt32(6 - 2 * (index % 4))
      memory[count] = UInt8(truncatingIfNeeded: word >> surplus)
      count += 1
    }
    return count
  }
}
