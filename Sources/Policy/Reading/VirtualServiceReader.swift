// SPDX-License-Identifier: Apache-2.0

/// A VirtualService while it is being read.
private struct RouteDraft {
  var service = VirtualService()
  /// `destination.host`
  var host: RuleHost?
  /// Whether all that was written can be meant for the requests of the hosts.
  var isMeaningful = true
}

extension Reader {
  /// A `networking.istio.io` VirtualService; nil when it has an error or its routes cannot be followed.
  func virtualService(_ node: Node) -> RuleObject? {
    guard let parts = ruleParts(node) else { return nil }
    let namespace = parts.metadata.namespace
    var hosts: [RuleHost] = []
    var hasHosts = false
    var isPrivate = false
    var draft = RouteDraft()
    spec(parts, VirtualServiceField.self) { field, value in
      switch field {
      case .hosts:
        hasHosts = value.kind != .sequence ? !isNull(value) : value.count > 0
        sequence(value, countMax: RuleLimit.hosts) { _, item in
          guard let host = host(item, namespace: namespace) else { return }
          if !hosts.contains(where: { $0.pattern == host.pattern }) { hosts.append(host) }
        }
      case .http: httpRoutes(value, namespace: namespace, into: &draft)
      case .gateways: checkGateways(value)
      case .exportTo: isPrivate = self.isPrivate(exportTo: value)
      case .tls, .tcp: return
      }
    }
    if let spec = parts.spec, spec.kind == .mapping, !hasHosts { within("spec") { missing("hosts", in: spec) } }
    checkDestination(draft, hosts: hosts)
    guard let key = parts.metadata.key, !hosts.isEmpty, draft.isMeaningful else { return nil }
    return RuleObject(
      kind: .virtualService, key: key, position: parts.position, hosts: hosts, isPrivate: isPrivate,
      content: .virtualService(draft.service))
  }

  private func checkGateways(_ node: Node) {
    sequence(node) { _, item in
      guard let gateway = string(item), gateway != "mesh" else { return }
      unsupported(
        at: item.position, "\(Excerpt.quoted(gateway)) is not supported: there are no gateways; `mesh` is accepted")
    }
  }

  /// Requests for a host go to that host.
  private func checkDestination(_ draft: RouteDraft, hosts: [RuleHost]) {
    guard let destination = draft.host else { return }
    for host in hosts where host.pattern != destination.pattern {
      unsupported(
        at: destination.position, field: "spec.http[0].route[0].destination.host",
        "`\(destination.pattern)` is not supported for `\(host.pattern)`: requests of a host go to its own Service")
    }
  }

  private func httpRoutes(_ node: Node, namespace: String, into draft: inout RouteDraft) {
    sequence(node) { index, item in
      if index == 0 {
        httpRoute(item, namespace: namespace, into: &draft)
      } else if index == 1 {
        draft.isMeaningful = false
        unsupported(at: item.position, "a second route is not supported: all requests of a service take one route")
      }
    }
  }

  private func httpRoute(_ node: Node, namespace: String, into draft: inout RouteDraft) {
    var hasRoute = false
    mapping(node, HTTPRouteField.self) { field, value in
      if isNull(value) { return }
      switch field {
      case .route:
        hasRoute = true
        routes(value, namespace: namespace, into: &draft)
      case .timeout: if let timeout = assignment(.timeout, value) { draft.service.assignments.append(timeout) }
      case .retries: draft.service.assignments += retries(value)
      default: return
      }
    }
    guard node.kind == .mapping else { return }
    var isSelecting = false
    pairs(node) { key, _ in
      if HTTPRouteField.selecting.contains(tree.string(tree[key])) { isSelecting = true }
    }
    if isSelecting { draft.isMeaningful = false } else if !hasRoute { missing("route", in: node) }
  }

  private func routes(_ node: Node, namespace: String, into draft: inout RouteDraft) {
    sequence(node) { index, item in
      if index == 1 {
        draft.isMeaningful = false
        unsupported(
          at: item.position,
          "a second destination is not supported: give weights to endpoints, with `swerve.dev/weight` of EndpointSlices"
        )
      }
      guard index == 0 else { return }
      var hasDestination = false
      mapping(item, RouteField.self) { field, value in
        if isNull(value) { return }
        switch field {
        case .destination:
          hasDestination = true
          destination(value, namespace: namespace, into: &draft)
        case .weight: _ = integer(value, in: 0...Int(Int32.max))
        case .headers: return
        }
      }
      if item.kind == .mapping, !hasDestination { missing("destination", in: item) }
    }
    if node.kind == .sequence, node.count == 0 { error(at: node.position, "a route has one destination") }
  }

  private func destination(_ node: Node, namespace: String, into draft: inout RouteDraft) {
    var hasHost = false
    mapping(node, DestinationField.self) { field, value in
      if isNull(value) { return }
      switch field {
      case .host:
        hasHost = true
        draft.host = destinationHost(value, namespace: namespace)
        if draft.host == nil { draft.isMeaningful = false }
      case .subset:
        draft.service.subset = name(value, .label).map {
          VirtualService.SubsetName(name: $0, position: value.position)
        }
      case .port:
        draft.service.port = portSelector(value)
        draft.service.portPosition = value.position
      }
    }
    if node.kind == .mapping, !hasHost { missing("host", in: node) }
  }

  private func destinationHost(_ node: Node, namespace: String) -> RuleHost? {
    guard let host = host(node, namespace: namespace) else { return nil }
    if case .suffix = host.pattern {
      error(at: node.position, "`\(host.pattern)` is not a destination: requests go to one Service")
      return nil
    }
    return host
  }
}
