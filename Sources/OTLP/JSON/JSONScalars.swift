// SPDX-License-Identifier: Apache-2.0

internal import COTLP

extension JSONReading {
  mutating func readScalar(
    _ field: UnsafePointer<otlp_field>, into slot: UnsafeMutableRawPointer
  ) throws(OTLPError) {
    switch UInt32(field.pointee.kind) {
    case OTLP_TEXT.rawValue: slot.storeBytes(of: try readString(), as: otlp_bytes.self)
    case OTLP_BYTES.rawValue:
      let text = try readString()
      let bytes = field.pointee.hexadecimal != 0 ? try hexadecimal(text) : try base64(text)
      slot.storeBytes(of: bytes, as: otlp_bytes.self)
    case OTLP_DOUBLE.rawValue: slot.storeBytes(of: try readDouble(), as: Double.self)
    case OTLP_BOOL.rawValue:
      _ = skipSpace()
      let isTrue = take("true")
      guard isTrue || take("false") else { throw invalid("true or false is expected") }
      slot.storeBytes(of: isTrue ? 1 : 0, as: Int32.self)
    case OTLP_INT32.rawValue, OTLP_SINT32.rawValue, OTLP_ENUM.rawValue:
      slot.storeBytes(of: try readInteger(), as: Int32.self)
    case OTLP_UINT32.rawValue, OTLP_FIXED32.rawValue: slot.storeBytes(of: try readInteger(), as: UInt32.self)
    case OTLP_INT64.rawValue, OTLP_SFIXED64.rawValue: slot.storeBytes(of: try readInteger(), as: Int64.self)
    default: slot.storeBytes(of: try readInteger(), as: UInt64.self)
    }
  }

  private func invalid(_ reason: String) -> OTLPError {
    at == end ? malformed("") : failure(.invalidValue, reason)
  }

  private mutating func readString() throws(OTLPError) -> otlp_bytes {
    guard skipSpace() == UInt8(ascii: "\"") else { throw invalid("a string is expected") }
    return try readText()
  }

  // MARK: Bytes

  private func hexadecimal(_ text: otlp_bytes) throws(OTLPError) -> otlp_bytes {
    guard let base = text.base, text.count > 0 else { return otlp_bytes() }
    guard text.count % 2 == 0 else { throw failure(.invalidValue, "an odd number of hexadecimal digits") }
    guard let memory = otlp_arena_allocate(arena, text.count / 2) else { throw noMemory() }
    let bytes = memory.assumingMemoryBound(to: UInt8.self)
    for index in 0..<text.count / 2 {
      guard let high = Hexadecimal.value(base[2 * index]), let low = Hexadecimal.value(base[2 * index + 1]) else {
        throw failure(.invalidValue, "an id is written in hexadecimal digits")
      }
      bytes[index] = high << 4 | low
    }
    return otlp_bytes(count: text.count / 2, base: bytes)
  }

  private func base64(_ text: otlp_bytes) throws(OTLPError) -> otlp_bytes {
    guard text.count > 0 else { return otlp_bytes() }
    guard let memory = otlp_arena_allocate(arena, text.count / 4 * 3 + 3) else { throw noMemory() }
    let bytes = memory.assumingMemoryBound(to: UInt8.self)
    let buffer = UnsafeRawBufferPointer(start: text.base, count: text.count)
    guard let count = Base64.decode(buffer, into: bytes) else {
      throw failure(.invalidValue, "bytes are written in base64")
    }
    return otlp_bytes(count: count, base: bytes)
  }

  // MARK: Numbers

  /// Passes a number and answers its text.
  mutating func scanNumber() throws(OTLPError) -> UnsafeBufferPointer<UInt8> {
    let first = at
    let last = otlp_json_number_end(at, end)
    guard let last else { throw invalid("a number is expected") }
    at = last
    return UnsafeBufferPointer(start: first, count: last - first)
  }

  /// The text of a number, which may stand in quotes; nil when the quotes hold something else, which `text` then is.
  private mutating func number(_ text: inout otlp_bytes) throws(OTLPError) -> UnsafeBufferPointer<UInt8>? {
    guard skipSpace() == UInt8(ascii: "\"") else { return try scanNumber() }
    text = try readText()
    guard let base = text.base, let last = otlp_json_number_end(base, base + text.count), last == base + text.count
    else { return nil }
    return UnsafeBufferPointer(start: base, count: text.count)
  }

  private mutating func readInteger<Number: FixedWidthInteger & BitwiseCopyable>() throws(OTLPError) -> Number {
    var text = otlp_bytes()
    guard let digits = try number(&text) else { throw failure(.invalidValue, "a whole number is expected") }
    var negative = false
    var value: UInt64 = 0
    var isPlain = true
    for (index, byte) in digits.enumerated() {
      if index == 0 && byte == UInt8(ascii: "-") {
        negative = true
        continue
      }
      guard byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") else {
        isPlain = false
        break
      }
      let (product, overflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, carry) = product.addingReportingOverflow(UInt64(byte - UInt8(ascii: "0")))
      if overflow || carry { throw failure(.invalidValue, "the number is out of its field's range") }
      value = sum
    }
    // 1.0 and 1e3 are whole numbers as well.
    let result = isPlain ? Self.integer(value, negative, as: Number.self) : Number(exactly: try double(digits))
    guard let result else { throw failure(.invalidValue, "the number is not whole or out of its field's range") }
    return result
  }

  private static func integer<Number: FixedWidthInteger>(
    _ value: UInt64, _ negative: Bool, as type: Number.Type
  ) -> Number? {
    guard negative else { return Number(exactly: value) }
    // The magnitude of the smallest number is one more than that of the largest.
    return value == 1 << 63 ? Number(exactly: Int64.min) : Int64(exactly: value).flatMap { Number(exactly: -$0) }
  }

  private mutating func readDouble() throws(OTLPError) -> Double {
    var text = otlp_bytes()
    if let digits = try number(&text) { return try double(digits) }
    switch String(decoding: UnsafeRawBufferPointer(start: text.base, count: text.count), as: UTF8.self) {
    case "NaN": return .nan
    case "Infinity": return .infinity
    case "-Infinity": return -.infinity
    default: throw failure(.invalidValue, "a number is expected")
    }
  }

  private func double(_ digits: UnsafeBufferPointer<UInt8>) throws(OTLPError) -> Double {
    guard let number = Double(String(decoding: digits, as: UTF8.self)), number.isFinite else {
      throw failure(.invalidValue, "the number is out of range")
    }
    return number
  }
}
