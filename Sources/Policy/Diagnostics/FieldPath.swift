// SPDX-License-Identifier: Apache-2.0

/// The path of a field as kubectl writes it: `spec.ports[0].name`, `metadata.annotations["swerve.dev/weight"]`.
struct FieldPath: CustomStringConvertible {
  private(set) var description = ""

  mutating func append(name: String) {
    let isPlain =
      !name.isEmpty
      && name.utf8.allSatisfy { byte in
        byte != UInt8(ascii: ".") && byte != UInt8(ascii: "/") && byte > UInt8(ascii: " ") && byte < 0x7f
          && byte != UInt8(ascii: "[") && byte != UInt8(ascii: "\"")
      }
    guard isPlain else {
      description += "[\(Excerpt.quoted(name))]"
      return
    }
    if !description.isEmpty { description += "." }
    description += name
  }

  mutating func append(index: Int) {
    description += "[\(index)]"
  }
}

/// Text of a policy file as it may appear in a one-line message.
package enum Excerpt {
  private static let scalarsMax = 80

  /// In double quotes, on one line, without control characters, and cut when long.
  package static func quoted(_ text: String) -> String { "\"\(plain(text))\"" }

  /// The same without quotes, for use inside backquotes.
  package static func plain(_ text: String) -> String {
    var result = ""
    for (i, scalar) in text.unicodeScalars.enumerated() {
      guard i < scalarsMax else { return result + "..." }
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned:
        result += "\\u{\(String(scalar.value, radix: 16))}"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
