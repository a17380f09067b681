// SPDX-License-Identifier: Apache-2.0

import CYaml

/// What a YAML parser says, in order. Text is borrowed: it is valid only while the event is handled.
enum YAMLEvent {
  case documentStart
  case documentEnd
  case alias(anchor: String)
  case scalar(text: UnsafeBufferPointer<UInt8>, anchor: String?, tag: String?, isPlain: Bool)
  case sequenceStart(anchor: String?, tag: String?)
  case mappingStart(anchor: String?, tag: String?)
  case collectionEnd
}

/// The text is not YAML.
struct YAMLSyntaxError: Error {
  let position: Position
  let message: String
}

/// libyaml's event parser; the only user of its types.
enum EventParser {
  /// Calls `handle` with every event of `bytes`.
  ///
  /// - Throws: `YAMLSyntaxError`, or what `handle` throws, which ends the parse.
  static func forEachEvent(
    of bytes: UnsafeBufferPointer<UInt8>, _ handle: (YAMLEvent, Position) throws -> Void
  ) throws {
    var parser = yaml_parser_t()
    guard yaml_parser_initialize(&parser) == 1 else {
      throw YAMLSyntaxError(position: .start, message: "not enough memory to parse YAML")
    }
    defer { yaml_parser_delete(&parser) }
    yaml_parser_set_input_string(&parser, bytes.baseAddress, bytes.count)
    var event = yaml_event_t()
    while true {
      guard yaml_parser_parse(&parser, &event) == 1 else { throw syntaxError(of: parser, bytes: bytes) }
      defer { yaml_event_delete(&event) }
      if event.type == YAML_STREAM_END_EVENT || event.type == YAML_NO_EVENT { return }
      if let known = yamlEvent(of: event) { try handle(known, position(of: event.start_mark)) }
    }
  }

  private static func yamlEvent(of event: yaml_event_t) -> YAMLEvent? {
    switch event.type {
    case YAML_DOCUMENT_START_EVENT: return .documentStart
    case YAML_DOCUMENT_END_EVENT: return .documentEnd
    case YAML_ALIAS_EVENT: return .alias(anchor: string(event.data.alias.anchor) ?? "")
    case YAML_SCALAR_EVENT:
      let scalar = event.data.scalar
      return .scalar(
        text: UnsafeBufferPointer(start: scalar.value, count: scalar.length), anchor: string(scalar.anchor),
        tag: string(scalar.tag), isPlain: scalar.style == YAML_PLAIN_SCALAR_STYLE)
    case YAML_SEQUENCE_START_EVENT:
      return .sequenceStart(
        anchor: string(event.data.sequence_start.anchor), tag: string(event.data.sequence_start.tag))
    case YAML_MAPPING_START_EVENT:
      return .mappingStart(anchor: string(event.data.mapping_start.anchor), tag: string(event.data.mapping_start.tag))
    case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT: return .collectionEnd
    default: return nil
    }
  }

  private static func string(_ text: UnsafeMutablePointer<UInt8>?) -> String? {
    text.map { String(cString: $0) }
  }

  private static func position(of mark: yaml_mark_t) -> Position {
    Position(line: UInt32(clamping: mark.line + 1), column: UInt32(clamping: mark.column + 1))
  }

  private static func syntaxError(of parser: yaml_parser_t, bytes: UnsafeBufferPointer<UInt8>) -> YAMLSyntaxError {
    let problem = parser.problem.map { String(cString: $0) } ?? "not YAML"
    if parser.error == YAML_MEMORY_ERROR {
      return YAMLSyntaxError(position: .start, message: "not enough memory to parse YAML")
    }
    if parser.error == YAML_READER_ERROR {
      return YAMLSyntaxError(
        position: Self.position(ofByte: parser.problem_offset, in: bytes), message: "not UTF-8 text: \(problem)")
    }
    let hint = problem.hasSuffix("cannot start any token") ? " (a tab, @, % or a backquote)" : ""
    let context = parser.context.map { " \(String(cString: $0))" } ?? ""
    return YAMLSyntaxError(
      position: position(of: parser.problem_mark), message: "not YAML: \(problem)\(hint)\(context)")
  }

  /// libyaml gives characters that are not text by their offset alone.
  private static func position(ofByte offset: Int, in bytes: UnsafeBufferPointer<UInt8>) -> Position {
    var position = Position.start
    for byte in bytes.prefix(offset) {
      if byte == UInt8(ascii: "\n") {
        position = Position(line: position.line + 1, column: 1)
      } else if byte & 0xc0 != 0x80 {
        position.column += 1
      }
    }
    return position
  }
}
