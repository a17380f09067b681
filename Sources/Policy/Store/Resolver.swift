// SPDX-License-Identifier: Apache-2.0

import SwerveABI

/// An object and where it is: file by file in the order of paths, within a file from the top.
struct Placed<Object: Sendable>: Sendable {
  let object: Object
  let place: ObjectPlace
}

/// The identity of an object over all files. The order decides who was first when two objects collide.
struct ObjectPlace: Hashable, Comparable, Sendable {
  let path: String
  let index: Int

  static func < (left: Self, right: Self) -> Bool {
    left.path != right.path ? left.path < right.path : left.index < right.index
  }
}

/// The node that a policy is for.
struct NodeContext: Sendable {
  /// As EndpointSlices have it, when it is known.
  let zone: String?
  /// Whether the policy steers this node, and is not only looked at.
  let isLive: Bool
}

/// A service that wants to be in force, with where each of its frontends is written.
struct Candidate: Sendable {
  let service: Service
  let place: ObjectPlace
  let addresses: [ServiceObject.Address]
  /// Where its fallback is written.
  let fallbackOrigin: Origin?
}

/// Puts a Service and its EndpointSlices together. Pure, and local to one Service.
enum Resolver {
  /// `frontends` of `struct swerve_service_info`.
  static let frontendsMax = 2

  struct Resolution {
    var candidates: [Candidate] = []
    var diagnostics: [Diagnostic] = []
  }

  /// - Parameters:
  ///   - services: every object of this name, in order; the first is in force.
  ///   - slices: every EndpointSlice that names the Service, in order.
  static func resolve(
    services: [Placed<ServiceObject>], slices: [Placed<SliceObject>], rules: RuleSet, key: ObjectKey, node: NodeContext
  ) -> Resolution {
    var resolution = Resolution()
    for duplicate in services.dropFirst() {
      let first = services[0].object.position.location(in: services[0].place.path)
      resolution.note(.error, duplicate, "metadata.name", "Service \(key) is already defined at \(first)")
    }
    let distinct = withoutDuplicates(slices, &resolution)
    guard let service = services.first else {
      for slice in distinct {
        resolution.note(
          .warning, slice, "metadata.labels",
          "no Service \(key) for the endpoints of \(slice.object.key.name)")
      }
      return resolution
    }
    noteMissingSlices(of: service, distinct, &resolution)
    let policies = policies(of: service, rules: rules, &resolution)
    for family in AddressFamily.allCases {
      addCandidates(of: service, family, distinct, policies, node, &resolution)
    }
    return resolution
  }

  /// One policy for each port, in order.
  private static func policies(
    of service: Placed<ServiceObject>, rules: RuleSet, _ resolution: inout Resolution
  ) -> [EffectivePolicy] {
    let object = service.object
    if rules.isEmpty {
      let policy = EffectivePolicy(of: service)
      return object.ports.map { _ in policy }
    }
    let policies = object.ports.map { EffectivePolicy(of: service, port: $0, rules: rules) }
    for policy in policies {
      resolution.add(policy.diagnostics)
      resolution.add(PolicyAdvice(policy).diagnostics)
    }
    resolution.add(PolicyAdvice.onConnectionMode(Array(zip(object.ports, policies)), key: object.key))
    resolution.add(rules.unknownPorts(of: object))
    return policies
  }

  private static func withoutDuplicates(
    _ slices: [Placed<SliceObject>], _ resolution: inout Resolution
  ) -> [Placed<SliceObject>] {
    if slices.count < 2 { return slices }
    var first: [ObjectKey: Placed<SliceObject>] = [:]
    return slices.filter { slice in
      guard let earlier = first[slice.object.key] else {
        first[slice.object.key] = slice
        return true
      }
      let location = earlier.object.position.location(in: earlier.place.path)
      resolution.note(
        .error, slice, "metadata.name", "EndpointSlice \(slice.object.key) is already defined at \(location)")
      return false
    }
  }

  private static func noteMissingSlices(
    of service: Placed<ServiceObject>, _ slices: [Placed<SliceObject>], _ resolution: inout Resolution
  ) {
    let object = service.object
    if object.addresses.isEmpty { return }
    if slices.isEmpty {
      resolution.note(.warning, service, "metadata.name", "no EndpointSlice for Service \(object.key)")
      return
    }
    let names = Set(slices.lazy.flatMap { $0.object.ports.lazy.map { $0.name ?? "" } })
    for port in object.ports where !names.contains(port.name ?? "") {
      let wanted = port.name.map { "named `\($0)`" } ?? "without a name"
      resolution.diagnostics.append(
        Diagnostic(
          severity: .warning, location: port.position.location(in: service.place.path),
          field: "spec.ports[\(port.index)]",
          message: "no EndpointSlice of Service \(object.key) has a port \(wanted)",
          suggestion: port.name.flatMap { Suggestion.nearest(to: $0, among: names.sorted()) }))
    }
  }

  private static func addCandidates(
    of placed: Placed<ServiceObject>, _ family: AddressFamily, _ slices: [Placed<SliceObject>],
    _ policies: [EffectivePolicy], _ node: NodeContext, _ resolution: inout Resolution
  ) {
    let object = placed.object
    let addresses = object.addresses.filter { $0.address.isIPv4 == (family == .ipv4) }
    if addresses.isEmpty { return }
    let isDualStack = addresses.count < object.addresses.count
    let ofFamily = slices.filter { $0.object.isIPv4 == (family == .ipv4) }
    for (port, policy) in zip(object.ports, policies) {
      var endpoints = EndpointMerger.endpoints(
        of: port, publishNotReady: object.publishNotReadyAddresses, ofFamily.filter { policy.includes($0.object) })
      let endpointsMax = SWERVE_SET_ENDPOINTS_MAX
      if endpoints.count > endpointsMax, let last = ofFamily.last {
        resolution.note(
          .error, last, "endpoints",
          "Service \(object.key) has \(endpoints.count) endpoints; a service has at most \(endpointsMax)")
        endpoints = Array(endpoints.prefix(endpointsMax))
      }
      if let locality = policy.locality { endpoints = locality.applied(to: endpoints, zone: node.zone) }
      if !policy.origins.isEmpty { resolution.add(PolicyAdvice.onEndpoints(policy, endpoints, node: node)) }
      let service = Service(
        name: KernelName.of(object.key, port, family: isDualStack ? family : nil),
        frontends: addresses.map { Frontend(address: $0.address, port: port.number) },
        loadBalancer: policy.loadBalancer, appProtocol: port.appProtocol, endpoints: endpoints,
        settings: policy.settings, source: port.position.location(in: placed.place.path))
      resolution.candidates.append(
        Candidate(
          service: service, place: placed.place, addresses: addresses, fallbackOrigin: policy.origins[.fallback]))
    }
  }
}

extension Resolver.Resolution {
  /// Each once: ports and IP families of a Service have much the same policy.
  fileprivate mutating func add(_ more: [Diagnostic]) {
    for diagnostic in more where !diagnostics.contains(diagnostic) { diagnostics.append(diagnostic) }
  }

  fileprivate mutating func note(
    _ severity: Diagnostic.Severity, _ placed: Placed<ServiceObject>, _ field: String, _ message: String
  ) {
    let location = placed.object.position.location(in: placed.place.path)
    diagnostics.append(Diagnostic(severity: severity, location: location, field: field, message: message))
  }

  fileprivate mutating func note(
    _ severity: Diagnostic.Severity, _ placed: Placed<SliceObject>, _ field: String, _ message: String
  ) {
    let location = placed.object.position.location(in: placed.place.path)
    diagnostics.append(Diagnostic(severity: severity, location: location, field: field, message: message))
  }
}
