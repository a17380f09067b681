// SPDX-License-Identifier: Apache-2.0

/// Reads typed values out of one document and reports everything that is wrong on the way.
///
/// Every method that returns an optional has either reported why there is no value, or the value was null, which in
/// Kubernetes means that the field is not there. Local to one parse, never shared.
package final class Reader {
  /// Children that may be visited in one document: each once, and a few at the top again. Aliases would make a small
  /// document visit the same nodes without end.
  private static let visitsMax = TreeBuilder.Limit.nodes + TreeBuilder.Limit.nodes / 4

  private enum Step {
    case key(NodeID)
    case index(Int)
    /// A field that is read apart from the mapping it is in.
    case name(String)
  }

  package let tree: NodeTree
  let allowUnsupported: Bool
  let readBody: PolicyParser.BodyReader?
  package private(set) var sink: DiagnosticSink
  private var trail: [Step] = []
  private var visits = 0
  /// Paths of the fields that were suggested in place of unknown ones.
  private var suggestedFields: Set<String> = []

  init(
    tree: NodeTree, sink: DiagnosticSink, allowUnsupported: Bool, readBody: PolicyParser.BodyReader? = nil
  ) {
    self.tree = tree
    self.readBody = readBody
    self.sink = sink
    self.allowUnsupported = allowUnsupported
  }

  // MARK: Reporting

  var field: String { path().description }

  package func error(at position: Position, field: String? = nil, _ message: String, suggestion: String? = nil) {
    sink.report(.error, at: position, field: field ?? self.field, message, suggestion: suggestion)
  }

  package func warning(at position: Position, field: String? = nil, _ message: String) {
    sink.report(.warning, at: position, field: field ?? self.field, message)
  }

  /// Something that Kubernetes has and Swerve has not.
  func unsupported(at position: Position, field: String? = nil, _ message: String) {
    if allowUnsupported {
      sink.report(.warning, at: position, field: field ?? self.field, "\(message); it has no effect")
    } else {
      sink.report(.error, at: position, field: field ?? self.field, "\(message) (--allow-unsupported to ignore it)")
    }
  }

  /// A field that has to be there is not: reported at the mapping that lacks it.
  package func missing(_ name: String, in node: Node, _ advice: String = "") {
    var path = path()
    path.append(name: name)
    // It is there, but misspelt, which has been said.
    if suggestedFields.contains(path.description) { return }
    error(at: node.position, field: path.description, "missing field `\(name)`\(advice)")
  }

  private func path(dropping count: Int = 0) -> FieldPath {
    var path = FieldPath()
    for step in trail.dropLast(count) {
      switch step {
      case .key(let key): path.append(name: tree.string(tree[key]))
      case .index(let index): path.append(index: index)
      case .name(let name): path.append(name: name)
      }
    }
    return path
  }

  // MARK: Collections

  /// Calls `visit` with each known, supported field of a mapping; reports the others.
  package func mapping<Name: FieldName>(_ node: Node, _: Name.Type, _ visit: (Name, Node) -> Void) {
    guard expect(node, .mapping, "a mapping") else { return }
    pairs(node) { key, value in
      let known = tree.withText(tree[key]) { $0.isEmpty ? nil : Name.table.field(named: $0) }
      guard let known else { return unknownField(key, Name.self) }
      switch known.support {
      case .ignored: return
      case .unsupported(let reason):
        if !isNull(value) { unsupported(at: tree[key].position, "`\(known.rawValue)` is not supported: \(reason)") }
      case .supported: visit(known, value)
      }
    }
  }

  private func unknownField<Name: FieldName>(_ key: NodeID, _: Name.Type) {
    let name = tree.string(tree[key])
    let nearest = suggestion(for: name, among: Name.allCases.map(\.rawValue))
    error(at: tree[key].position, "unknown field `\(Excerpt.plain(name))`", suggestion: nearest)
    guard let nearest, suggestedFields.count < DiagnosticSink.countMax else { return }
    var path = path(dropping: 1)
    path.append(name: nearest)
    suggestedFields.insert(path.description)
  }

  /// The nearest known name; none once nothing more is listed, because finding it is the dearest part of a mistake.
  package func suggestion(for word: String, among candidates: some Sequence<String>) -> String? {
    sink.isFull ? nil : Suggestion.nearest(to: word, among: candidates)
  }

  /// Calls `visit` with each key and value of a mapping whose keys are free, as labels and annotations.
  package func pairs(_ node: Node, _ visit: (NodeID, Node) -> Void) {
    let children = tree.children(of: node)
    guard charge(children.count, at: node) else { return }
    var i = children.startIndex
    while i + 1 < children.endIndex {
      // A key that is no scalar was reported when the tree was built.
      if tree[children[i]].kind == .scalar {
        trail.append(.key(children[i]))
        visit(children[i], tree[children[i + 1]])
        trail.removeLast()
      }
      i += 2
    }
  }

  package func sequence(_ node: Node, _ visit: (Int, Node) -> Void) {
    if isNull(node) { return }
    guard expect(node, .sequence, "a sequence") else { return }
    let children = tree.children(of: node)
    guard charge(children.count, at: node) else { return }
    for (i, child) in children.enumerated() {
      trail.append(.index(i))
      if isNull(tree[child]) {
        error(at: tree[child].position, "an item of a sequence is missing")
      } else {
        visit(i, tree[child])
      }
      trail.removeLast()
    }
  }

  /// The same for at most `countMax` items; that there are more is an error, and they are not read.
  package func sequence(_ node: Node, countMax: Int, _ visit: (Int, Node) -> Void) {
    sequence(node) { index, item in
      if index < countMax { visit(index, item) }
    }
    if node.kind == .sequence, node.count > countMax {
      error(at: node.position, "\(node.count) items; at most \(countMax) are read")
    }
  }

  /// Reads a field after its mapping, because what it means depends on other fields of that mapping.
  package func within(_ name: String, _ read: () -> Void) {
    trail.append(.name(name))
    read()
    trail.removeLast()
  }

  package func isNull(_ node: Node) -> Bool {
    node.kind == .scalar && node.isPlain && scalarType(node) == .null
  }

  package func expect(_ node: Node, _ kind: Node.Kind, _ name: String) -> Bool {
    if node.kind == kind { return true }
    if !isNull(node) { error(at: node.position, "expected \(name), found \(describe(node))") }
    return false
  }

  private func charge(_ count: Int, at node: Node) -> Bool {
    visits += count
    if visits <= Self.visitsMax { return true }
    if visits - count <= Self.visitsMax {
      error(at: node.position, "aliases expand to more than \(Self.visitsMax) values")
    }
    return false
  }

  // MARK: Scalars

  package func string(_ node: Node) -> String? {
    guard node.kind == .scalar else {
      error(at: node.position, "expected a string, found \(describe(node))")
      return nil
    }
    if node.isPlain {
      switch scalarType(node) {
      case .null: return nil
      case .string: break
      default:
        error(at: node.position, "expected a string, found \(describe(node)); write it in quotes")
        return nil
      }
    }
    return tree.string(node)
  }

  package func boolean(_ node: Node) -> Bool? {
    if node.kind == .scalar, node.isPlain {
      switch scalarType(node) {
      case .boolean(let value): return value
      case .null: return nil
      default: break
      }
    }
    error(at: node.position, "expected true or false, found \(describe(node))")
    return nil
  }

  package func integer(_ node: Node, in range: ClosedRange<Int>) -> Int? {
    if node.kind == .scalar, node.isPlain {
      switch scalarType(node) {
      case .null: return nil
      case .integer(let value):
        if let value, range.contains(value) { return value }
        error(
          at: node.position,
          "\(Excerpt.plain(tree.string(node))) is not between \(range.lowerBound) and \(range.upperBound)")
        return nil
      default: break
      }
    }
    error(at: node.position, "expected an integer, found \(describe(node))")
    return nil
  }

  func address(_ node: Node) -> IPAddress? {
    guard node.kind == .scalar, !isNull(node) else {
      error(at: node.position, "expected an IP address, found \(describe(node))")
      return nil
    }
    guard let address = tree.withText(node, { IPAddress(utf8: $0) }) else {
      error(at: node.position, "\(Excerpt.quoted(tree.string(node))) is not an IP address")
      return nil
    }
    guard !address.isUnspecified && !address.isMulticast else {
      error(at: node.position, "\(address) is not the address of a host")
      return nil
    }
    return address
  }

  package func scalarType(_ node: Node) -> ScalarType {
    tree.withText(node) { ScalarType(plain: $0) }
  }

  package func describe(_ node: Node) -> String {
    switch node.kind {
    case .mapping: return "a mapping"
    case .sequence: return "a sequence"
    case .scalar: break
    }
    let text = tree.string(node)
    guard node.isPlain else { return "the string \(Excerpt.quoted(text))" }
    switch scalarType(node) {
    case .null: return "nothing"
    case .boolean: return "the boolean \(text)"
    case .integer: return "the integer \(text)"
    case .float: return "the number \(text)"
    case .string: return "the string \(Excerpt.quoted(text))"
    }
  }
}
