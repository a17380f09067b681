// SPDX-License-Identifier: Apache-2.0

/// Where a value that is in force is written.
struct Origin: Sendable {
  let path: String
  let position: Position
  /// Path of the field in its document.
  let field: String
  /// Whether the rule names the Service, and not the end of its name.
  let isNamed: Bool
  /// Whether it is given for this port alone.
  var isOfPort = false

  var location: SourceLocation { position.location(in: path) }

  func diagnostic(_ severity: Diagnostic.Severity, _ message: String, suggestion: String? = nil) -> Diagnostic {
    Diagnostic(severity: severity, location: location, field: field, message: message, suggestion: suggestion)
  }
}

/// What the rules of a Service come down to for one of its ports, with where each value comes from.
struct EffectivePolicy: Sendable {
  private(set) var settings = TrafficSettings()
  private(set) var loadBalancer = LoadBalancer.leastRequest
  private(set) var locality: LocalityRule?
  /// The labels that an EndpointSlice has to have; nil: all slices serve.
  private(set) var subsetLabels: [String: String]?
  private(set) var subsetName: String?
  private(set) var origins: [Setting: Origin] = [:]
  private(set) var diagnostics: [Diagnostic] = []

  /// What is in force for a Service without rules.
  init(of service: Placed<ServiceObject>) {
    applyOwnLoadBalancer(of: service)
  }

  init(of service: Placed<ServiceObject>, port: ServiceObject.Port, rules: RuleSet) {
    let key = service.object.key
    if let rule = rules.destinationRule { applyDestinationRule(rule, key: key, port: port, rules.virtualService) }
    if let rule = rules.virtualService { applyVirtualService(rule, key: key, port: port, rules.destinationRule) }
    for selector in [nil, port.number] {
      guard let rule = rules.trafficPolicies[selector], case .trafficPolicy(let policy) = rule.object.content else {
        continue
      }
      apply(policy.assignments, Layer(rule: rule, key: key, prefix: "spec", isPort: selector != nil))
    }
    applyOwnLoadBalancer(of: service)
    // Envoy: an ejection is never cut shorter than the first one.
    if origins[.outlierDetection] != nil {
      settings.outlierDetection.maxEjectionTimeMilliseconds = max(
        settings.outlierDetection.maxEjectionTimeMilliseconds, settings.outlierDetection.baseEjectionTimeMilliseconds)
    }
    // The relay serves a fallback, and connections do not pass through it in connection mode.
    if !port.isPerRequest { settings.fallback = nil }
  }

  /// Whether the endpoints of a slice serve.
  func includes(_ slice: SliceObject) -> Bool {
    guard let subsetLabels else { return true }
    return subsetLabels.allSatisfy { slice.labels[$0.key] == $0.value }
  }

  // MARK: Layers

  /// The place of some assignments in a document.
  private struct Layer {
    let rule: Placed<RuleObject>
    let key: ObjectKey
    let prefix: String
    var isPort = false

    func origin(_ path: String, _ position: Position) -> Origin {
      Origin(
        path: rule.place.path, position: position, field: path.isEmpty ? prefix : "\(prefix).\(path)",
        isNamed: rule.object.hosts.contains { $0.pattern == .service(key) }, isOfPort: isPort)
    }
  }

  private mutating func apply(_ assignments: [Assignment], _ layer: Layer) {
    for assignment in assignments {
      let setting = assignment.setting
      // Its defaults come in once; what is given afterwards changes single values.
      if setting == .outlierDetection, origins[.outlierDetection] != nil { continue }
      if case .loadBalancer(let algorithm) = assignment.value { loadBalancer = algorithm }
      settings.apply(assignment, namespace: layer.rule.object.key.namespace)
      origins[setting] = layer.origin(setting.rawValue, assignment.position)
    }
  }

  private mutating func applyOwnLoadBalancer(of service: Placed<ServiceObject>) {
    guard let own = service.object.loadBalancer else { return }
    let isAffinity = own == .sourceIP
    let origin = Origin(
      path: service.place.path, position: service.object.loadBalancerPosition,
      field: isAffinity ? "spec.sessionAffinity" : "metadata.annotations[\"\(Annotation.loadBalancer.name)\"]",
      isNamed: true)
    if let rule = origins[.loadBalancer], rule.isNamed, own != loadBalancer {
      let what = isAffinity ? "`sessionAffinity: ClientIP`" : "`\(Annotation.loadBalancer.name): \(own.rawValue)`"
      diagnostics.append(
        rule.diagnostic(
          .warning,
          "without effect for Service \(service.object.key): its \(what) wins, \(origin.location)"))
    }
    loadBalancer = own
    origins[.loadBalancer] = origin
  }

  // MARK: DestinationRule

  /// The three groups of a `trafficPolicy`, each with the place it was last given at.
  private struct Groups {
    var connectionPool: ([Assignment], Layer)?
    var outlierDetection: ([Assignment], Layer)?
    var loadBalancer: (LoadBalancerRule, Layer)?

    /// A subset keeps the groups it does not give; a port keeps none.
    mutating func take(_ groups: PolicyGroups, _ layer: Layer) {
      connectionPool = groups.connectionPool.map { ($0, layer) } ?? (layer.isPort ? nil : connectionPool)
      outlierDetection = groups.outlierDetection.map { ($0, layer) } ?? (layer.isPort ? nil : outlierDetection)
      loadBalancer = groups.loadBalancer.map { ($0, layer) } ?? (layer.isPort ? nil : loadBalancer)
    }

    mutating func take(
      _ policy: PortedPolicy, port: UInt16, rule: Placed<RuleObject>, key: ObjectKey, prefix: String
    ) {
      take(policy.groups, Layer(rule: rule, key: key, prefix: prefix))
      for (index, special) in policy.ports.enumerated() where special.number == port {
        take(
          special.policy,
          Layer(rule: rule, key: key, prefix: "\(prefix).portLevelSettings[\(index)]", isPort: true))
      }
    }
  }

  private mutating func applyDestinationRule(
    _ placed: Placed<RuleObject>, key: ObjectKey, port: ServiceObject.Port, _ virtualService: Placed<RuleObject>?
  ) {
    guard case .destinationRule(let rule) = placed.object.content else { return }
    var groups = Groups()
    groups.take(rule.policy, port: port.number, rule: placed, key: key, prefix: "spec.trafficPolicy")
    if let name = Self.subset(virtualService, port),
      let index = rule.subsets.firstIndex(where: { $0.name == name.name })
    {
      let subset = rule.subsets[index]
      groups.take(
        subset.policy, port: port.number, rule: placed, key: key, prefix: "spec.subsets[\(index)].trafficPolicy")
      subsetLabels = subset.labels
      subsetName = subset.name
    }
    if let (pool, layer) = groups.connectionPool { apply(pool, layer) }
    if let (outlier, layer) = groups.outlierDetection { apply(outlier, layer) }
    if let (balancer, layer) = groups.loadBalancer {
      apply(balancer.assignments, layer)
      locality = balancer.locality
      if let locality {
        origins[.locality] = layer.origin(Setting.locality.rawValue, locality.position)
      }
    }
  }

  // MARK: VirtualService

  private static func subset(
    _ placed: Placed<RuleObject>?, _ port: ServiceObject.Port
  ) -> VirtualService.SubsetName? {
    guard case .virtualService(let service) = placed?.object.content, service.port ?? port.number == port.number else {
      return nil
    }
    return service.subset
  }

  private mutating func applyVirtualService(
    _ placed: Placed<RuleObject>, key: ObjectKey, port: ServiceObject.Port, _ destinationRule: Placed<RuleObject>?
  ) {
    guard case .virtualService(let service) = placed.object.content, service.port ?? port.number == port.number else {
      return
    }
    let layer = Layer(rule: placed, key: key, prefix: "spec.http[0]", isPort: service.port != nil)
    apply(service.assignments, layer)
    guard let subset = service.subset else { return }
    let origin = layer.origin("route[0].destination.subset", subset.position)
    origins[.subset] = origin
    if subsetName != nil { return }
    guard let destinationRule, case .destinationRule(let rule) = destinationRule.object.content else {
      diagnostics.append(
        origin.diagnostic(.error, "no DestinationRule for Service \(key) defines the subset `\(subset.name)`"))
      return
    }
    diagnostics.append(
      origin.diagnostic(
        .error, "DestinationRule \(destinationRule.object.key) has no subset `\(subset.name)`",
        suggestion: Suggestion.nearest(to: subset.name, among: rule.subsets.map(\.name))))
  }
}

extension ServiceObject.Port {
  var isPerRequest: Bool { appProtocol == "http" }
}
