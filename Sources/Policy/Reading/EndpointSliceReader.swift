// SPDX-License-Identifier: Apache-2.0

import SwerveABI

private enum AddressType: String, CaseIterable {
  case ipv4 = "IPv4"
  case ipv6 = "IPv6"
  case fqdn = "FQDN"
}

/// An endpoint while its slice is being read: one address, before weights and zones are known.
private struct SliceEndpoint {
  let address: IPAddress
  let locality: Locality?
  let ready: Bool
  let terminating: Bool
}

/// The fields of an EndpointSlice while it is being read.
private struct Slice {
  var addressType: AddressType?
  var hasAddressType = false
  var endpointsNode: Node?
  var ports: [SliceObject.Port] = []
}

extension Reader {
  /// A `discovery.k8s.io/v1` EndpointSlice; nil when it has an error or nothing in it can be put in force.
  func endpointSlice(_ node: Node) -> SliceObject? {
    var metadata = Metadata()
    var metadataNode: Node?
    var slice = Slice()
    mapping(node, SliceField.self) { field, value in
      switch field {
      case .metadata:
        metadataNode = value
        metadata = self.metadata(value, nameRule: .subdomain, annotations: Annotation.onEndpointSlice)
        if metadata.serviceName == nil { noteMissingService(value) }
      case .addressType:
        slice.hasAddressType = !isNull(value)
        slice.addressType = addressType(value)
      case .endpoints: slice.endpointsNode = value
      case .ports: slice.ports = slicePorts(value)
      case .apiVersion, .kind: return
      }
    }
    if metadataNode == nil { missing("metadata", in: node) }
    if !slice.hasAddressType { missing("addressType", in: node) }
    guard let type = slice.addressType, type != .fqdn else { return nil }
    let endpoints = self.endpoints(of: slice, isIPv4: type == .ipv4, metadata)
    guard let key = metadata.key, let service = metadata.serviceName else { return nil }
    return SliceObject(
      key: key, service: ObjectKey(namespace: metadata.namespace, name: service), position: node.position,
      labels: metadata.labels, isIPv4: type == .ipv4, ports: slice.ports, endpoints: endpoints)
  }

  private func noteMissingService(_ node: Node) {
    guard node.kind == .mapping else { return }
    var hasLabel = false
    pairs(node) { key, labels in
      guard tree.string(tree[key]) == "labels", labels.kind == .mapping else { return }
      pairs(labels) { key, value in
        // A label whose value is wrong has been reported.
        if tree.string(tree[key]) == Self.serviceNameLabel, !isNull(value) { hasLabel = true }
      }
    }
    if !hasLabel {
      error(
        at: node.position, field: "metadata.labels",
        "missing label `\(Self.serviceNameLabel)`, which names the Service of the endpoints")
    }
  }

  private func addressType(_ node: Node) -> AddressType? {
    let type = word(node, AddressType.self)
    if type == .fqdn {
      unsupported(at: node.position, "`FQDN` is not supported: endpoints have IP addresses")
    }
    return type
  }

  // MARK: Ports

  private func slicePorts(_ node: Node) -> [SliceObject.Port] {
    var ports: [SliceObject.Port] = []
    sequence(node) { index, item in
      guard index < PortLimit.perSlice else {
        if index == PortLimit.perSlice {
          error(at: item.position, "an EndpointSlice has at most \(PortLimit.perSlice) ports")
        }
        return
      }
      guard let port = slicePort(item) else { return }
      if ports.contains(where: { $0.name == port.name }) {
        let name = port.name.map { "the name `\($0)`" } ?? "no name"
        error(at: item.position, "two ports have \(name)")
      }
      ports.append(port)
    }
    return ports
  }

  private func slicePort(_ node: Node) -> SliceObject.Port? {
    var name: String?
    var number: Int?
    var hasNumber = false
    var isTCP = true
    mapping(node, SlicePortField.self) { field, value in
      switch field {
      case .name: name = portName(value)
      case .port:
        hasNumber = !isNull(value)
        number = integer(value, in: 1...65_535)
      case .protocol: isTCP = isTCPProtocol(value)
      case .appProtocol: _ = appProtocol(value)
      }
    }
    if node.kind == .mapping, !hasNumber {
      missing("port", in: node, ": Swerve has no meaning for all ports of an endpoint")
    }
    guard let number, isTCP else { return nil }
    return SliceObject.Port(name: name, number: UInt16(number))
  }

  // MARK: Endpoints

  private func endpoints(of slice: Slice, isIPv4: Bool, _ metadata: Metadata) -> [Endpoint] {
    var read: [SliceEndpoint] = []
    let port = slice.ports.count == 1 ? slice.ports[0].number : 0
    if let node = slice.endpointsNode {
      within("endpoints") {
        sequence(node) { _, item in
          if read.count <= SWERVE_SET_ENDPOINTS_MAX { endpoint(item, isIPv4: isIPv4, into: &read) }
        }
        if read.count > SWERVE_SET_ENDPOINTS_MAX {
          error(at: node.position, "more endpoints than a service may have, \(SWERVE_SET_ENDPOINTS_MAX)")
        }
      }
    }
    let weights = weights(of: metadata, addresses: read.lazy.map(\.address))
    let zone = zoneAnnotation(of: metadata)
    return read.map { endpoint in
      var locality = endpoint.locality
      if let zone, locality?.zone == nil { locality = Locality.shared(zone: zone, nodeName: locality?.nodeName) }
      return Endpoint(
        address: endpoint.address, port: port, weight: weights.weight(of: endpoint.address),
        terminating: endpoint.terminating, ready: endpoint.ready, locality: locality)
    }
  }

  private func endpoint(_ node: Node, isIPv4: Bool, into endpoints: inout [SliceEndpoint]) {
    var addressesNode: Node?
    var addresses: [IPAddress] = []
    var zone: String?
    var nodeName: String?
    var ready = true
    var terminating = false
    mapping(node, SliceEndpointField.self) { field, value in
      if isNull(value) { return }
      switch field {
      case .addresses:
        addressesNode = value
        sequence(value) { _, item in
          if let address = endpointAddress(item, isIPv4: isIPv4) { addresses.append(address) }
        }
      case .conditions:
        mapping(value, ConditionsField.self) { condition, value in
          switch condition {
          case .ready: ready = boolean(value) ?? true
          case .serving: _ = boolean(value)
          case .terminating: terminating = boolean(value) ?? false
          }
        }
      case .zone: zone = name(value, .labelValue)
      case .nodeName: nodeName = name(value, .subdomain)
      case .hostname: _ = name(value, .label)
      case .targetRef, .deprecatedTopology, .hints: return
      }
    }
    if node.kind != .mapping { return }
    guard let addressesNode, addressesNode.kind != .sequence || addressesNode.count > 0 else {
      missing("addresses", in: node)
      return
    }
    let locality = Locality.shared(zone: zone, nodeName: nodeName)
    for address in addresses where endpoints.count <= SWERVE_SET_ENDPOINTS_MAX {
      endpoints.append(
        SliceEndpoint(address: address, locality: locality, ready: ready, terminating: terminating))
    }
  }

  private func endpointAddress(_ node: Node, isIPv4: Bool) -> IPAddress? {
    guard let address = address(node) else { return nil }
    if address.isIPv4 == isIPv4 { return address }
    error(at: node.position, "\(address) is not an address of type \(isIPv4 ? "IPv4" : "IPv6")")
    return nil
  }
}
