// SPDX-License-Identifier: Apache-2.0

/// Bounds on what one rule may hold.
enum RuleLimit {
  static let subsets = 1024
  static let hosts = 256
  static let localities = 256
}

/// What DestinationRules, VirtualServices and TrafficPolicies have in common.
extension Reader {
  /// The parts of an object whose `spec` is a rule.
  struct RuleParts {
    var metadata = Metadata()
    var spec: Node?
    var position: Position
  }

  /// nil when something is missing, which has been reported.
  func ruleParts(_ node: Node) -> RuleParts? {
    var parts = RuleParts(position: node.position)
    var hasMetadata = false
    mapping(node, ObjectField.self) { field, value in
      switch field {
      case .metadata:
        hasMetadata = true
        parts.metadata = metadata(value, nameRule: .subdomain, annotations: [])
      case .spec where !isNull(value): parts.spec = value
      default: return
      }
    }
    if !hasMetadata { missing("metadata", in: node) }
    if parts.spec == nil { missing("spec", in: node) }
    return parts
  }

  /// Reads `spec`, whose fields need the namespace, which may be written below it.
  func spec<Name: FieldName>(_ parts: RuleParts, _: Name.Type, _ visit: (Name, Node) -> Void) {
    guard let spec = parts.spec else { return }
    within("spec") { mapping(spec, Name.self, visit) }
  }

  func host(_ node: Node, namespace: String) -> RuleHost? {
    guard let text = string(node) else { return nil }
    guard let pattern = HostPattern(text, namespace: namespace) else {
      let name = text.hasPrefix("*.") ? String(text.dropFirst(2)) : text
      let isName = !name.contains("*") && NameRule.subdomain.complaint(about: name) == nil
      if isName {
        unsupported(
          at: node.position,
          "\(Excerpt.quoted(text)) is not supported: a host is a Service, as name, name.namespace or "
            + "name.namespace.svc.cluster.local")
      } else {
        error(
          at: node.position,
          "\(Excerpt.quoted(text)) is not a host: write name, name.namespace, name.namespace.svc.cluster.local, or * "
            + "and the end of such a name")
      }
      return nil
    }
    return RuleHost(pattern: pattern, position: node.position)
  }

  /// Whether the rule concerns only Services of its own namespace.
  func isPrivate(exportTo node: Node) -> Bool {
    var isPrivate = false
    sequence(node) { _, item in
      guard let text = string(item) else { return }
      switch ExportTo(rawValue: text) {
      case .everyone: return
      case .ownNamespace: isPrivate = node.count == 1
      case nil:
        unsupported(
          at: item.position,
          "\(Excerpt.quoted(text)) is not supported: `*`, every namespace, and `.`, the own one, are")
      }
    }
    return isPrivate
  }

  /// `{number: 80}`
  func portSelector(_ node: Node) -> UInt16? {
    var number: Int?
    var hasNumber = false
    mapping(node, PortSelectorField.self) { _, value in
      hasNumber = !isNull(value)
      number = integer(value, in: 1...65_535)
    }
    if node.kind == .mapping, !hasNumber { missing("number", in: node) }
    return number.flatMap { UInt16(exactly: $0) }
  }
}
