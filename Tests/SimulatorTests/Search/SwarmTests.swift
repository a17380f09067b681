// SPDX-License-Identifier: Apache-2.0

import Policy
import Testing

@testable import Simulator

@Suite struct SwarmTests {
  private static let cases = (0..<400).map { Swarm.makeCase(seed: $0) }

  @Test func aSeedIsACase() {
    for swarmCase in Self.cases.prefix(50) { #expect(Swarm.makeCase(seed: swarmCase.seed) == swarmCase) }
    #expect(Set(Self.cases.map(\.scenarioText)).count == Self.cases.count)
  }

  @Test func filesSayTheWholeCase() {
    for swarmCase in Self.cases {
      let parsed = ScenarioParser.parse(swarmCase.scenarioText, path: "scenario.yaml")
      #expect(parsed.diagnostics.map(\.description) == [])
      #expect(parsed.scenario == swarmCase.scenario)
    }
  }

  @Test func policiesAreGood() {
    for swarmCase in Self.cases {
      do {
        let resolved = try swarmCase.resolved()
        #expect(resolved.service.endpoints.count == swarmCase.scenario.endpointCount)
        #expect(resolved.service.isPerRequest == (swarmCase.scenario.clients.mode == .request))
        #expect(resolved.zonedServices.count == swarmCase.scenario.clients.zones.count)
      } catch {
        Issue.record("seed \(swarmCase.seed): \(error)\n\(swarmCase.policyText)")
      }
    }
  }

  @Test func settingsComeIntoForce() throws {
    var sketch = PolicySketch()
    sketch.set(.destinationRule, "trafficPolicy.connectionPool.http.http2MaxRequests", .integer(7))
    sketch.set(.destinationRule, "trafficPolicy.connectionPool.http.maxRetries", .integer(2))
    sketch.set(.destinationRule, "trafficPolicy.outlierDetection.baseEjectionTime", .string("40ms"))
    sketch.set(.virtualService, "retries.attempts", .integer(4))
    sketch.set(.trafficPolicy, "outlierDetection.maxEjectionTime", .string("2s"))
    var swarmCase = Self.cases[0]
    swarmCase.scenario.clients.mode = .request
    swarmCase.policy = sketch
    let settings = try swarmCase.resolved().service.settings
    #expect(settings.maxRequests == 7)
    #expect(settings.request.maxRetries == 2)
    #expect(settings.request.retryAttempts == 4)
    #expect(settings.outlierDetection.baseEjectionTimeMilliseconds == 40)
    #expect(settings.outlierDetection.maxEjectionTimeMilliseconds == 2_000)
  }

  @Test func thereIsEverything() {
    let faults = Set(Self.cases.flatMap { $0.scenario.timeline.map(\.fault.name) })
    #expect(faults.count == 15)
    #expect(Set(Self.cases.map(\.scenario.clients.mode)) == [.request, .connection])
    let groups = Self.cases.flatMap(\.scenario.endpoints)
    #expect(Set(groups.map(\.discipline)) == Set(EndpointGroup.Discipline.allCases))
    #expect(groups.contains { $0.joinsLater } && groups.contains { $0.variation != nil })
    #expect(Self.cases.contains { $0.scenario.clients.replicas > 0 })
    #expect(Self.cases.contains { $0.selector == .core } && Self.cases.contains { !$0.selector.isCore })
    let balancers = Self.cases.compactMap { if case .coreWith(let balancer) = $0.selector { balancer } else { nil } }
    #expect(Set(balancers) == Set(LoadBalancer.allCases))
  }
}
