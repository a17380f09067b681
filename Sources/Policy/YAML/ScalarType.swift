// SPDX-License-Identifier: Apache-2.0

/// The type an unquoted scalar has, by the rules that kubectl applies (YAML 1.1 as in go-yaml v2).
package enum ScalarType: Equatable {
  case null
  case boolean(Bool)
  /// nil when it does not fit into 64 bits.
  case integer(Int?)
  case float
  case string

  package init(plain text: UnsafeBufferPointer<UInt8>) {
    // The longest number worth the name; what is longer and begins like one is still not a valid port.
    if text.count > 64 {
      self = .string
      return
    }
    guard let first = text.first else {
      self = .null
      return
    }
    switch first {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
      self = Self.number(String(decoding: text, as: UTF8.self))
    case UInt8(ascii: "~"):
      self = text.count == 1 ? .null : .string
    default:
      self = text.count <= 5 ? Self.word(String(decoding: text, as: UTF8.self)) : .string
    }
  }

  private static func word(_ text: String) -> ScalarType {
    switch text {
    case "null", "Null", "NULL": .null
    case "true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON", "y", "Y": .boolean(true)
    case "false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF", "n", "N": .boolean(false)
    default: .string
    }
  }

  private static func number(_ text: String) -> ScalarType {
    let hasSign = text.first == "+" || text.first == "-"
    let digits = text.dropFirst(hasSign ? 1 : 0)
    if digits == ".inf" || digits == ".Inf" || digits == ".INF" || text == ".nan" || text == ".NaN" || text == ".NAN" {
      return .float
    }
    for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] where digits.hasPrefix(prefix) {
      let magnitude = digits.dropFirst(2)
      guard let first = magnitude.first, first.isHexDigit else { return .string }
      return magnitude.allSatisfy(\.isHexDigit) ? .integer(Int(magnitude, radix: radix)) : .string
    }
    guard !digits.isEmpty else { return .string }
    if digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) {
      // A leading zero means octal in YAML 1.1.
      let radix = digits.count > 1 && digits.first == "0" ? 8 : 10
      return .integer(Int(text, radix: radix))
    }
    // A date, an IP address or a version begins with digits too, but is not a number.
    return isDecimalFraction(digits) ? .float : .string
  }

  private static func isDecimalFraction(_ digits: Substring) -> Bool {
    var hasDigit = false
    var hasPoint = false
    var rest = digits.utf8
    while let byte = rest.first {
      if (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) {
        hasDigit = true
      } else if byte == UInt8(ascii: "."), !hasPoint {
        hasPoint = true
      } else {
        break
      }
      rest = rest.dropFirst()
    }
    guard hasDigit else { return false }
    guard let exponent = rest.first else { return true }
    guard exponent == UInt8(ascii: "e") || exponent == UInt8(ascii: "E") else { return false }
    rest = rest.dropFirst()
    if rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-") { rest = rest.dropFirst() }
    return !rest.isEmpty && rest.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
  }
}
