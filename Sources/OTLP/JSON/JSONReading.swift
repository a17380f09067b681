// SPDX-License-Identifier: Apache-2.0

internal import COTLP

/// Reads OTLP's JSON straight into the structs that the wire format is read into: no tree in between, and text without
/// escapes is not copied. The tables of the definitions lead, so that one reader serves all messages.
struct JSONReading: ~Copyable {
  /// Objects and arrays in each other that no field wants.
  private static let ignoredDepthMax = 100

  let start: UnsafePointer<UInt8>
  var at: UnsafePointer<UInt8>
  let end: UnsafePointer<UInt8>
  let arena: UnsafeMutablePointer<otlp_arena>
  /// From the outermost message to the value being read.
  var path: [(field: UnsafePointer<otlp_field>, index: Int)] = []
  private var depth = 0

  init(_ buffer: UnsafeRawBufferPointer, _ arena: borrowing Arena) {
    start = buffer.baseAddress?.assumingMemoryBound(to: UInt8.self) ?? Self.nowhere
    at = start
    end = start + buffer.count
    self.arena = arena.pointer
    path.reserveCapacity(16)
  }

  private static var nowhere: UnsafePointer<UInt8> { UnsafePointer(bitPattern: 8).unsafelyUnwrapped }

  mutating func read(_ type: MessageType) throws(OTLPError) -> UnsafeRawPointer {
    let type = otlp_message_of(type.index).unsafelyUnwrapped
    let message = try make(type)
    try readObject(type, into: message)
    if skipSpace() != nil { throw malformed("something follows the message") }
    return UnsafeRawPointer(message)
  }

  // MARK: Errors

  func failure(_ code: OTLPError.Code, _ reason: String) -> OTLPError {
    var place = ""
    for step in path { place.appendStep(step.field.pointee, index: step.index) }
    return OTLPError(code, place: place, offset: at - start, reason: reason)
  }

  func malformed(_ reason: String) -> OTLPError {
    at == end ? failure(.truncated, "the input ends within a value") : failure(.malformed, reason)
  }

  func noMemory() -> OTLPError { failure(.tooLarge, "the message takes more memory than the limit allows") }

  private func make(_ type: UnsafePointer<otlp_message>) throws(OTLPError) -> UnsafeMutableRawPointer {
    guard let message = otlp_arena_message(arena, type) else { throw noMemory() }
    return message
  }

  // MARK: Structure

  /// The next byte that is not space; nil at the end.
  mutating func skipSpace() -> UInt8? {
    while at < end {
      let byte = at.pointee
      if byte > 0x20 || (byte != 0x20 && byte != 0x0a && byte != 0x0d && byte != 0x09) { return byte }
      at += 1
    }
    return nil
  }

  private mutating func expect(_ character: Unicode.Scalar) throws(OTLPError) {
    guard skipSpace() == UInt8(ascii: character) else { throw malformed("expected `\(character)`") }
    at += 1
  }

  /// Whether a further element follows in an object or array; passes the comma or the closing character.
  private mutating func goesOn(_ isFirst: Bool, until closing: Unicode.Scalar) throws(OTLPError) -> Bool {
    let next = skipSpace()
    if next == UInt8(ascii: closing) {
      at += 1
      return false
    }
    if isFirst { return true }
    guard next == UInt8(ascii: ",") else { throw malformed("expected `,` or `\(closing)`") }
    at += 1
    return true
  }

  mutating func take(_ word: StaticString) -> Bool {
    let count = word.utf8CodeUnitCount
    guard end - at >= count,
      UnsafeBufferPointer(start: at, count: count).elementsEqual(
        UnsafeBufferPointer(start: word.utf8Start, count: count))
    else { return false }
    at += count
    return true
  }

  private mutating func readObject(
    _ type: UnsafePointer<otlp_message>, into message: UnsafeMutableRawPointer
  ) throws(OTLPError) {
    guard skipSpace() == UInt8(ascii: "{") else {
      throw at == end ? malformed("") : failure(.invalidValue, "an object is expected")
    }
    at += 1
    var isFirst = true
    while try goesOn(isFirst, until: "}") {
      isFirst = false
      guard skipSpace() == UInt8(ascii: "\"") else { throw malformed("a key is expected") }
      let field = find(try readText(), in: type)
      try expect(":")
      guard let field else {
        try ignoreValue(0)
        continue
      }
      path.append((field, 0))
      try readField(field, number: field - type.pointee.fields, of: message)
      path.removeLast()
    }
  }

  private func find(_ key: otlp_bytes, in type: UnsafePointer<otlp_message>) -> UnsafePointer<otlp_field>? {
    for number in 1..<max(Int(type.pointee.fields_end), 1) {
      let field = type.pointee.fields + number
      if Int(field.pointee.name_length) == key.count, field.pointee.kind != OTLP_NO_FIELD.rawValue,
        otlp_equal(key, field.pointee.name)
      {
        return field
      }
    }
    return nil
  }

  private mutating func readField(
    _ field: UnsafePointer<otlp_field>, number: Int, of message: UnsafeMutableRawPointer
  ) throws(OTLPError) {
    // A null is the field's default, which is what is there.
    if skipSpace() == UInt8(ascii: "n") {
      guard take("null") else { throw malformed("expected a value") }
      return
    }
    if field.pointee.label == OTLP_REPEATED.rawValue { return try readList(field, of: message) }
    let slot = message + Int(field.pointee.offset)
    if field.pointee.kind == OTLP_MESSAGE.rawValue, let type = field.pointee.message {
      let inner = try make(type)
      try descend(type, into: inner)
      slot.storeBytes(of: inner, as: UnsafeMutableRawPointer.self)
    } else {
      try readScalar(field, into: slot)
    }
    if field.pointee.label == OTLP_ONEOF.rawValue {
      message.storeBytes(of: UInt32(number), toByteOffset: Int(field.pointee.case_offset), as: UInt32.self)
    }
  }

  private mutating func descend(
    _ type: UnsafePointer<otlp_message>, into message: UnsafeMutableRawPointer
  ) throws(OTLPError) {
    if depth == Int(OTLP_DEPTH_MAX) {
      throw failure(.tooDeep, "messages are nested deeper than \(OTLP_DEPTH_MAX) levels")
    }
    depth += 1
    try readObject(type, into: message)
    depth -= 1
  }

  private mutating func readList(
    _ field: UnsafePointer<otlp_field>, of message: UnsafeMutableRawPointer
  ) throws(OTLPError) {
    guard skipSpace() == UInt8(ascii: "[") else {
      throw at == end ? malformed("") : failure(.invalidValue, "an array is expected")
    }
    at += 1
    let width = field.width
    let countOffset = Int(field.pointee.offset) - 8
    var count = message.load(fromByteOffset: countOffset, as: Int.self)
    var isFirst = true
    while try goesOn(isFirst, until: "]") {
      isFirst = false
      path[path.count - 1].index = count
      guard let slot = otlp_arena_append(arena, message, field, width, 1) else { throw noMemory() }
      if field.pointee.kind == OTLP_MESSAGE.rawValue, let type = field.pointee.message {
        let inner = try make(type)
        slot.storeBytes(of: inner, as: UnsafeMutableRawPointer.self)
        try descend(type, into: inner)
      } else {
        try readScalar(field, into: slot)
      }
      count += 1
      message.storeBytes(of: count, toByteOffset: countOffset, as: Int.self)
    }
  }

  /// A value of a key that the definitions do not know; checked, and forgotten.
  private mutating func ignoreValue(_ depth: Int) throws(OTLPError) {
    if depth == Self.ignoredDepthMax { throw failure(.tooDeep, "an unknown value is nested too deep") }
    switch skipSpace() {
    case UInt8(ascii: "{"):
      at += 1
      var isFirst = true
      while try goesOn(isFirst, until: "}") {
        isFirst = false
        guard skipSpace() == UInt8(ascii: "\"") else { throw malformed("a key is expected") }
        _ = try readText()
        try expect(":")
        try ignoreValue(depth + 1)
      }
    case UInt8(ascii: "["):
      at += 1
      var isFirst = true
      while try goesOn(isFirst, until: "]") {
        isFirst = false
        try ignoreValue(depth + 1)
      }
    case UInt8(ascii: "\""): _ = try readText()
    case UInt8(ascii: "t"), UInt8(ascii: "f"), UInt8(ascii: "n"):
      guard take("true") || take("false") || take("null") else { throw malformed("expected a value") }
    default: _ = try scanNumber()
    }
  }
}
