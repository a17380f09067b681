// SPDX-License-Identifier: Apache-2.0

import Policy
import Simulator
import Testing

@Suite struct ConnectionModeTests {
  private func scenario(_ change: (inout Scenario) -> Void = { _ in }) -> Scenario {
    Scenario.make(clients: 20, endpoints: 4, rate: 400, seconds: 10) { scenario in
      scenario.clients.mode = .connection
      scenario.clients.nodes = 2
      scenario.work = .constant(2e6)
      scenario.network.path.latency = .constant(1e6)
      change(&scenario)
    }
  }

  @Test func connectionsAreKept() {
    let result = scenario().run()
    #expect(result.outcomes.failures == 0)
    #expect(result.violations == [])
    // One way, the work, and back: the handshake is rare.
    #expect((3_900_000...4_200_000).contains(result.latency.percentile(50)))
  }

  @Test func everyRequestPaysForAHandshakeWithoutKeepAlive() {
    let result = scenario { $0.clients.requestsPerConnection = 1 }.run()
    #expect((5_900_000...6_200_000).contains(result.latency.percentile(50)))
    let all = result.endpoints.map(\.sent)
    #expect((all.max() ?? 0) - (all.min() ?? 0) < 300, "least request spreads them")
  }

  @Test func idleConnectionsAreClosed() {
    let kept = scenario { scenario in
      scenario.load = [LoadPhase(.requestsPerSecond(4))]
      scenario.duration = 100 * seconds
    }
    var closing = kept
    closing.clients.keepAlive = 100 * milliseconds
    #expect(closing.run().latency.percentile(50) > kept.run().latency.percentile(50) + milliseconds)
  }

  @Test func moreConnectionsThanAllowedAreRefused() {
    let result = scenario { scenario in
      scenario.work = .constant(200e6)
      scenario.endpoints[0].discipline = .delay
    }.run(policy: { $0.maxConnections = 10 })
    #expect(result.outcomes.refusals["max_connections"] ?? 0 > 100)
    #expect(result.violations == [])
  }

  @Test func connectsToACrashedEndpointAreFailures() {
    let result = scenario { scenario in
      scenario.clients.requestsPerConnection = 5
      scenario.timeline = [
        TimelineEvent(at: 3 * seconds, until: 6 * seconds, target: EventTarget(group: "web", indices: [0]), .crash)
      ]
    }.run()
    #expect(result.transitions.contains { $0.kind == "open" && $0.endpoint == 0 })
    #expect(result.transitions.contains { $0.kind == "closed" && $0.endpoint == 0 })
    #expect(result.violations == [])
  }

  @Test func statusesAreInvisible() {
    let result = scenario { scenario in
      scenario.timeline = [
        TimelineEvent(
          at: 0, target: EventTarget(group: "web", indices: [0]), .errors(rate: 1, status: 500, latency: 0))
      ]
    }.run(policy: { $0.outlierDetection.consecutive5xxErrors = 3 })
    #expect(result.transitions == [])
    #expect(result.outcomes.statuses > 500)
  }

  @Test func connectionsToWhoHasLeftAreCut() {
    let result = scenario { scenario in
      scenario.timeline = [
        TimelineEvent(at: 5 * seconds, target: EventTarget(group: "web", indices: [0, 1]), .leave)
      ]
    }.run()
    #expect(result.endpoints[0].sentByWindow[61...].reduce(0, +) == 0)
    #expect(result.outcomes.resets < 20)
    #expect(result.violations == [])
  }
}
