// SPDX-License-Identifier: Apache-2.0

import Policy

@testable import Simulator

/// Scenarios for tests of the engine.
extension Scenario {
  /// Endpoints `web-0` ... with exponential work of 10 ms, one core each, first come first served; no network.
  static func make(
    clients: Int = 1, endpoints: Int = 1, rate: Double, seconds: Double,
    _ change: (inout Scenario) -> Void = { _ in }
  ) -> Scenario {
    var scenario = Scenario(
      name: "test", duration: UInt64(seconds * 1e9), load: [LoadPhase(.requestsPerSecond(rate))],
      endpoints: [EndpointGroup(name: "web", count: endpoints)])
    scenario.clients.count = clients
    scenario.clients.nodes = clients
    scenario.work = .exponential(mean: 10e6)
    change(&scenario)
    return scenario
  }

  /// Runs with the scenario's own service, or with a changed policy.
  func run(
    _ selector: SelectorName = .core, seed: UInt64 = 1, policy: ((inout TrafficSettings) -> Void)? = nil,
    hasFallback: Bool = false
  ) -> RunResult {
    do {
      var resolved = try ResolvedScenario.resolve(self, services: [])
      resolved.hasFallback = hasFallback
      if let policy {
        let service = resolved.service
        var settings = service.settings
        policy(&settings)
        resolved.service = Service(
          name: service.name, frontends: service.frontends, loadBalancer: service.loadBalancer,
          appProtocol: service.appProtocol, endpoints: service.endpoints, settings: settings, source: service.source)
      }
      guard let result = Simulation(resolved, selector: selector, seed: seed).run() else {
        fatalError("nobody has ended the run")
      }
      return result
    } catch {
      fatalError("\(error)")
    }
  }
}

extension RunResult {
  /// Mean latency of the counted requests. Buckets are 0.8 % wide: their middles are 0.4 % below their ends.
  var meanLatency: Double {
    var before = 0.0, sum = 0.0
    for (nanoseconds, share) in latency.cumulative {
      sum += (share - before) * Double(nanoseconds) * 0.996
      before = share
    }
    return sum
  }
}

/// Seconds and milliseconds as the engine has them.
let seconds: UInt64 = 1_000_000_000
let milliseconds: UInt64 = 1_000_000
