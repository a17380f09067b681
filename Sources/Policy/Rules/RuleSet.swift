// SPDX-License-Identifier: Apache-2.0

/// The rules in force for one Service: of each kind the one that is most about it.
struct RuleSet: Sendable {
  private(set) var destinationRule: Placed<RuleObject>?
  private(set) var virtualService: Placed<RuleObject>?
  /// By port; nil is for all ports.
  private(set) var trafficPolicies: [UInt16?: Placed<RuleObject>] = [:]

  var isEmpty: Bool { destinationRule == nil && virtualService == nil && trafficPolicies.isEmpty }

  /// - Parameter rules: all that concern the Service, in any order.
  init(_ rules: [Placed<RuleObject>], for key: ObjectKey) {
    let visible = rules.filter { !$0.object.isPrivate || $0.object.key.namespace == key.namespace }
    let sorted = visible.sorted { Self.rank($0, for: key) < Self.rank($1, for: key) }
    for rule in sorted {
      switch rule.object.content {
      case .destinationRule: destinationRule = destinationRule ?? rule
      case .virtualService: virtualService = virtualService ?? rule
      case .trafficPolicy(let policy): trafficPolicies[policy.port] = trafficPolicies[policy.port] ?? rule
      }
    }
  }

  /// Ports that a rule speaks of and the Service does not have.
  func unknownPorts(of service: ServiceObject) -> [Diagnostic] {
    var diagnostics: [Diagnostic] = []
    func check(_ number: UInt16, _ position: Position, _ field: String, _ rule: Placed<RuleObject>) {
      guard !service.ports.contains(where: { $0.number == number }),
        rule.object.hosts.contains(where: { $0.pattern == .service(service.key) })
      else { return }
      diagnostics.append(
        Diagnostic(
          severity: .warning, location: position.location(in: rule.place.path), field: field,
          message: "without effect: Service \(service.key) has no port \(number)"))
    }
    if let rule = destinationRule, case .destinationRule(let content) = rule.object.content {
      for (index, port) in content.policy.ports.enumerated() {
        check(port.number, port.position, "spec.trafficPolicy.portLevelSettings[\(index)]", rule)
      }
    }
    if let rule = virtualService, case .virtualService(let content) = rule.object.content, let port = content.port {
      check(port, content.portPosition, "spec.http[0].route[0].destination.port", rule)
    }
    for rule in trafficPolicies.values {
      guard case .trafficPolicy(let content) = rule.object.content, let port = content.port else { continue }
      check(port, content.portPosition, "spec.port", rule)
    }
    return diagnostics.sorted()
  }

  /// The name itself before the longest wildcard, the own namespace before others, then the order of files.
  private static func rank(_ rule: Placed<RuleObject>, for key: ObjectKey) -> (Int, Int, ObjectPlace) {
    let specificity = rule.object.hosts.filter { $0.pattern.matches(key) }.map(\.pattern.specificity).max() ?? 0
    return (-specificity, rule.object.key.namespace == key.namespace ? 0 : 1, rule.place)
  }
}
