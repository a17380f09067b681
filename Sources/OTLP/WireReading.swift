// SPDX-License-Identifier: Apache-2.0

internal import COTLP

/// The C reader of the wire format, with its faults as errors.
enum WireReading {
  static func read(
    _ buffer: UnsafeRawBufferPointer, _ type: MessageType, into arena: UnsafeMutablePointer<otlp_arena>
  ) throws(OTLPError) -> UnsafeRawPointer {
    var reader = otlp_reader()
    let bytes = buffer.baseAddress?.assumingMemoryBound(to: UInt8.self)
    if let message = otlp_read(&reader, arena, otlp_message_of(type.index), bytes, buffer.count) {
      return UnsafeRawPointer(message)
    }
    throw error(of: reader)
  }

  private static func error(of reader: otlp_reader) -> OTLPError {
    let steps = withUnsafeBytes(of: reader.steps) {
      Array($0.bindMemory(to: otlp_step.self).prefix(Int(reader.steps_count)).reversed())
    }
    var place = ""
    for step in steps { place.appendStep(step.field.pointee, index: step.index) }
    let (code, reason) = fault(of: reader)
    return OTLPError(code, place: place, offset: Int(reader.offset), reason: reason)
  }

  private static func fault(of reader: otlp_reader) -> (OTLPError.Code, String) {
    switch otlp_fault(reader.fault) {
    case OTLP_TRUNCATED: (.truncated, "the input ends within the field")
    case OTLP_NOT_UTF8: (.invalidText, "the text is not UTF-8")
    case OTLP_TOO_DEEP: (.tooDeep, "messages are nested deeper than \(OTLP_DEPTH_MAX) levels")
    case OTLP_TOO_LARGE: (.tooLarge, "the message takes more memory than the limit allows")
    default: (.malformed, "the bytes are not protobuf's encoding")
    }
  }
}

extension String {
  /// "metrics[7]" behind a dot.
  mutating func appendStep(_ field: otlp_field, index: Int) {
    if !isEmpty { append(".") }
    append(String(cString: field.name))
    if Int(field.label) == Int(OTLP_REPEATED.rawValue) { append("[\(index)]") }
  }
}
