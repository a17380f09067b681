// SPDX-License-Identifier: Apache-2.0

extension Reader {
  /// A `networking.istio.io` DestinationRule; nil when it has an error or nothing in it can be put in force.
  func destinationRule(_ node: Node) -> RuleObject? {
    guard let parts = ruleParts(node) else { return nil }
    var rule = DestinationRule()
    var host: RuleHost?
    var hasHost = false
    var isPrivate = false
    spec(parts, DestinationRuleField.self) { field, value in
      switch field {
      case .host:
        hasHost = !isNull(value)
        host = self.host(value, namespace: parts.metadata.namespace)
      case .trafficPolicy: rule.policy = portedPolicy(value)
      case .subsets: rule.subsets = subsets(value)
      case .exportTo: isPrivate = self.isPrivate(exportTo: value)
      case .workloadSelector: return
      }
    }
    if let spec = parts.spec, spec.kind == .mapping, !hasHost { within("spec") { missing("host", in: spec) } }
    guard let key = parts.metadata.key, let host else { return nil }
    return RuleObject(
      kind: .destinationRule, key: key, position: parts.position, hosts: [host], isPrivate: isPrivate,
      content: .destinationRule(rule))
  }

  private func subsets(_ node: Node) -> [DestinationRule.Subset] {
    var subsets: [DestinationRule.Subset] = []
    sequence(node, countMax: RuleLimit.subsets) { _, item in
      guard let subset = subset(item) else { return }
      if let first = subsets.first(where: { $0.name == subset.name }) {
        error(
          at: item.position, field: "\(field).name",
          "two subsets have the name `\(subset.name)`, the first on line \(first.position.line)")
      }
      subsets.append(subset)
    }
    return subsets
  }

  private func subset(_ node: Node) -> DestinationRule.Subset? {
    var name: String?
    var hasName = false
    var labels: [String: String] = [:]
    var policy = PortedPolicy()
    mapping(node, SubsetField.self) { field, value in
      switch field {
      case .name:
        hasName = !isNull(value)
        name = self.name(value, .label)
      case .labels:
        stringPairs(value) { key, value in
          let label = tree.string(tree[key])
          let text = isNull(value) ? "" : tree.string(value)
          guard NameRule.isLabel(key: label, value: text) else {
            return error(at: value.position, "\(Excerpt.quoted(label)): \(Excerpt.quoted(text)) is not a label")
          }
          labels[label] = text
        }
      case .trafficPolicy: policy = portedPolicy(value)
      }
    }
    if node.kind == .mapping, !hasName { missing("name", in: node) }
    guard let name else { return nil }
    return DestinationRule.Subset(name: name, labels: labels, policy: policy, position: node.position)
  }

  // MARK: trafficPolicy

  private func portedPolicy(_ node: Node) -> PortedPolicy {
    var policy = PortedPolicy()
    mapping(node, PolicyGroupsField.self) { field, value in
      if isNull(value) { return }
      switch field {
      case .connectionPool: policy.groups.connectionPool = connectionPool(value)
      case .outlierDetection: policy.groups.outlierDetection = outlierDetection(value)
      case .loadBalancer: policy.groups.loadBalancer = loadBalancerRule(value)
      case .tls: checkTLS(value)
      case .portLevelSettings: policy.ports = portPolicies(value)
      case .tunnel, .proxyProtocol, .retryBudget: return
      }
    }
    return policy
  }

  private func portPolicies(_ node: Node) -> [PortedPolicy.Port] {
    var ports: [PortedPolicy.Port] = []
    sequence(node, countMax: PortLimit.perService) { _, item in
      guard let port = portPolicy(item) else { return }
      if ports.contains(where: { $0.number == port.number }) {
        error(at: item.position, field: "\(field).port.number", "port \(port.number) is given twice")
      }
      ports.append(port)
    }
    return ports
  }

  private func portPolicy(_ node: Node) -> PortedPolicy.Port? {
    var number: UInt16?
    var hasPort = false
    var groups = PolicyGroups()
    mapping(node, PortPolicyField.self) { field, value in
      if isNull(value) { return }
      switch field {
      case .port:
        hasPort = true
        number = portSelector(value)
      case .connectionPool: groups.connectionPool = connectionPool(value)
      case .outlierDetection: groups.outlierDetection = outlierDetection(value)
      case .loadBalancer: groups.loadBalancer = loadBalancerRule(value)
      case .tls: checkTLS(value)
      }
    }
    if node.kind == .mapping, !hasPort { missing("port", in: node) }
    return number.map { PortedPolicy.Port(number: $0, policy: groups, position: node.position) }
  }

  private func connectionPool(_ node: Node) -> [Assignment] {
    var assignments: [Assignment] = []
    mapping(node, ConnectionPoolField.self) { field, value in
      switch field {
      case .tcp: settings(value, TCPSettingsField.self, into: &assignments)
      case .http:
        settings(value, HTTPSettingsField.self, into: &assignments) { field, value in
          if field == .h2UpgradePolicy, word(value, H2UpgradePolicy.self) == .upgrade {
            unsupported(at: value.position, "`UPGRADE` is not supported: requests stay HTTP/1.1")
          }
        }
      }
    }
    return assignments
  }

  private func outlierDetection(_ node: Node) -> [Assignment] {
    var assignments = [Assignment(setting: .outlierDetection, value: .flag(true), position: node.position)]
    settings(node, OutlierDetectionField.self, into: &assignments)
    return assignments
  }

  private func checkTLS(_ node: Node) {
    mapping(node, TLSField.self) { _, value in
      guard let mode = word(value, TLSMode.self), mode != .disable else { return }
      unsupported(at: value.position, "`\(mode.rawValue)` is not supported: Swerve does not encrypt; applications do")
    }
  }
}
