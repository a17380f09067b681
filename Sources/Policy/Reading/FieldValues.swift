// SPDX-License-Identifier: Apache-2.0

/// The fields that one mapping has, read by name; ranges are those of the fields' shapes.
///
/// What cannot be read is reported and nil, and so is what is not there, which is not.
package struct FieldValues<Name: FieldName & Hashable> {
  package let reader: Reader
  package let node: Node
  private var nodes: [Name: Node] = [:]

  /// Reports unknown fields and required ones that are not there; nil when the node is no mapping.
  package init?(_ reader: Reader, _ node: Node, _: Name.Type) {
    guard reader.expect(node, .mapping, "a mapping") else { return nil }
    self.reader = reader
    self.node = node
    var nodes: [Name: Node] = [:]
    reader.mapping(node, Name.self) { field, value in
      if !reader.isNull(value) { nodes[field] = value }
    }
    self.nodes = nodes
    for field in Name.required where nodes[field] == nil { reader.missing(field.rawValue, in: node) }
  }

  /// Those of `fields` that are there, in their order.
  package func present(of fields: [Name]) -> [Name] { fields.filter { nodes[$0] != nil } }

  package func has(_ field: Name) -> Bool { nodes[field] != nil }

  @discardableResult
  package func read<Value>(_ field: Name, _ read: (Node) -> Value?) -> Value? {
    guard let node = nodes[field] else { return nil }
    var value: Value?
    reader.within(field.rawValue) { value = read(node) }
    return value
  }

  /// Reports what is wrong with a field in the light of others.
  package func error(_ field: Name, _ message: String, suggestion: String? = nil) {
    read(field) { reader.error(at: $0.position, message, suggestion: suggestion) }
  }

  // MARK: Values

  package func integer(_ field: Name) -> Int? {
    guard case .integer(let range) = field.shape else { return nil }
    return read(field) { reader.integer($0, in: range) }
  }

  package func number(_ field: Name) -> Double? {
    guard case .number(let range) = field.shape else { return nil }
    return read(field) { reader.number($0, in: range) }
  }

  /// Nanoseconds.
  package func duration(_ field: Name) -> UInt64? {
    guard case .nanoseconds(let range) = field.shape else { return nil }
    return read(field) { reader.duration($0, in: range) }
  }

  package func boolean(_ field: Name) -> Bool? { read(field) { reader.boolean($0) } }

  package func text(_ field: Name) -> String? { read(field) { reader.string($0) } }

  package func name(_ field: Name, _ rule: NameRule) -> String? { read(field) { reader.name($0, rule) } }

  package func word<Word: RawRepresentable<String> & CaseIterable>(_ field: Name, _: Word.Type) -> Word? {
    read(field) { reader.word($0, Word.self) }
  }

  /// Items of a sequence of at most `countMax`, those that can be read.
  package func list<Value>(_ field: Name, countMax: Int, _ item: (Node) -> Value?) -> [Value]? {
    read(field) { node in
      var values: [Value] = []
      reader.sequence(node, countMax: countMax) { _, child in
        if let value = item(child) { values.append(value) }
      }
      return values
    }
  }
}

extension Reader {
  /// Whole nanoseconds.
  package func duration(_ node: Node, in range: ClosedRange<UInt64>) -> UInt64? {
    guard let exact = nanoseconds(node) else { return nil }
    let whole = exact.rounded()
    // Below a tenth of a nanosecond is the rounding of the decimal fraction.
    guard abs(whole - exact) <= 0.1 else {
      error(at: node.position, "\(tree.string(node)) is finer than a nanosecond")
      return nil
    }
    if let value = UInt64(exactly: whole), range.contains(value) { return value }
    let (least, most) = (DurationText.text(range.lowerBound), DurationText.text(range.upperBound))
    error(at: node.position, "\(tree.string(node)) is not between \(least) and \(most)")
    return nil
  }

  /// A known name, with the nearest one when it is another.
  package func known(_ node: Node, _ what: String, among names: [String]) -> String? {
    guard let text = string(node) else { return nil }
    if names.contains(text) { return text }
    let nearest = suggestion(for: text, among: names)
    let choice = nearest != nil || names.isEmpty ? "" : "; there is \(Self.listed(names))"
    error(at: node.position, "no \(what) is called `\(Excerpt.plain(text))`\(choice)", suggestion: nearest)
    return nil
  }

  private static func listed(_ names: [String]) -> String {
    let shown = names.prefix(8).joined(separator: ", ")
    return names.count > 8 ? shown + ", ..." : shown
  }
}
