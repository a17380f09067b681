// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import OTLP

/// Values as people read them, on one line whatever they hold.
enum ValueText {
  /// Characters of one text shown at most.
  private static let charactersMax = 256

  /// `{key="text", key=1}`, or nothing.
  static func attributes(_ attributes: List<Common.KeyValue>) -> String {
    if attributes.isEmpty { return "" }
    var parts: [String] = []
    attributes.forEach { parts.append("\(plain($0.key.string))=\(value($0.value))") }
    return "{" + parts.joined(separator: ", ") + "}"
  }

  static func value(_ value: Common.AnyValue?) -> String {
    guard let value else { return "null" }
    switch value.value {
    case .stringValue(let text): return quoted(text.string)
    case .boolValue(let flag): return "\(flag)"
    case .intValue(let number): return "\(number)"
    case .doubleValue(let number): return "\(number)"
    case .bytesValue(let bytes): return "\(bytes.count) bytes"
    case .arrayValue, .kvlistValue: return plain(String(decoding: value.json(), as: UTF8.self))
    case .stringValueStrindex(let index): return "string \(index)"
    case nil: return "null"
    }
  }

  /// A text that is not in quotes: what a terminal would act on is escaped.
  static func plain(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars.prefix(charactersMax) {
      result += isSafe(scalar) ? String(scalar) : scalar.escaped(asASCII: true)
    }
    return text.unicodeScalars.count > charactersMax ? result + "..." : result
  }

  static func quoted(_ text: String) -> String { "\"" + plain(text).replacing("\"", with: "\\\"") + "\"" }

  /// Controls, and marks that change the direction of the text around them.
  private static func isSafe(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator: false
    default: true
    }
  }

  /// ISO 8601 to the millisecond; `-` for zero, which means unknown.
  static func time(_ unixNanoseconds: UInt64) -> String {
    if unixNanoseconds == 0 { return "-" }
    let date = Date(timeIntervalSince1970: Double(unixNanoseconds) / 1e9)
    return date.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
  }

  /// Between two times, in the unit that suits it.
  static func duration(_ start: UInt64, _ end: UInt64) -> String {
    guard end >= start, start > 0 else { return "-" }
    let nanoseconds = Double(end - start)
    for (unit, size) in [("s", 1e9), ("ms", 1e6), ("us", 1e3)] where nanoseconds >= size {
      return "\((nanoseconds / size * 100).rounded() / 100)\(unit)"
    }
    return "\(end - start)ns"
  }
}
