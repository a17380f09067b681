// SPDX-License-Identifier: Apache-2.0

/// JSON with the order of its members kept, so that the same value is always the same text.
public indirect enum JSONValue: Hashable, Sendable {
  case string(String)
  case integer(Int)
  case number(Double)
  case boolean(Bool)
  case array([JSONValue])
  case object([(key: String, value: JSONValue)])

  public static func == (left: Self, right: Self) -> Bool { left.text == right.text }
  public func hash(into hasher: inout Hasher) { hasher.combine(text) }

  /// On one line.
  public var text: String {
    var text = ""
    write(to: &text, indentation: nil)
    return text
  }

  /// On many lines, with a line feed at the end.
  public var lines: String {
    var text = ""
    write(to: &text, indentation: 0)
    return text + "\n"
  }

  private func write(to text: inout String, indentation: Int?) {
    switch self {
    case .string(let string): Self.write(string, to: &text)
    case .integer(let integer): text += "\(integer)"
    case .number(let number): text += "\(number)"
    case .boolean(let boolean): text += "\(boolean)"
    case .array(let items):
      Self.write(items.map { (nil, $0) }, "[", "]", to: &text, indentation)
    case .object(let members):
      Self.write(members.map { ($0.key, $0.value) }, "{", "}", to: &text, indentation)
    }
  }

  private static func write(
    _ items: [(key: String?, value: JSONValue)], _ open: String, _ close: String, to text: inout String,
    _ indentation: Int?
  ) {
    text += open
    let inner = indentation.map { $0 + 2 }
    for (index, item) in items.enumerated() {
      if index > 0 { text += "," }
      if let inner { text += "\n" + String(repeating: " ", count: inner) } else if index > 0 { text += " " }
      if let key = item.key {
        write(key, to: &text)
        text += ": "
      }
      item.value.write(to: &text, indentation: inner)
    }
    if let indentation, !items.isEmpty { text += "\n" + String(repeating: " ", count: indentation) }
    text += close
  }

  /// RFC 8259, 7. What YAML's reader refuses as text is escaped as well, as is all that is not ASCII.
  private static func write(_ string: String, to text: inout String) {
    text += "\""
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\u{20}"..."\u{7e}": text.unicodeScalars.append(scalar)
      default: write(escaping: scalar, to: &text)
      }
    }
    text += "\""
  }

  /// YAML knows eight digits where JSON has pairs of surrogates, and no reader of JSON minds the character itself.
  private static func write(escaping scalar: Unicode.Scalar, to text: inout String) {
    guard scalar.value <= 0xffff else { return text.unicodeScalars.append(scalar) }
    let digits = String(scalar.value, radix: 16)
    text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
  }
}
