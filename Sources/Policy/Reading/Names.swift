// SPDX-License-Identifier: Apache-2.0

/// The kinds of names Kubernetes has, with the rule that each has to follow.
package enum NameRule {
  /// RFC 1123 label: names of Services, namespaces and Service ports.
  case label
  /// RFC 1123 subdomain: names of EndpointSlices and nodes.
  case subdomain
  /// The value of a label, used for zones.
  case labelValue

  /// The reason why `name` breaks the rule; nil when it follows it.
  package func complaint(about name: String) -> String? {
    switch self {
    case .label:
      if Self.isLabel(name) { return nil }
      return "\(Excerpt.quoted(name)) is not a DNS label: at most 63 of a-z, 0-9 and -, no - at either end"
    case .subdomain:
      let labels = name.split(separator: ".", omittingEmptySubsequences: false)
      if name.utf8.count <= 253 && labels.allSatisfy({ Self.isLabel(String($0)) }) { return nil }
      return "\(Excerpt.quoted(name)) is not a DNS name: at most 253 characters, DNS labels joined by dots"
    case .labelValue:
      if Self.isLabelValue(name) { return nil }
      return "\(Excerpt.quoted(name)) is not a label value: at most 63 of a-z, A-Z, 0-9, -, _ and ."
    }
  }

  private static func isLabel(_ name: String) -> Bool {
    let bytes = name.utf8
    guard (1...63).contains(bytes.count), bytes.first != UInt8(ascii: "-"), bytes.last != UInt8(ascii: "-") else {
      return false
    }
    return bytes.allSatisfy { isLowerAlphanumeric($0) || $0 == UInt8(ascii: "-") }
  }

  /// Whether Kubernetes would have it as a label: a name of at most 63, behind a DNS name and a slash or not, and a value
  /// that may be empty.
  static func isLabel(key: String, value: String) -> Bool {
    let parts = key.split(separator: "/", omittingEmptySubsequences: false)
    guard let name = parts.last, parts.count <= 2, isLabelValue(String(name)) else { return false }
    if parts.count == 2, NameRule.subdomain.complaint(about: String(parts[0])) != nil { return false }
    return value.isEmpty || isLabelValue(value)
  }

  private static func isLabelValue(_ name: String) -> Bool {
    let bytes = name.utf8
    guard bytes.count <= 63, let first = bytes.first, let last = bytes.last else { return false }
    return isAlphanumeric(first) && isAlphanumeric(last)
      && bytes.allSatisfy {
        isAlphanumeric($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: ".")
      }
  }

  private static func isLowerAlphanumeric(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    isLowerAlphanumeric(byte) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
  }
}

extension Reader {
  /// A string that follows `rule`.
  package func name(_ node: Node, _ rule: NameRule) -> String? {
    guard let name = string(node) else { return nil }
    if let complaint = rule.complaint(about: name) {
      error(at: node.position, complaint)
      return nil
    }
    return name
  }

  /// One of a few words; what Kubernetes knows but Swerve does not is in `unsupported` with the reason.
  package func word<Word: RawRepresentable<String> & CaseIterable>(_ node: Node, _: Word.Type) -> Word? {
    guard let text = string(node) else { return nil }
    if let word = Word(rawValue: text) { return word }
    let words = Word.allCases.map(\.rawValue)
    let nearest = suggestion(for: text, among: words)
    let choice = nearest == nil ? "; it is one of \(words.joined(separator: ", "))" : ""
    error(at: node.position, "unknown value `\(Excerpt.plain(text))`\(choice)", suggestion: nearest)
    return nil
  }
}
