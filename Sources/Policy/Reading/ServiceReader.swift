// SPDX-License-Identifier: Apache-2.0

private enum SessionAffinity: String, CaseIterable {
  case none = "None"
  case clientIP = "ClientIP"
}

private enum ServiceType: String, CaseIterable {
  case clusterIP = "ClusterIP"
  case nodePort = "NodePort"
  case loadBalancer = "LoadBalancer"
  case externalName = "ExternalName"
}

private enum TrafficScope: String, CaseIterable {
  case cluster = "Cluster"
  case local = "Local"
}

enum TransportProtocol: String, CaseIterable {
  case tcp = "TCP"
  case udp = "UDP"
  case sctp = "SCTP"
}

/// The fields of a `ServiceSpec` while it is being read.
private struct ServiceSpec {
  var type = ServiceType.clusterIP
  var isHeadless = false
  var clusterIP: ServiceObject.Address?
  var clusterIPs: [ServiceObject.Address] = []
  var externalIPs: [ServiceObject.Address] = []
  var hasAddressErrors = false
  var ports: [ServiceObject.Port] = []
  var portCount = 0
  var sessionAffinity = SessionAffinity.none
  var sessionAffinityPosition = Position.start
  var publishNotReadyAddresses = false

  /// Every VIP once, cluster IPs first.
  var addresses: [ServiceObject.Address] {
    if isHeadless { return [] }
    return (clusterIPs.isEmpty ? clusterIP.map { [$0] } ?? [] : clusterIPs) + externalIPs
  }
}

extension Reader {
  /// A `v1` Service; nil when it has an error or nothing in it can be put in force.
  func service(_ node: Node) -> ServiceObject? {
    var metadata = Metadata()
    var spec: ServiceSpec?
    var hasMetadata = false
    mapping(node, ObjectField.self) { field, value in
      switch field {
      case .metadata:
        hasMetadata = true
        metadata = self.metadata(value, nameRule: .label, annotations: Annotation.onService)
      case .spec where !isNull(value): spec = serviceSpec(value)
      default: return
      }
    }
    if !hasMetadata { missing("metadata", in: node) }
    let annotated = loadBalancer(metadata.annotations[Annotation.loadBalancer.rawValue])
    guard let spec else {
      missing("spec", in: node)
      return nil
    }
    guard let key = metadata.key, spec.type != .externalName else { return nil }
    return ServiceObject(
      key: key, position: node.position, addresses: spec.addresses, ports: spec.ports,
      loadBalancer: spec.sessionAffinity == .clientIP ? .sourceIP : annotated,
      loadBalancerPosition: spec.sessionAffinity == .clientIP
        ? spec.sessionAffinityPosition : metadata.annotations[Annotation.loadBalancer.rawValue]?.position ?? .start,
      publishNotReadyAddresses: spec.publishNotReadyAddresses)
  }

  /// `sourceIP` is not for the annotation: Kubernetes has `sessionAffinity: ClientIP` for it.
  private func loadBalancer(_ node: Node?) -> LoadBalancer? {
    guard let node, let text = string(node) else { return nil }
    if let known = LoadBalancer(rawValue: text), known != .sourceIP { return known }
    let field = "metadata.annotations[\"\(Annotation.loadBalancer.name)\"]"
    if text == LoadBalancer.sourceIP.rawValue {
      error(at: node.position, field: field, "`\(text)` is written as `spec.sessionAffinity: ClientIP`")
      return nil
    }
    let words = LoadBalancer.allCases.filter { $0 != .sourceIP }.map(\.rawValue)
    let nearest = suggestion(for: text, among: words)
    let choice = nearest == nil ? "; it is one of \(words.joined(separator: ", "))" : ""
    error(
      at: node.position, field: field, "unknown value `\(Excerpt.plain(text))`\(choice)", suggestion: nearest)
    return nil
  }

  private func serviceSpec(_ node: Node) -> ServiceSpec {
    var spec = ServiceSpec()
    guard expect(node, .mapping, "a mapping") else { return spec }
    var hasPorts = false
    mapping(node, ServiceSpecField.self) { field, value in
      if isNull(value) { return }
      switch field {
      case .ports:
        hasPorts = value.kind != .sequence || value.count > 0
        servicePorts(value, into: &spec)
      case .publishNotReadyAddresses: spec.publishNotReadyAddresses = boolean(value) ?? false
      case .clusterIP, .clusterIPs, .externalIPs: serviceAddresses(field, value, into: &spec)
      default: serviceBehaviour(field, value, into: &spec)
      }
    }
    checkAddresses(&spec, in: node)
    if !spec.isHeadless && spec.type != .externalName && !hasPorts {
      missing("ports", in: node, ": a Service with a cluster IP has at least one")
    }
    return spec
  }

  // MARK: Behaviour

  private func serviceBehaviour(_ field: ServiceSpecField, _ value: Node, into spec: inout ServiceSpec) {
    switch field {
    case .type:
      spec.type = word(value, ServiceType.self) ?? .clusterIP
      if spec.type == .externalName {
        unsupported(at: value.position, "`ExternalName` is not supported: it is an alias in DNS, without endpoints")
      }
    case .externalName:
      _ = string(value)
    case .sessionAffinity:
      spec.sessionAffinity = word(value, SessionAffinity.self) ?? .none
      spec.sessionAffinityPosition = value.position
    case .sessionAffinityConfig:
      mapping(value, SessionAffinityField.self) { _, clientIP in
        mapping(clientIP, ClientIPField.self) { _, seconds in _ = integer(seconds, in: 1...86_400) }
      }
    case .externalTrafficPolicy, .internalTrafficPolicy:
      if word(value, TrafficScope.self) == .local {
        unsupported(at: value.position, "`Local` is not supported: endpoints of every node are used")
      }
    default: return
    }
  }

  // MARK: Addresses

  private func serviceAddresses(_ field: ServiceSpecField, _ value: Node, into spec: inout ServiceSpec) {
    if field == .clusterIP {
      guard value.kind == .scalar, tree.string(value) != "" else { return }
      if tree.string(value) == "None" {
        spec.isHeadless = true
      } else if let address = address(value) {
        spec.clusterIP = ServiceObject.Address(address: address, position: value.position, field: self.field)
      } else {
        spec.hasAddressErrors = true
      }
      return
    }
    var addresses: [ServiceObject.Address] = []
    sequence(value) { _, item in
      if field == .clusterIPs, item.kind == .scalar, tree.string(item) == "None" {
        spec.isHeadless = true
      } else if let address = address(item) {
        addresses.append(ServiceObject.Address(address: address, position: item.position, field: self.field))
      } else {
        spec.hasAddressErrors = true
      }
    }
    if field == .clusterIPs { spec.clusterIPs = addresses } else { spec.externalIPs = addresses }
  }

  private func checkAddresses(_ spec: inout ServiceSpec, in node: Node) {
    if spec.type == .externalName || spec.hasAddressErrors { return }
    if spec.isHeadless {
      for address in [spec.clusterIP].compactMap({ $0 }) + spec.clusterIPs {
        error(at: address.position, field: address.field, "\(address.address) beside None, which means no cluster IP")
      }
      return
    }
    if let single = spec.clusterIP, let first = spec.clusterIPs.first, single.address != first.address {
      error(
        at: first.position, field: first.field,
        "\(first.address) is not spec.clusterIP, \(single.address): the first of both has to be the same")
    }
    let addresses = spec.addresses
    if addresses.isEmpty {
      missing("clusterIP", in: node, ": Swerve allocates none; write one, or None for a headless Service")
    }
    for (i, address) in addresses.enumerated()
    where addresses[..<i].contains(where: { $0.address == address.address }) {
      error(at: address.position, field: address.field, "\(address.address) is given twice")
    }
    for family in AddressFamily.allCases {
      let ofFamily = addresses.filter { $0.address.isIPv4 == (family == .ipv4) }
      guard ofFamily.count > Resolver.frontendsMax else { continue }
      let extra = ofFamily[Resolver.frontendsMax]
      error(
        at: extra.position, field: extra.field,
        "\(ofFamily.count) \(family.title) addresses; a Service has at most \(Resolver.frontendsMax) per IP family")
    }
  }

  // MARK: Ports

  private func servicePorts(_ node: Node, into spec: inout ServiceSpec) {
    sequence(node) { index, item in
      spec.portCount += 1
      guard let port = servicePort(item, index: index) else { return }
      if let name = port.name, spec.ports.contains(where: { $0.name == name }) {
        error(at: port.position, field: "\(field).name", "two ports have the name `\(name)`")
      }
      if spec.ports.contains(where: { $0.number == port.number }) {
        error(at: port.position, field: "\(field).port", "port \(port.number) is given twice")
      }
      if spec.ports.count < PortLimit.perService { spec.ports.append(port) }
    }
    let count = tree.children(of: node).count
    if node.kind == .sequence, count > PortLimit.perService {
      error(at: node.position, "\(count) ports; a Service has at most \(PortLimit.perService)")
    }
    guard spec.portCount > 1 else { return }
    for port in spec.ports where port.name == nil {
      error(
        at: port.position, field: "\(field)[\(port.index)].name",
        "missing field `name`: each port of a Service with several has one")
    }
  }

  private func servicePort(_ node: Node, index: Int) -> ServiceObject.Port? {
    var name: String?
    var number: Int?
    var appProtocol: String?
    var isTCP = true
    var hasNumber = false
    mapping(node, ServicePortField.self) { field, value in
      switch field {
      case .name: name = portName(value)
      case .port:
        hasNumber = !isNull(value)
        number = integer(value, in: 1...65_535)
      case .protocol: isTCP = isTCPProtocol(value)
      case .appProtocol: appProtocol = self.appProtocol(value)
      case .targetPort: checkTargetPort(value)
      case .nodePort: return
      }
    }
    if node.kind == .mapping, !hasNumber { missing("port", in: node) }
    guard let number, isTCP else { return nil }
    return ServiceObject.Port(
      name: name, number: UInt16(number), appProtocol: appProtocol, position: node.position, index: index)
  }

  /// Checked but without effect: the ports of endpoints come from EndpointSlices.
  private func checkTargetPort(_ node: Node) {
    if node.kind == .scalar, node.isPlain, case .integer = scalarType(node) {
      _ = integer(node, in: 1...65_535)
    } else if !isNull(node) {
      _ = name(node, .label)
    }
  }
}
