// SPDX-License-Identifier: Apache-2.0

/// What the value of a field looks like: the reader checks it, and the JSON Schema is made of it, so that they agree.
package indirect enum Shape: Sendable {
  case integer(ClosedRange<Int>)
  case number(ClosedRange<Double>)
  case boolean
  /// Istio's durations: `10s`, `1.5s`, `1h3m`, `100ms`.
  case duration(millisecondsMin: Int)
  /// The same to the nanosecond.
  case nanoseconds(ClosedRange<UInt64>)
  case text
  case words([String])
  case object(any FieldName.Type)
  case list(Shape)
  /// One of several.
  case either([Shape])
  /// A mapping of free keys.
  case map(Shape)
  /// Read by rules that a schema does not have, or not read at all.
  case anything
}

/// A field whose value is one setting.
protocol SettingField: FieldName {
  var setting: Setting? { get }
}

extension SettingField {
  var shape: Shape { setting?.shape ?? .anything }
}

extension Reader {
  /// Reads the fields of a mapping that are settings; `visit` gets the others.
  func settings<Name: SettingField>(
    _ node: Node, _: Name.Type, into assignments: inout [Assignment], other visit: (Name, Node) -> Void = { _, _ in }
  ) {
    var read: [Assignment] = []
    mapping(node, Name.self) { field, value in
      guard let setting = field.setting else { return visit(field, value) }
      if let assignment = assignment(setting, value) { read.append(assignment) }
    }
    assignments += read
  }

  func assignment(_ setting: Setting, _ node: Node) -> Assignment? {
    guard let shape = setting.shape, let value = settingValue(shape, node) else { return nil }
    if case .number(0) = value, setting.isDefaultWhenZero {
      warning(at: node.position, "0 means the default; leave it out")
      return nil
    }
    return Assignment(setting: setting, value: value, position: node.position)
  }

  private func settingValue(_ shape: Shape, _ node: Node) -> SettingValue? {
    switch shape {
    case .integer(let range): integer(node, in: range).map { .number(UInt32(clamping: $0)) }
    case .number(let range): number(node, in: range).map { .real($0) }
    case .boolean: boolean(node).map { .flag($0) }
    case .duration(let millisecondsMin): duration(node, millisecondsMin: millisecondsMin).map { .milliseconds($0) }
    default: nil
    }
  }

  /// A decimal number, whole or not.
  package func number(_ node: Node, in range: ClosedRange<Double>) -> Double? {
    guard let value = number(node) else { return nil }
    if range.contains(value) { return value }
    let text = Excerpt.plain(tree.string(node))
    error(at: node.position, "\(text) is not between \(Self.text(range.lowerBound)) and \(Self.text(range.upperBound))")
    return nil
  }

  /// `1` and not `1.0`.
  private static func text(_ bound: Double) -> String {
    let text = "\(bound)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  /// The same of any size, but finite.
  package func number(_ node: Node) -> Double? {
    if node.kind == .scalar, node.isPlain {
      switch scalarType(node) {
      case .null: return nil
      case .integer, .float:
        let text = tree.string(node)
        if let value = Double(text), value.isFinite { return value }
        error(at: node.position, "\(Excerpt.plain(text)) is not a decimal number that can be computed with")
        return nil
      default: break
      }
    }
    error(at: node.position, "expected a number, found \(describe(node))")
    return nil
  }
}
