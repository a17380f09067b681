// SPDX-License-Identifier: Apache-2.0

import Policy
import Simulator
import Testing

/// Faults and what clients see of them. Four endpoints, 400 requests a second, faults from second 2 to 4 of 6.
@Suite struct FaultTests {
  private func scenario(_ fault: Fault, _ target: EventTarget = EventTarget(group: "web", indices: [0])) -> Scenario {
    Scenario.make(clients: 2, endpoints: 4, rate: 400, seconds: 6) { scenario in
      scenario.work = .constant(2e6)
      scenario.clients.timeout = 100 * milliseconds
      scenario.timeline = [TimelineEvent(at: 2 * seconds, until: 4 * seconds, target: target, fault)]
    }
  }

  /// Attempts sent to endpoint 0 in each second: 20 windows of 50 ms.
  private func sentBySecond(_ result: RunResult, endpoint: Int = 0) -> [Int] {
    let windows = result.endpoints[endpoint].sentByWindow
    return stride(from: 0, to: windows.count, by: 20).map { windows[$0..<$0 + 20].reduce(0, +) }
  }

  /// Ejection by three failures in a row, as in force without a policy: 1 s, then doubled or shrunk.
  private func ejecting(_ settings: inout TrafficSettings) {
    settings.outlierDetection.consecutive5xxErrors = 3
    settings.outlierDetection.splitExternalLocalOriginErrors = false
  }

  @Test func aCrashRefusesConnectsAndIsNoticed() {
    let result = scenario(.crash).run()
    #expect(result.violations == [])
    #expect(result.outcomes.resets > 0)
    // Three in a row on each of two nodes, and then a probe now and then.
    #expect(result.outcomes.failures < 20)
    #expect(sentBySecond(result)[2] + sentBySecond(result)[3] < 20)
    #expect(sentBySecond(result)[5] > 50, "it is back")
    #expect(result.transitions.contains { $0.kind == "open" && $0.cause == "consecutive_local_origin_failures" })
  }

  @Test func aHangIsSeenOnlyWithAPolicyTimeout() {
    // The client gives up: that says nothing of the endpoint.
    let silent = scenario(.hang).run()
    #expect(silent.outcomes.timeouts > 10)
    #expect(silent.transitions == [])
    let timed = scenario(.hang).run(policy: { settings in
      ejecting(&settings)
      settings.request.timeoutMilliseconds = 50
    })
    #expect(timed.transitions.contains { $0.kind == "open" })
    #expect(timed.outcomes.timeouts < silent.outcomes.timeouts)
    #expect(timed.violations == [])
  }

  @Test func fastErrorsAreEjected() {
    let result = scenario(.errors(rate: 1, status: 500, latency: 0)).run(policy: ejecting)
    #expect((3...12).contains(result.outcomes.statuses))
    #expect(result.transitions.contains { $0.cause == "consecutive_5xx" })
  }

  @Test func aShareOfErrorsIsAShare() {
    let result = scenario(.errors(rate: 0.3, status: 503, latency: 1_000_000), EventTarget()).run(
      policy: { $0.outlierDetection.consecutiveLocalOriginFailures = 0 })
    // Two of six seconds, 30 % of them.
    #expect(abs(result.outcomes.errorRate - 0.1) < 0.02)
  }

  @Test func slowEndpointsGetLess() {
    // Ten times slower is 50 requests a second at most, of 100.
    let result = scenario(.slow(factor: 10)).run()
    let sent = sentBySecond(result)
    #expect(sent[3] < sent[1] * 8 / 10)
    #expect(sent[5] > sent[3])
  }

  @Test func aColdStartWarmsUp() {
    let result = scenario(.coldStart(factor: 20)).run()
    let slowest = result.windows[40..<50].map { $0.latency.percentile(99) }.max() ?? 0
    let last = result.windows[75..<80].map { $0.latency.percentile(99) }.max() ?? 0
    #expect(slowest > 30 * milliseconds)
    #expect(last < slowest)
  }

  @Test func lessCapacityMakesQueues() {
    var slow = scenario(.capacity(factor: 0.25))
    slow.endpoints[0].cores = 4
    slow.work = .constant(20e6)
    let result = slow.run()
    #expect(result.windows[60].latency.percentile(50) >= result.windows[20].latency.percentile(50))
    #expect(sentBySecond(result)[3] < sentBySecond(result)[1])
  }

  @Test func endpointsThatLeaveGetNothingOnceItIsKnown() {
    var leaving = scenario(.leave)
    leaving.agent.discoveryDelay = 100 * milliseconds
    let result = leaving.run()
    #expect(result.outcomes.failures == 0)
    // Windows of 50 ms from the beginning of second 2.
    #expect(result.endpoints[0].sentByWindow[40..<42].reduce(0, +) > 0)
    #expect(result.endpoints[0].sentByWindow[42..<80].reduce(0, +) == 0)
    #expect(result.endpoints[0].sentByWindow[84...].reduce(0, +) > 0)
  }

  /// What was sent before an endpoint left says nothing of the one that comes in its place.
  @Test func resultsOfAnEndpointThatHasLeftAreNobodys() {
    var returning = scenario(.leave)
    returning.work = .constant(300e6)
    returning.endpoints[0].cores = 40
    returning.clients.timeout = 0
    returning.timeline[0].until = 2_100 * milliseconds
    returning.timeline.append(
      TimelineEvent(
        at: 2_050 * milliseconds, until: 2_090 * milliseconds, target: EventTarget(group: "web", indices: [0]), .crash))
    let result = returning.run(policy: { settings in
      ejecting(&settings)
      settings.warmup = .init(durationMilliseconds: 100)
    })
    #expect(result.outcomes.resets > 5)
    #expect(result.transitions == [])
    #expect(result.violations == [])
  }

  @Test func drainingEndpointsFinishWhatTheyHave() {
    let result = scenario(.drain).run()
    #expect(result.outcomes.failures == 0)
    #expect(result.endpoints[0].sentByWindow[41..<80].reduce(0, +) == 0)
  }

  @Test func newcomersJoin() {
    var joining = scenario(.join, EventTarget(group: "new"))
    var group = EndpointGroup(name: "new", count: 2)
    group.joinsLater = true
    joining.endpoints.append(group)
    joining.timeline[0].until = nil
    let result = joining.run()
    #expect(sentBySecond(result, endpoint: 4)[1] == 0)
    #expect(sentBySecond(result, endpoint: 4)[3] > 20)
  }

  @Test func anAgentThatIsAwayLeavesTheTablesAsTheyAre() {
    var stale = scenario(.leave)
    stale.timeline.append(
      TimelineEvent(at: seconds, until: 3 * seconds, target: EventTarget(nodes: [0]), .agentRestart))
    let result = stale.run()
    // Node 0 finds it closed, and its breaker opens; node 1 knows.
    #expect(result.transitions.contains { $0.node == 0 && $0.kind == "open" })
    #expect(!result.transitions.contains { $0.node == 1 })
    #expect(result.violations == [])
  }

  @Test func aFullTableTakesNoNewEndpoint() {
    var full = scenario(.tableFull, EventTarget(nodes: [0]))
    var group = EndpointGroup(name: "new")
    group.joinsLater = true
    full.endpoints.append(group)
    full.timeline.append(TimelineEvent(at: 2_500 * milliseconds, target: EventTarget(group: "new"), .join))
    let result = full.run()
    // Only node 1 sends there until the table has room again.
    let sent = sentBySecond(result, endpoint: 4)
    #expect(sent[3] > 10)
    #expect(sent[5] > sent[3] * 3 / 2)
  }

  @Test func aPartitionLosesEverythingOneWayAndTheOther() {
    let result = scenario(.partition, EventTarget(group: "web", indices: [0], nodes: [0])).run(policy: { settings in
      ejecting(&settings)
      settings.request.timeoutMilliseconds = 50
    })
    #expect(result.outcomes.timeouts > 0)
    #expect(Set(result.transitions.map(\.node)) == [0])
    #expect(result.violations == [])
  }

  @Test func latencyAndLossOfThePath() {
    let late = scenario(.latency(.constant(20e6)), EventTarget()).run()
    #expect(late.windows[60].latency.percentile(50) > 40 * milliseconds)
    var lossy = scenario(.loss(probability: 0.2), EventTarget())
    lossy.clients.timeout = 0
    lossy.network.path.retransmissionTimeout = 200 * milliseconds
    let result = lossy.run()
    // A fifth of the requests and of the responses waits at least 200 ms.
    #expect(result.windows[60].latency.percentile(90) > 200 * milliseconds)
    #expect(result.outcomes.failures == 0)
  }

  @Test func aClockThatJumpsEndsEjectionsEarly() {
    var jumping = scenario(.crash)
    jumping.timeline.append(
      TimelineEvent(at: 3 * seconds, target: EventTarget(nodes: [0]), .clockJump(by: 3_600 * seconds)))
    let result = jumping.run(policy: { $0.outlierDetection.baseEjectionTimeMilliseconds = 60_000 })
    let probes = result.transitions.filter { $0.kind == "half_open" }
    #expect(probes.first.map { $0.node == 0 && $0.time >= 3 * seconds } ?? false)
    #expect(result.violations == [])
  }
}
