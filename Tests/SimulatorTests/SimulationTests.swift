// SPDX-License-Identifier: Apache-2.0

import Policy
import Testing

@testable import Simulator

@Suite struct SimulationTests {
  @Test func aFewRequests() throws {
    let scenario = Scenario.plain(clients: 4, servers: 4, rate: 1000, seconds: 10)
    let result = try #require(Simulation(.make(scenario), selector: .core, seed: 1).run())
    print(
      result.outcomes, result.latency.percentile(50), result.latency.percentile(99), result.eventCount,
      result.violations)
    print(result.endpoints.map(\.sent), result.endpoints.map(\.utilization))
    #expect(result.violations == [])
  }

  @Test func speed() throws {
    let scenario = Scenario.plain(clients: 100, servers: 100, rate: 20_000, seconds: 100)
    let clock = ContinuousClock()
    for selector in [SelectorName.core, .coreWith(.random)] {
      var result: RunResult?
      let time = clock.measure { result = Simulation(.make(scenario), selector: selector, seed: 1).run() }
      print(
        selector, time,
        Double(result!.requestCount) / (Double(time.components.attoseconds) / 1e18 + Double(time.components.seconds))
          / 1e6, "M/s", result!.latency.percentile(99), result!.violations.count)
    }
  }
}

extension Scenario {
  static func plain(clients: Int, servers: Int, rate: Double, seconds: UInt64) -> Scenario {
    var group = EndpointGroup(name: "web", count: servers)
    group.discipline = .processorSharing
    group.cores = 4
    var scenario = Scenario(
      name: "plain", duration: seconds * 1_000_000_000, load: [LoadPhase(.requestsPerSecond(rate))], endpoints: [group])
    scenario.clients.count = clients
    scenario.clients.nodes = clients
    scenario.clients.timeout = 5_000_000_000
    scenario.work = .exponential(mean: 12e6)
    scenario.network.path.latency = .constant(100_000)
    return scenario
  }
}

extension ResolvedScenario {
  static func make(_ scenario: Scenario) -> ResolvedScenario {
    let endpoints = (0..<scenario.endpointCount).map { index in
      Endpoint(address: IPAddress("127.96.\(index / 250).\(index % 250 + 1)")!, port: 80)
    }
    let service = Service(
      name: "default/web:80", frontends: [], loadBalancer: .leastRequest, appProtocol: "http", endpoints: endpoints,
      source: SourceLocation(file: "test", line: 1, column: 1))
    return ResolvedScenario(
      scenario: scenario, service: service, endpointIndices: Array(endpoints.indices), hasFallback: false)
  }
}
