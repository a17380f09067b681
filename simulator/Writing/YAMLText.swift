// SPDX-License-Identifier: Apache-2.0

import Policy

/// Writes values as people write YAML: mappings and sequences on lines of their own as far as they do not fit on one,
/// words without quotes.
struct YAMLText {
  private static let columnsMax = 110

  private(set) var text = ""

  /// The members of a mapping, each on its own line or lines.
  mutating func mapping(_ members: [(key: String, value: JSONValue)], indentation: Int = 0) {
    for member in members { pair(member, indentation: indentation, isFirstOfItem: false) }
  }

  private mutating func pair(_ member: (key: String, value: JSONValue), indentation: Int, isFirstOfItem: Bool) {
    let margin = isFirstOfItem ? "" : String(repeating: " ", count: indentation)
    let key = Self.scalar(member.key)
    let line = Self.line(member.value)
    if indentation + key.utf8.count + 2 + line.utf8.count <= Self.columnsMax, indentation > 0 || !member.value.isNested
    {
      text += "\(margin)\(key): \(line)\n"
      return
    }
    switch member.value {
    case .object(let members) where !members.isEmpty:
      text += "\(margin)\(key):\n"
      mapping(members, indentation: indentation + 2)
    case .array(let items) where !items.isEmpty:
      text += "\(margin)\(key):\n"
      for item in items { self.item(item, indentation: indentation + 2) }
    default: text += "\(margin)\(key): \(line)\n"
    }
  }

  private mutating func item(_ value: JSONValue, indentation: Int) {
    let line = Self.line(value)
    text += String(repeating: " ", count: indentation) + "- "
    guard case .object(let members) = value, !members.isEmpty,
      indentation + 2 + line.utf8.count > Self.columnsMax
    else { return text += line + "\n" }
    for (number, member) in members.enumerated() {
      pair(member, indentation: indentation + 2, isFirstOfItem: number == 0)
    }
  }

  /// In flow style.
  static func line(_ value: JSONValue) -> String {
    switch value {
    case .string(let string): return scalar(string)
    case .integer(let integer): return "\(integer)"
    case .number(let number):
      let text = "\(number)"
      return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    case .boolean(let boolean): return "\(boolean)"
    case .array(let items): return "[\(items.map(line).joined(separator: ", "))]"
    case .object(let members):
      return "{\(members.map { "\(scalar($0.key)): \(line($0.value))" }.joined(separator: ", "))}"
    }
  }

  /// Plain where every reader of YAML takes it for this string; else as JSON has it.
  private static func scalar(_ string: String) -> String {
    isPlain(string) ? string : JSONValue.string(string).text
  }

  private static func isPlain(_ string: String) -> Bool {
    var bytes = Array(string.utf8)
    guard let first = bytes.first, bytes.count <= 64 else { return false }
    let isWordStart = isLetter(first) || (isDigit(first) && DurationText.nanoseconds(string) != nil)
    guard isWordStart || first == UInt8(ascii: "/") || first == UInt8(ascii: ".") && bytes.contains(UInt8(ascii: "/"))
    else { return false }
    let isWord = bytes.allSatisfy { isLetter($0) || isDigit($0) || "._-+/".utf8.contains($0) }
    guard isWord else { return false }
    return bytes.withUnsafeMutableBufferPointer { ScalarType(plain: UnsafeBufferPointer($0)) } == .string
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}

extension JSONValue {
  fileprivate var isNested: Bool { items.contains { !$0.items.isEmpty } }

  private var items: [JSONValue] {
    switch self {
    case .object(let members): members.map(\.value)
    case .array(let items): items
    default: []
    }
  }
}
