// SPDX-License-Identifier: Apache-2.0

internal import COTLP

/// Writes any message as OTLP's JSON: the tables of the definitions lead one walk over its struct. What has its default
/// value is left out.
struct JSONWriting {
  private(set) var bytes: [UInt8] = []

  mutating func write(_ message: UnsafeRawPointer, _ type: UnsafePointer<otlp_message>) {
    bytes.append(UInt8(ascii: "{"))
    var isFirst = true
    for number in 1..<max(Int(type.pointee.fields_end), 1) {
      let field = type.pointee.fields + number
      guard field.pointee.kind != OTLP_NO_FIELD.rawValue, isSet(field, UInt32(number), in: message) else { continue }
      if !isFirst { bytes.append(UInt8(ascii: ",")) }
      isFirst = false
      bytes.append(UInt8(ascii: "\""))
      let name = UnsafeRawPointer(field.pointee.name)
      bytes.append(contentsOf: UnsafeRawBufferPointer(start: name, count: Int(field.pointee.name_length)))
      bytes.append(contentsOf: [UInt8(ascii: "\""), UInt8(ascii: ":")])
      let place = message + Int(field.pointee.offset)
      if field.pointee.label == OTLP_REPEATED.rawValue { writeList(field, place) } else { writeValue(field, place) }
    }
    bytes.append(UInt8(ascii: "}"))
  }

  private func isSet(_ field: UnsafePointer<otlp_field>, _ number: UInt32, in message: UnsafeRawPointer) -> Bool {
    let offset = Int(field.pointee.offset)
    switch UInt32(field.pointee.label) {
    case OTLP_ONEOF.rawValue:
      return message.load(fromByteOffset: Int(field.pointee.case_offset), as: UInt32.self) == number
    case OTLP_REPEATED.rawValue:
      return message.load(fromByteOffset: offset - 8, as: Int.self) > 0
    default:
      switch field.width {
      case 4: return message.load(fromByteOffset: offset, as: UInt32.self) != 0
      // The pointer to a message, a number, or the count of text and bytes.
      default: return message.load(fromByteOffset: offset, as: UInt64.self) != 0
      }
    }
  }

  private mutating func writeList(_ field: UnsafePointer<otlp_field>, _ place: UnsafeRawPointer) {
    let count = place.load(fromByteOffset: -8, as: Int.self)
    guard let base = place.load(as: UnsafeRawPointer?.self) else { return }
    bytes.append(UInt8(ascii: "["))
    for index in 0..<count {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      writeValue(field, base + index * field.width)
    }
    bytes.append(UInt8(ascii: "]"))
  }

  private mutating func writeValue(_ field: UnsafePointer<otlp_field>, _ place: UnsafeRawPointer) {
    switch UInt32(field.pointee.kind) {
    case OTLP_MESSAGE.rawValue:
      guard let message = place.load(as: UnsafeRawPointer?.self), let type = field.pointee.message else { return }
      write(message, type)
    case OTLP_TEXT.rawValue: writeText(buffer(place))
    case OTLP_BYTES.rawValue:
      bytes.append(UInt8(ascii: "\""))
      if field.pointee.hexadecimal != 0 { writeHexadecimal(buffer(place)) } else { writeBase64(buffer(place)) }
      bytes.append(UInt8(ascii: "\""))
    case OTLP_DOUBLE.rawValue: writeDouble(place.load(as: Double.self))
    case OTLP_BOOL.rawValue: append(place.load(as: Int32.self) != 0 ? "true" : "false")
    case OTLP_INT32.rawValue, OTLP_SINT32.rawValue, OTLP_ENUM.rawValue: append(place.load(as: Int32.self).description)
    case OTLP_UINT32.rawValue, OTLP_FIXED32.rawValue: append(place.load(as: UInt32.self).description)
    case OTLP_INT64.rawValue, OTLP_SFIXED64.rawValue: appendQuoted(place.load(as: Int64.self).description)
    default: appendQuoted(place.load(as: UInt64.self).description)
    }
  }

  private func buffer(_ place: UnsafeRawPointer) -> UnsafeRawBufferPointer {
    let value = place.load(as: otlp_bytes.self)
    return UnsafeRawBufferPointer(start: value.base, count: value.count)
  }

  private mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }

  private mutating func appendQuoted(_ text: String) {
    bytes.append(UInt8(ascii: "\""))
    append(text)
    bytes.append(UInt8(ascii: "\""))
  }

  private mutating func writeDouble(_ number: Double) {
    if number.isNaN {
      appendQuoted("NaN")
    } else if number.isInfinite {
      appendQuoted(number < 0 ? "-Infinity" : "Infinity")
    } else {
      append(number.description)
    }
  }

  /// Escapes what JSON cannot have as it is; all else stays UTF-8.
  private mutating func writeText(_ text: UnsafeRawBufferPointer) {
    bytes.append(UInt8(ascii: "\""))
    var plain = 0
    for index in text.indices {
      let byte = text[index]
      guard byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") else { continue }
      bytes.append(contentsOf: text[plain..<index])
      plain = index + 1
      bytes.append(UInt8(ascii: "\\"))
      switch byte {
      case 0x0a: bytes.append(UInt8(ascii: "n"))
      case 0x0d: bytes.append(UInt8(ascii: "r"))
      case 0x09: bytes.append(UInt8(ascii: "t"))
      case 0..<0x20:
        append("u00")
        bytes.append(Hexadecimal.digit(byte >> 4))
        bytes.append(Hexadecimal.digit(byte & 15))
      default: bytes.append(byte)
      }
    }
    bytes.append(contentsOf: text[plain...])
    bytes.append(UInt8(ascii: "\""))
  }

  private mutating func writeHexadecimal(_ value: UnsafeRawBufferPointer) {
    for byte in value {
      bytes.append(Hexadecimal.digit(byte >> 4))
      bytes.append(Hexadecimal.digit(byte & 15))
    }
  }

  private mutating func writeBase64(_ value: UnsafeRawBufferPointer) {
    var start = 0
    while start < value.count {
      let group = value[start..<min(start + 3, value.count)]
      var word: UInt32 = 0
      for (position, byte) in group.enumerated() { word |= UInt32(byte) << UInt32(16 - 8 * position) }
      for position in 0..<4 {
        let sextet = UInt8(truncatingIfNeeded: word >> UInt32(18 - 6 * position)) & 63
        bytes.append(position <= group.count ? Base64.character(sextet) : UInt8(ascii: "="))
      }
      start += 3
    }
  }
}

extension UnsafePointer<otlp_field> {
  /// Bytes of one value in a struct or an array.
  var width: Int {
    switch UInt32(pointee.kind) {
    case OTLP_TEXT.rawValue, OTLP_BYTES.rawValue: 16
    case OTLP_INT32.rawValue, OTLP_UINT32.rawValue, OTLP_SINT32.rawValue, OTLP_FIXED32.rawValue, OTLP_BOOL.rawValue,
      OTLP_ENUM.rawValue:
      4
    default: 8
    }
  }
}
