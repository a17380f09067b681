// SPDX-License-Identifier: Apache-2.0

public import Policy

/// A scenario with the services it is about: all that a run needs besides selector and seed.
public struct ResolvedScenario: Sendable {
  public var scenario: Scenario
  /// The service under test, as the policy files have it, or made of the endpoint groups. Endpoint `i` of the scenario,
  /// counted through the groups in their order, is `service.endpoints[endpointIndices[i]]`.
  public var service: Service
  public var endpointIndices: [Int]
  /// The same service as nodes of each of `clients.zones` see it: endpoints of other zones may be standbys there. Empty
  /// without zones.
  public var zonedServices: [Service] = []
  /// What answers when no endpoint may take a request: another service's response is taken as given.
  public var hasFallback: Bool

  public init(scenario: Scenario, service: Service, endpointIndices: [Int], hasFallback: Bool) {
    self.scenario = scenario
    self.service = service
    self.endpointIndices = endpointIndices
    self.hasFallback = hasFallback
  }

  /// At least one.
  var servicesByZone: [Service] { zonedServices.isEmpty ? [service] : zonedServices }
}
