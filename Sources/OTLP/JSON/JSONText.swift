// SPDX-License-Identifier: Apache-2.0

internal import COTLP

extension JSONReading {
  /// Reads a string, at whose opening quote the reader is. Without escapes it is where it is in the input; with them it
  /// is written anew into the arena.
  mutating func readText() throws(OTLPError) -> otlp_bytes {
    at += 1
    let first = at
    at = otlp_json_plain_end(at, end)
    if at < end, at.pointee == UInt8(ascii: "\"") {
      let text = try checked(first, at - first)
      at += 1
      return text
    }
    return try readEscapedText(from: first)
  }

  private func checked(_ base: UnsafePointer<UInt8>, _ count: Int) throws(OTLPError) -> otlp_bytes {
    guard otlp_is_utf8(base, count) else { throw failure(.invalidText, "the text is not UTF-8") }
    return otlp_bytes(count: count, base: UnsafeMutablePointer(mutating: base))
  }

  private mutating func readEscapedText(from first: UnsafePointer<UInt8>) throws(OTLPError) -> otlp_bytes {
    // An escape is never shorter than what it stands for: find the end, and there is a bound of the size.
    var closing = at
    while closing < end, closing.pointee != UInt8(ascii: "\"") {
      closing = otlp_json_plain_end(closing + (closing.pointee == UInt8(ascii: "\\") && end - closing > 1 ? 2 : 1), end)
    }
    guard let memory = otlp_arena_allocate(arena, closing - first) else { throw noMemory() }
    let text = memory.assumingMemoryBound(to: UInt8.self)
    var count = at - first
    text.update(from: first, count: count)
    while at < end {
      let run = at
      at = otlp_json_plain_end(at, end)
      (text + count).update(from: run, count: at - run)
      count += at - run
      guard at < end else { break }
      switch at.pointee {
      case UInt8(ascii: "\""):
        let result = try checked(text, count)
        at += 1
        return result
      case UInt8(ascii: "\\"):
        at += 1
        count += try readEscape(into: text + count)
      default: throw malformed("a control character in a string")
      }
    }
    throw malformed("")
  }

  /// Reads what follows a backslash; answers how many bytes it wrote.
  private mutating func readEscape(into text: UnsafeMutablePointer<UInt8>) throws(OTLPError) -> Int {
    guard at < end else { throw malformed("") }
    let letter = at.pointee
    at += 1
    switch letter {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.pointee = letter
    case UInt8(ascii: "b"): text.pointee = 0x08
    case UInt8(ascii: "f"): text.pointee = 0x0c
    case UInt8(ascii: "n"): text.pointee = 0x0a
    case UInt8(ascii: "r"): text.pointee = 0x0d
    case UInt8(ascii: "t"): text.pointee = 0x09
    case UInt8(ascii: "u"):
      var count = 0
      for byte in UTF8.encode(try readScalarValue()) ?? UTF8.encodedReplacementCharacter {
        text[count] = byte
        count += 1
      }
      return count
    default:
      at -= 1
      throw malformed("an unknown escape")
    }
    return 1
  }

  private mutating func readScalarValue() throws(OTLPError) -> Unicode.Scalar {
    var code = UInt32(try readCodeUnit())
    if code >= 0xd800 && code < 0xdc00, take("\\u") {
      let low = UInt32(try readCodeUnit())
      guard low >= 0xdc00 && low < 0xe000 else { throw failure(.invalidText, "half of a surrogate pair") }
      code = 0x10000 + (code - 0xd800) << 10 + (low - 0xdc00)
    }
    guard let scalar = Unicode.Scalar(code) else { throw failure(.invalidText, "half of a surrogate pair") }
    return scalar
  }

  private mutating func readCodeUnit() throws(OTLPError) -> UInt16 {
    var unit: UInt16 = 0
    for _ in 0..<4 {
      guard at < end, let digit = Hexadecimal.value(at.pointee) else { throw malformed("expected four digits") }
      unit = unit << 4 | UInt16(digit)
      at += 1
    }
    return unit
  }
}
