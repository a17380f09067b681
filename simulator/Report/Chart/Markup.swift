// SPDX-License-Identifier: Apache-2.0

/// Elements of HTML and SVG as text: always closed, always escaped, so that a page is well-formed XML, too.
enum Markup {
  /// Text as it may stand in an element or an attribute. What XML forbids becomes a replacement character.
  static func escape(_ text: String) -> String {
    var escaped = ""
    escaped.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "'": escaped += "&#39;"
      case "\t", "\n", "\r": escaped.unicodeScalars.append(scalar)
      case _ where scalar.value < 0x20 || (0xFFFE...0xFFFF).contains(scalar.value): escaped += "\u{FFFD}"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }

  /// - Parameter content: markup, not text; an element that may have none in HTML (`br`, `input`) is closed in its tag.
  static func element(_ name: String, _ attributes: KeyValuePairs<String, String> = [:], _ content: String = "")
    -> String
  {
    let tag = name + attributes.map { " \($0.key)=\"\(escape($0.value))\"" }.joined()
    return content.isEmpty && closedAtOnce.contains(name) ? "<\(tag)/>" : "<\(tag)>\(content)</\(name)>"
  }

  static func text(_ name: String, _ attributes: KeyValuePairs<String, String> = [:], _ text: String) -> String {
    element(name, attributes, escape(text))
  }

  private static let closedAtOnce: Set<String> = [
    "br", "circle", "hr", "input", "line", "link", "meta", "path", "polyline", "rect", "use",
  ]
}
