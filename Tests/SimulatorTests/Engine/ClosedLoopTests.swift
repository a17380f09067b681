// SPDX-License-Identifier: Apache-2.0

import Simulator
import Testing

@Suite struct ClosedLoopTests {
  /// A cycle is a pause and the latency: 50 clients / (90 ms + 10 ms) = 500 a second.
  @Test func clientsWaitForTheirAnswers() {
    let result = Scenario.make(clients: 50, endpoints: 4, rate: 0, seconds: 20) { scenario in
      scenario.load = [LoadPhase(.closedLoop(think: .constant(90e6)))]
      scenario.endpoints[0].discipline = .delay
      scenario.work = .constant(10e6)
    }.run()
    #expect(abs(Double(result.outcomes.total) / 20 - 500) < 5)
  }

  /// However slow the endpoints, no more are under way than there are clients.
  @Test func theLoadFollowsTheEndpoints() {
    let result = Scenario.make(clients: 10, endpoints: 1, rate: 0, seconds: 20) { scenario in
      scenario.load = [LoadPhase(.closedLoop(think: .constant(0)))]
      scenario.work = .constant(10e6)
    }.run()
    #expect(abs(Double(result.outcomes.total) / 20 - 100) < 2)
    #expect(result.latency.percentile(99) < 102 * milliseconds)
  }

  @Test func phasesFollowEachOther() {
    let result = Scenario.make(clients: 10, endpoints: 4, rate: 0, seconds: 12) { scenario in
      scenario.load = [
        LoadPhase(.requestsPerSecond(100)), LoadPhase(start: 4 * seconds, .requestsPerSecond(0)),
        LoadPhase(start: 8 * seconds, .requestsPerSecond(50), arrivals: .constant),
      ]
    }.run()
    #expect(abs(result.windows[..<40].reduce(0) { $0 + $1.requests } - 400) < 60)
    #expect(result.windows[40..<80].reduce(0) { $0 + $1.requests } == 0)
    #expect(abs(result.windows[80...].reduce(0) { $0 + $1.requests } - 200) <= 1)
  }
}
