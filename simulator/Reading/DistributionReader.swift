// SPDX-License-Identifier: Apache-2.0

import Policy

/// What the values of a distribution are.
enum DistributionUnit {
  /// Nanoseconds, written with a unit.
  case time
  /// Plain numbers.
  case factor
}

extension Reader {
  /// A value alone is a constant; anything else is a mapping with the name of the distribution.
  func distribution(_ node: Node, _ unit: DistributionUnit) -> Distribution? {
    if node.kind == .scalar { return quantity(node, unit).map { .constant($0) } }
    guard let fields = FieldValues(self, node, DistributionField.self),
      let kind = only(fields, of: DistributionField.allCases, in: node)
    else { return nil }
    if kind == .mixture { return fields.read(.mixture) { mixture($0, unit) } }
    return fields.read(kind) { simple(kind, $0, unit) }
  }

  private func mixture(_ node: Node, _ unit: DistributionUnit) -> Distribution? {
    var components: [Distribution.Component] = []
    var isWhole = true
    sequence(node, countMax: ScenarioLimit.componentsMax) { _, item in
      guard let component = component(item, unit) else { return isWhole = false }
      components.append(component)
    }
    guard isWhole, node.kind == .sequence else { return nil }
    guard components.contains(where: { $0.weight > 0 }) else {
      error(at: node.position, "a mixture needs something of a weight above 0")
      return nil
    }
    return .mixture(components)
  }

  private func component(_ node: Node, _ unit: DistributionUnit) -> Distribution.Component? {
    let kinds = MixtureField.allCases.filter { $0 != .weight }
    guard let fields = FieldValues(self, node, MixtureField.self) else { return nil }
    let weight = fields.number(.weight)
    guard let field = only(fields, of: kinds, in: node), let kind = DistributionField(rawValue: field.rawValue),
      let distribution = fields.read(field, { simple(kind, $0, unit) }), let weight
    else { return nil }
    return Distribution.Component(weight: weight, distribution)
  }

  private func simple(_ kind: DistributionField, _ node: Node, _ unit: DistributionUnit) -> Distribution? {
    switch kind {
    case .constant: return quantity(node, unit).map { .constant($0) }
    case .uniform:
      guard let fields = FieldValues(self, node, UniformField.self) else { return nil }
      let (min, max) = (fields.quantity(.min, unit), fields.quantity(.max, unit))
      guard let min, let max else { return nil }
      guard min <= max else {
        fields.error(.max, "`max` is below `min`")
        return nil
      }
      return .uniform(min: min, max: max)
    case .exponential:
      guard let fields = FieldValues(self, node, ExponentialField.self) else { return nil }
      return fields.quantity(.mean, unit).map { .exponential(mean: $0) }
    case .normal:
      guard let fields = FieldValues(self, node, NormalField.self) else { return nil }
      let (mean, deviation) = (fields.quantity(.mean, unit), fields.quantity(.standardDeviation, unit))
      let min = fields.has(.min) ? fields.quantity(.min, unit) : 0
      guard let mean, let deviation, let min else { return nil }
      return .normal(mean: mean, standardDeviation: deviation, min: min)
    case .lognormal:
      guard let fields = FieldValues(self, node, LognormalField.self) else { return nil }
      let (median, sigma) = (fields.quantity(.median, unit), fields.number(.sigma))
      guard let median, let sigma else { return nil }
      return .lognormal(median: median, sigma: sigma)
    case .mixture: return nil
    }
  }

  /// The one field of several that is there; none or two are an error.
  func only<Name>(_ fields: FieldValues<Name>, of choices: [Name], in node: Node) -> Name? {
    let present = fields.present(of: choices)
    if let first = present.first, present.count == 1 { return first }
    if let second = present.dropFirst().first, let first = present.first {
      fields.error(second, "`\(second.rawValue)` and `\(first.rawValue)` exclude each other")
    } else if !hasUnknownFields(node, Name.self) {
      let names = choices.map { "`\($0.rawValue)`" }
      error(at: node.position, "one of \(names.joined(separator: ", ")) is needed")
    }
    return nil
  }

  /// What is there instead has been reported, so that nothing more need be said.
  private func hasUnknownFields<Name: FieldName>(_ node: Node, _: Name.Type) -> Bool {
    let children = tree.children(of: node)
    return stride(from: children.startIndex, to: children.endIndex, by: 2).contains { index in
      Name(rawValue: tree.string(tree[children[index]])) == nil
    }
  }

  fileprivate func quantity(_ node: Node, _ unit: DistributionUnit) -> Double? {
    switch unit {
    case .factor: return number(node, in: 0...1_000_000)
    case .time:
      guard let exact = nanoseconds(node) else { return nil }
      guard exact <= Double(ScenarioLimit.durationMax) else {
        let text = tree.string(node)
        error(at: node.position, "\(text) is not between 0s and \(DurationText.text(ScenarioLimit.durationMax))")
        return nil
      }
      // What is left of a decimal fraction in binary.
      let whole = exact.rounded()
      return abs(whole - exact) < 0.001 ? whole : exact
    }
  }
}

extension FieldValues {
  fileprivate func quantity(_ field: Name, _ unit: DistributionUnit) -> Double? {
    read(field) { reader.quantity($0, unit) }
  }
}

extension FieldValues {
  func distribution(_ field: Name, _ unit: DistributionUnit) -> Distribution? {
    read(field) { reader.distribution($0, unit) }
  }
}
