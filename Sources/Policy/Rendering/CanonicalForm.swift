// SPDX-License-Identifier: Apache-2.0

extension ParsedFile {
  /// What was read, written out again as one `List`: whatever way a file says it, the same meaning has the same text.
  /// Reading it gives the same objects; only their places differ.
  public var canonicalForm: JSONValue {
    let items =
      services.map(\.canonicalForm) + slices.map(\.canonicalForm) + rules.map(\.canonicalForm)
    return .object([("apiVersion", .string("v1")), ("kind", .string("List")), ("items", .array(items))])
  }
}

private func object(
  _ kind: ObjectKind, _ key: ObjectKey, labels: [String: String] = [:], annotations: [(String, String)] = [],
  _ rest: [(String, JSONValue)]
) -> JSONValue {
  var metadata: [(String, JSONValue)] = [("name", .string(key.name)), ("namespace", .string(key.namespace))]
  if !labels.isEmpty { metadata.append(("labels", .sorted(labels))) }
  if !annotations.isEmpty { metadata.append(("annotations", .object(annotations.map { ($0.0, .string($0.1)) }))) }
  return .object(
    [
      ("apiVersion", .string(kind.apiVersions[0])), ("kind", .string(kind.rawValue)), ("metadata", .object(metadata)),
    ] + rest)
}

extension JSONValue {
  fileprivate static func sorted(_ pairs: [String: String]) -> JSONValue {
    .object(pairs.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) })
  }

  fileprivate init(_ value: SettingValue) {
    switch value {
    case .number(let number): self = .integer(Int(number))
    case .milliseconds(let milliseconds): self = .string("\(milliseconds)ms")
    case .flag(let flag): self = .boolean(flag)
    case .real(let real): self = .number(real)
    case .conditions(let conditions): self = .string(RetryWord.text(conditions))
    case .loadBalancer(let algorithm): self = .string(algorithm.rawValue)
    case .fallback(.service(let name)): self = .object([("service", .string(name))])
    case .fallback(.response(let response)): self = .object([("response", response.canonicalForm)])
    }
  }
}

extension FallbackResponse {
  fileprivate var canonicalForm: JSONValue {
    var members: [(String, JSONValue)] = [
      ("status", .integer(status)), ("headers", .object(headers.map { ($0.name, .string($0.value)) })),
    ]
    if let bodyFile {
      members.append(("bodyFile", .string(bodyFile)))
    } else if !isBodiless {
      members.append(("body", .string(String(decoding: body, as: UTF8.self))))
    }
    return .object(members)
  }
}

// MARK: Kubernetes objects

extension ServiceObject {
  fileprivate var canonicalForm: JSONValue {
    let ips = addresses.isEmpty ? ["None"] : addresses.map(\.address.description)
    let isAffinity = loadBalancer == .sourceIP
    let annotations = isAffinity ? [] : loadBalancer.map { [(Annotation.loadBalancer.name, $0.rawValue)] } ?? []
    return object(
      .service, key, annotations: annotations,
      [
        (
          "spec",
          .object([
            ("clusterIP", .string(ips[0])), ("clusterIPs", .array(ips.map { .string($0) })),
            ("ports", .array(ports.map(\.canonicalForm))),
            ("sessionAffinity", .string(isAffinity ? "ClientIP" : "None")),
            ("publishNotReadyAddresses", .boolean(publishNotReadyAddresses)),
          ])
        )
      ])
  }
}

extension ServiceObject.Port {
  fileprivate var canonicalForm: JSONValue {
    var members: [(String, JSONValue)] = [("port", .integer(Int(number)))]
    if let name { members.append(("name", .string(name))) }
    if let appProtocol { members.append(("appProtocol", .string(appProtocol))) }
    return .object(members)
  }
}

extension SliceObject {
  fileprivate var canonicalForm: JSONValue {
    var weights: [IPAddress: UInt16] = [:]
    for endpoint in endpoints where endpoint.weight != 1 { weights[endpoint.address] = endpoint.weight }
    let list = weights.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ",")
    return object(
      .endpointSlice, key, labels: labels.merging([Reader.serviceNameLabel: service.name]) { $1 },
      annotations: list.isEmpty ? [] : [(Annotation.weights.name, list)],
      [
        ("addressType", .string(isIPv4 ? "IPv4" : "IPv6")), ("ports", .array(ports.map(\.canonicalForm))),
        ("endpoints", .array(endpoints.map(\.canonicalForm))),
      ])
  }
}

extension SliceObject.Port {
  fileprivate var canonicalForm: JSONValue {
    .object([("port", .integer(Int(number)))] + (name.map { [("name", .string($0))] } ?? []))
  }
}

extension Endpoint {
  fileprivate var canonicalForm: JSONValue {
    var members: [(String, JSONValue)] = [
      ("addresses", .array([.string(address.description)])),
      ("conditions", .object([("ready", .boolean(ready)), ("terminating", .boolean(terminating))])),
    ]
    if let zone { members.append(("zone", .string(zone))) }
    if let nodeName { members.append(("nodeName", .string(nodeName))) }
    return .object(members)
  }
}

// MARK: Rules

extension RuleObject {
  fileprivate var canonicalForm: JSONValue {
    var spec: [(String, JSONValue)]
    switch content {
    case .destinationRule(let rule): spec = [("host", host)] + rule.canonicalMembers
    case .virtualService(let service):
      spec = [("hosts", .array(hosts.map { .string($0.pattern.description) }))]
      if let route = service.canonicalRoute(host) { spec.append(("http", .array([route]))) }
    case .trafficPolicy(let policy): spec = [("host", host)] + policy.canonicalMembers
    }
    if isPrivate { spec.append(("exportTo", .array([.string(ExportTo.ownNamespace.rawValue)]))) }
    let kind = ObjectKind(rawValue: kind.rawValue) ?? .destinationRule
    return object(kind, key, [("spec", .object(spec))])
  }

  private var host: JSONValue { .string(hosts.first?.pattern.description ?? "") }
}

extension DestinationRule {
  fileprivate var canonicalMembers: [(String, JSONValue)] {
    [("trafficPolicy", policy.canonicalForm), ("subsets", .array(subsets.map(\.canonicalForm)))]
  }
}

extension DestinationRule.Subset {
  fileprivate var canonicalForm: JSONValue {
    .object([
      ("name", .string(name)), ("labels", .sorted(labels)), ("trafficPolicy", policy.canonicalForm),
    ])
  }
}

extension PortedPolicy {
  fileprivate var canonicalForm: JSONValue {
    let ports = ports.map { port -> JSONValue in
      .object([("port", .object([("number", .integer(Int(port.number)))]))] + port.policy.canonicalMembers)
    }
    return .object(groups.canonicalMembers + (ports.isEmpty ? [] : [("portLevelSettings", .array(ports))]))
  }
}

extension PolicyGroups {
  fileprivate var canonicalMembers: [(String, JSONValue)] {
    var members: [(String, JSONValue)] = []
    if let connectionPool { members.append(("connectionPool", Nesting.value(connectionPool, below: "connectionPool"))) }
    if let outlierDetection {
      members.append(("outlierDetection", Nesting.value(outlierDetection, below: "outlierDetection")))
    }
    if let loadBalancer { members.append(("loadBalancer", loadBalancer.canonicalForm)) }
    return members
  }
}

extension LoadBalancerRule {
  fileprivate var canonicalForm: JSONValue {
    var members: [(String, JSONValue)] = []
    for case .loadBalancer(let algorithm) in assignments.map(\.value) {
      switch algorithm {
      case .sourceIP: members.append(("consistentHash", .object([("useSourceIp", .boolean(true))])))
      case .maglev: members.append(("consistentHash", .object([("maglev", .object([]))])))
      default: members.append(("simple", .string(algorithm.rawValue)))
      }
    }
    if case .object(let rest) = Nesting.value(assignments, below: "loadBalancer") { members += rest }
    if let locality { members.append(("localityLbSetting", locality.canonicalForm)) }
    return .object(members)
  }
}

extension LocalityRule {
  fileprivate var canonicalForm: JSONValue {
    var members: [(String, JSONValue)] = [("enabled", .boolean(isEnabled))]
    if hasPriority { members.append(("failoverPriority", .array([.string(LocalitySettingField.zoneLabel)]))) }
    if !distributions.isEmpty {
      let items = distributions.map { distribution -> JSONValue in
        let to = distribution.to.map { ($0.locality.text, JSONValue.integer(Int($0.percent))) }
        return .object([("from", .string(distribution.from.text)), ("to", .object(to))])
      }
      members.append(("distribute", .array(items)))
    }
    return .object(members)
  }
}

extension VirtualService {
  /// nil when there was no route.
  fileprivate func canonicalRoute(_ host: JSONValue) -> JSONValue? {
    if assignments.isEmpty, subset == nil, port == nil { return nil }
    var destination: [(String, JSONValue)] = [("host", host)]
    if let subset { destination.append(("subset", .string(subset.name))) }
    if let port { destination.append(("port", .object([("number", .integer(Int(port)))]))) }
    var members: [(String, JSONValue)] = [
      ("route", .array([.object([("destination", .object(destination))])]))
    ]
    if case .object(let rest) = Nesting.value(assignments, below: "") { members += rest }
    return .object(members)
  }
}

extension TrafficPolicy {
  fileprivate var canonicalMembers: [(String, JSONValue)] {
    var members: [(String, JSONValue)] = []
    if let port { members.append(("port", .integer(Int(port)))) }
    for case .loadBalancer(let algorithm) in assignments.map(\.value) {
      members.append(("loadBalancer", .object([("simple", .string(algorithm.rawValue))])))
    }
    if case .object(let rest) = Nesting.value(assignments, below: "") { members += rest }
    return members
  }
}

/// Puts settings, whose names are paths, back into the mappings they come from.
private enum Nesting {
  /// - Parameter prefix: the path of the mapping that is made; what is not below it is left out.
  static func value(_ assignments: [Assignment], below prefix: String) -> JSONValue {
    var leaves: [(path: [Substring], value: JSONValue)] = []
    for assignment in assignments where assignment.setting != .loadBalancer {
      var path = assignment.setting.rawValue.split(separator: ".")
      if !prefix.isEmpty {
        guard path.first == prefix[...] else { continue }
        path.removeFirst()
      }
      let isEmptyMapping = assignment.setting == .outlierDetection
      leaves.append((path, isEmptyMapping ? .object([]) : JSONValue(assignment.value)))
    }
    return nest(leaves)
  }

  private static func nest(_ leaves: [(path: [Substring], value: JSONValue)]) -> JSONValue {
    var members: [(String, JSONValue)] = []
    var seen: Set<Substring> = []
    for leaf in leaves {
      guard let name = leaf.path.first, seen.insert(name).inserted else { continue }
      let below = leaves.filter { $0.path.first == name && $0.path.count > 1 }
      let inner = below.map { (path: Array($0.path.dropFirst()), value: $0.value) }
      members.append((String(name), below.isEmpty ? leaf.value : nest(inner)))
    }
    return .object(members)
  }
}
