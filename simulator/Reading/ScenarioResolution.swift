// SPDX-License-Identifier: Apache-2.0

public import Policy

/// Why a scenario does not go with its policy files.
public struct ScenarioError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Scenario and field: `outlier: spec.endpoints`.
  public var place: String
  public var reason: String
  public var nextStep: String

  public init(place: String, reason: String, nextStep: String) {
    self.place = place
    self.reason = reason
    self.nextStep = nextStep
  }

  /// `outlier: spec.endpoints: 4 endpoints, but default/web:http has 3; ...`
  public var description: String { "\(place): \(reason); \(nextStep)" }
}

extension ResolvedScenario {
  /// Puts a scenario together with the service it is about.
  ///
  /// - Parameter services: of the scenario's policy files; none when it names no files: then a service is made of the
  ///   endpoint groups, with default policy.
  public static func resolve(_ scenario: Scenario, services: [Service]) throws(ScenarioError) -> ResolvedScenario {
    if scenario.policy.paths.isEmpty && services.isEmpty {
      let service = scenario.ownService
      return ResolvedScenario(
        scenario: scenario, service: service, endpointIndices: Array(service.endpoints.indices), hasFallback: false)
    }
    let service = try scenario.service(among: services)
    return ResolvedScenario(
      scenario: scenario, service: service, endpointIndices: try scenario.endpointIndices(in: service),
      hasFallback: service.settings.fallback != nil)
  }
}

extension Scenario {
  /// For policy files that take the place of the scenario's own.
  ///
  /// When none of the groups' addresses is an endpoint of them, they are addresses of the own files, and endpoints are
  /// taken in the order of the others. Where one is, all must be. A scenario with one group has as many endpoints as the
  /// service.
  public func fitted(to services: [Service]) throws(ScenarioError) -> Scenario {
    try withoutForeignAddresses(among: services).resized(to: try service(among: services))
  }

  private func withoutForeignAddresses(among services: [Service]) -> Scenario {
    let known = Set(services.flatMap { $0.endpoints.map { EndpointAddress($0) } })
    let isForeign = !endpoints.contains { group in
      group.addresses.contains { EndpointAddress($0).map(known.contains) ?? true }
    }
    if !isForeign { return self }
    var scenario = self
    for index in scenario.endpoints.indices { scenario.endpoints[index].addresses = [] }
    return scenario
  }

  private func resized(to service: Service) throws(ScenarioError) -> Scenario {
    let count = service.endpoints.count
    guard count != endpointCount, endpoints.count == 1, endpoints[0].addresses.isEmpty, count > 0 else { return self }
    let targets = timeline.map(\.target) + expectations.compactMap(\.claim.target)
    if let highest = targets.flatMap(\.indices).max(), highest >= count {
      throw error(
        "endpoints", "`\(endpoints[0].name)-\(highest)` is spoken of, but \(service.name) has \(count) endpoints",
        "take a service with more, or a scenario that needs fewer")
    }
    var scenario = self
    scenario.endpoints[0].count = count
    return scenario
  }

  /// 127.95.0.1:80, with endpoints from 127.96.0.1:80 on: all of them are addresses of the own node.
  fileprivate var ownService: Service {
    var endpoints: [Endpoint] = []
    endpoints.reserveCapacity(endpointCount)
    for group in self.endpoints {
      for _ in 0..<group.count {
        let address = IPAddress(ipv4: 0x7f60_0001 + UInt32(endpoints.count))
        endpoints.append(Endpoint(address: address, port: 80, weight: group.weight, zone: group.zone))
      }
    }
    return Service(
      name: "default/\(name):80", frontends: [Frontend(address: IPAddress(ipv4: 0x7f5f_0001), port: 80)],
      loadBalancer: .leastRequest, appProtocol: clients.mode == .request ? "http" : nil, endpoints: endpoints,
      source: SourceLocation(file: "\(name) (no policy file)", line: 1, column: 1))
  }

  /// The one that is named, or the only one.
  fileprivate func service(among services: [Service]) throws(ScenarioError) -> Service {
    let names = services.map(\.name).sorted()
    guard let written = policy.service else {
      if let only = services.first, services.count == 1 { return only }
      if services.isEmpty {
        throw error("policies", "the files define no service", "add a file with a Service and its EndpointSlice")
      }
      throw error("policies", "the files define \(services.count) services", "name one in `service`: \(listed(names))")
    }
    let fitting = services.filter { $0.fits(name: written) }
    if let only = fitting.first, fitting.count == 1 { return only }
    if fitting.isEmpty {
      let nearest = Suggestion.nearest(to: written, among: names)
      let advice =
        names.isEmpty
        ? "the files define none" : nearest.map { "did you mean `\($0)`?" } ?? "there is \(listed(names))"
      throw error("service", "no service of the policy files is called `\(Excerpt.plain(written))`", advice)
    }
    throw error(
      "service", "`\(Excerpt.plain(written))` fits \(fitting.count) services",
      "name one: \(listed(fitting.map(\.name).sorted()))")
  }

  /// By address where the groups have them; the others in the order of the files.
  fileprivate func endpointIndices(in service: Service) throws(ScenarioError) -> [Int] {
    guard service.endpoints.count == endpointCount else {
      throw error(
        "endpoints", "\(endpointCount) endpoints, but \(service.name) has \(service.endpoints.count)",
        "change the counts of the groups or the EndpointSlice")
    }
    var indices: [EndpointAddress: Int] = [:]
    for (index, endpoint) in service.endpoints.enumerated() { indices[EndpointAddress(endpoint)] = index }
    var taken = [Bool](repeating: false, count: endpointCount)
    for group in endpoints {
      guard group.addresses.isEmpty || group.addresses.count == group.count else {
        throw error(
          "endpoints", "group `\(group.name)`: \(group.addresses.count) addresses for \(group.count) endpoints",
          "give an address for each, or none")
      }
      for address in group.addresses {
        let index = EndpointAddress(address).flatMap { indices[$0] }
        guard let index, !taken[index] else {
          let known = service.endpoints.prefix(8).map { Frontend(address: $0.address, port: $0.port).description }
          throw error(
            "endpoints",
            "group `\(group.name)`: \(service.name) has no endpoint \(Excerpt.plain(address)), or it is taken",
            "it has \(known.joined(separator: ", "))\(endpointCount > 8 ? ", ..." : "")")
        }
        taken[index] = true
      }
    }
    var others = taken.indices.filter { !taken[$0] }[...]
    return endpoints.flatMap { group in
      (0..<group.count).compactMap { number in
        if group.addresses.isEmpty { return others.popFirst() }
        return EndpointAddress(group.addresses[number]).flatMap { indices[$0] }
      }
    }
  }

  private func error(_ field: String, _ reason: String, _ nextStep: String) -> ScenarioError {
    ScenarioError(place: "\(name): spec.\(field)", reason: reason, nextStep: nextStep)
  }
}

private func listed(_ names: [String]) -> String {
  names.prefix(8).joined(separator: ", ") + (names.count > 8 ? ", ..." : "")
}
