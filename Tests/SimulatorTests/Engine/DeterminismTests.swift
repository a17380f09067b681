// SPDX-License-Identifier: Apache-2.0

import Foundation
import Simulator
import Testing

@Suite struct DeterminismTests {
  private var scenario: Scenario {
    Scenario.make(clients: 10, endpoints: 6, rate: 500, seconds: 5) { scenario in
      scenario.network.path.latency = .lognormal(median: 1e6, sigma: 0.5)
      scenario.network.path.loss = 0.01
      scenario.clients.timeout = 300 * milliseconds
      scenario.endpoints[0].variation = .init(every: .exponential(mean: 1e8), factor: .uniform(min: 0.5, max: 2))
      scenario.timeline = [
        TimelineEvent(at: seconds, until: 3 * seconds, target: EventTarget(group: "web", indices: [1]), .hang),
        TimelineEvent(
          at: 2 * seconds, until: 4 * seconds, target: EventTarget(group: "web", indices: [2]),
          .errors(rate: 0.5, status: 500, latency: 0)),
      ]
    }
  }

  @Test(arguments: SelectorName.all)
  func oneSeedIsOneTrace(_ selector: SelectorName) {
    let (first, second) = (scenario.run(selector), scenario.run(selector))
    #expect(first.traceHash == second.traceHash)
    #expect(first.latency == second.latency)
    #expect(first.violations == [])
  }

  @Test func anotherSeedIsAnotherTrace() {
    #expect(Set((1...50).map { scenario.run(seed: $0).traceHash }).count == 50)
  }

  /// Common random numbers: what comes, and the work of it, is the same for every selector.
  @Test func everySelectorGetsTheSameRequests() {
    var quiet = scenario
    quiet.timeline = []
    quiet.endpoints[0].variation = nil
    quiet.clients.timeout = 0
    let results = [SelectorName.core, .baseline(.roundRobin, ejection: false), .baseline(.prequal, ejection: false)]
      .map { quiet.run($0) }
    #expect(Set(results.map(\.requestCount)).count == 1)
    let work = results.map { $0.endpoints.reduce(0) { $0 + $1.utilization } }
    for other in work { #expect(abs(other / work[0] - 1) < 0.001) }
  }

  /// What the trace hash was when this was written: a debug build, a release build, and another processor have the same.
  /// A change of the engine's behaviour changes it; then write the new one here.
  @Test func theTraceIsTheSameInEveryBuild() {
    #expect(String(scenario.run().traceHash, radix: 16) == "287f7a95b24fd4cd")
  }
}
