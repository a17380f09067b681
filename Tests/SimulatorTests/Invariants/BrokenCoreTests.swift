// SPDX-License-Identifier: Apache-2.0

import Policy
import SwerveABI
import SwerveCore
import Testing

@testable import Simulator

/// Runs in which something is broken on purpose: the checks must say so.
@Suite struct BrokenCoreTests {
  private func simulation(
    _ selector: SelectorName = .core, endpoints: Int = 4, rate: Double = 400,
    _ change: (inout TrafficSettings) -> Void = { _ in }
  ) throws -> Simulation {
    let scenario = Scenario.make(clients: 2, endpoints: endpoints, rate: rate, seconds: 2) {
      $0.timeline = [
        TimelineEvent(
          at: 500_000_000, target: EventTarget(group: "web", indices: [1]), .errors(rate: 1, status: 500, latency: 0))
      ]
    }
    var resolved = try ResolvedScenario.resolve(scenario, services: [])
    var settings = resolved.service.settings
    settings.outlierDetection.consecutive5xxErrors = 3
    change(&settings)
    resolved.service = Service(
      name: resolved.service.name, frontends: [], loadBalancer: .leastRequest, appProtocol: "http",
      endpoints: resolved.service.endpoints, settings: settings, source: resolved.service.source)
    return Simulation(resolved, selector: selector, seed: 1)
  }

  private func found(_ simulation: Simulation) throws -> Set<InvariantName> {
    let result = try #require(simulation.run())
    return Set(result.violations.compactMap { InvariantName(rawValue: $0.invariant) })
  }

  /// Has something broken at a time of the run.
  private func breakIt(
    _ simulation: Simulation, at time: UInt64 = 1_000_000_000, _ action: @escaping (CoreSelector) -> Void
  ) throws -> Set<InvariantName> {
    simulation.schedule(at: time) { simulation in
      if let core = simulation.core { action(core) }
    }
    return try found(simulation)
  }

  @Test func aSoundCoreIsLeftAlone() throws {
    #expect(try found(simulation()) == [])
  }

  @Test func aRequestInFlightThatIsForgotten() throws {
    let found = try breakIt(simulation()) { $0.nodes[0].states[0].in_flight &-= 1 }
    #expect(found.contains(.statistics))
  }

  @Test func aCountOfSelectionsThatIsWrong() throws {
    let found = try breakIt(simulation()) { $0.nodes[1].states[2].selected += 1 }
    #expect(found.contains(.statistics))
  }

  @Test func aCountOfEjectedThatIsWrong() throws {
    let found = try breakIt(simulation()) { $0.nodes[0].service.ejected += 1 }
    #expect(found.contains(.statistics))
  }

  @Test func aBreakerThatClosesWithoutAWord() throws {
    let found = try breakIt(simulation { $0.outlierDetection.baseEjectionTimeMilliseconds = 10_000 }) { core in
      for endpoint in 0..<4 { core.nodes[0].states[endpoint].breaker = 0 }
    }
    #expect(found.contains(.breakers))
    #expect(found.contains(.notEjected))
  }

  @Test func aLimitThatIsNotKept() throws {
    let found = try breakIt(simulation(rate: 800) { $0.maxRequests = 2 }) { core in
      core.nodes[0].service.admitted &-= 1
    }
    #expect(found.contains(.limits))
  }

  @Test func aLimitThatIsKeptTooEarly() throws {
    let found = try breakIt(simulation(rate: 800) { $0.maxRequests = 2 }) { core in
      core.nodes[0].service.admitted &+= 1
    }
    #expect(found.contains(.refusals))
  }

  @Test func aSelectorThatChoosesWhoIsNotThere() throws {
    let simulation = try simulation(.baseline(.random, ejection: false))
    let stubborn = Stubborn()
    simulation.selector = stubborn
    simulation.schedule(at: 1_000_000_000) { simulation in
      simulation.membership.set([stubborn.endpoint], draining: true)
      simulation.discoverLater()
    }
    let found = try self.found(simulation)
    withExtendedLifetime(stubborn) { #expect(found == [.known]) }
  }

  @Test func resultsThatDoNotAddUp() throws {
    let simulation = try simulation()
    var result = try #require(simulation.run())
    simulation.invariants.check(result)
    #expect(simulation.invariants.violations == [])
    result.outcomes.successes += 1
    result.windows[0].requests -= 1
    result.endpoints[0].sent += 1
    result.endpoints[1].sentByWindow[0] += 1
    simulation.invariants.check(result)
    let found = simulation.invariants.violations.map { InvariantName(rawValue: $0.invariant) }
    #expect(found == [.results, .results, .results, .results])
  }

  @Test func whatIsLeftAtTheEnd() throws {
    let simulation = try simulation()
    simulation.schedule(at: 1_000_000_000) { simulation in
      simulation.invariants.requestBegan(node: 0, isMeasured: false)
      simulation.invariants.sent(node: 0, endpoint: 0)
    }
    let found = try found(simulation)
    #expect(found.isSuperset(of: [.conserved, .zeroAtTheEnd, .statistics, .results]))
  }
}

/// Always the same endpoint, whoever may be chosen.
private final class Stubborn: EndpointSelector {
  let endpoint = 2
  func select(_ choice: borrowing Choice) -> Selection { .endpoint(endpoint) }
  func sent(node: Int, endpoint: Int, now: UInt64) {}
  func finished(node: Int, endpoint: Int, result: SelectorResult, now: UInt64) {}
}
