// SPDX-License-Identifier: Apache-2.0

import Simulator
import Testing

@testable import Testbed

/// Scripted endpoints and open-loop clients against each other, without a mesh between them.
@Suite(.serialized) struct ScriptedEndpointTests {
  private static let millisecond: UInt64 = 1_000_000

  private func scenario(_ group: EndpointGroup, seconds: Double, rate: Double) -> Scenario {
    var scenario = Scenario(
      name: "one", duration: UInt64(seconds * 1e9), load: [LoadPhase(.requestsPerSecond(rate))], endpoints: [group])
    scenario.clients.count = 4
    scenario.clients.timeout = 2_000_000_000
    scenario.work = .exponential(mean: 10e6)
    return scenario
  }

  private func group(cores: Double = 1) -> EndpointGroup {
    var group = EndpointGroup(name: "one")
    group.cores = cores
    return group
  }

  private func run(_ scenario: Scenario, host: String) throws -> (OpenLoopResult, [EndpointResult]) {
    let (result, endpoints, _) = try runTelling(scenario, host: host)
    return (result, endpoints)
  }

  /// - Returns: also how late requests were sent and answered, nanoseconds at the 99th percentile.
  private func runTelling(
    _ scenario: Scenario, host: String
  ) throws -> (result: OpenLoopResult, endpoints: [EndpointResult], lateness: Double) {
    let target = try address(host, FreePort.find(on: [host]))
    let endpoints = try ScriptedEndpoints(scenario, on: [target], seed: 1)
    let client = try OpenLoopClient(OpenLoopPlan(scenario, target: target, seed: 2))
    let outcome = Result {
      let start = MonotonicClock.nanoseconds + 50 * Self.millisecond
      try endpoints.begin(at: start, countedFrom: start + scenario.warmup)
      let result = try client.run(from: start)
      let served = try endpoints.results(until: start + scenario.duration)
      let lateness = result.lateness.percentile(99) + served.lateness.percentile(99)
      return (result, served.endpoints, Double(lateness))
    }
    try client.stop()
    try endpoints.stop()
    return try outcome.get()
  }

  /// The same arrivals and services without sockets: each request begins when it is there and a core is.
  private func predicted(_ scenario: Scenario) -> LatencyHistogram {
    let script = EndpointScript.all(of: scenario, seed: 1)[0]
    var random = Random(seed: script.seed)
    var cores = [Double](repeating: 0, count: Int(script.group.cores))
    var latency = LatencyHistogram()
    for arrival in ArrivalSchedule(scenario, seed: 2).arrivals {
      let work = script.work.sample(using: &random) / script.group.speed
      let core = cores.indices.min { cores[$0] < cores[$1] } ?? 0
      cores[core] = max(cores[core], Double(arrival.time)) + work
      if arrival.time >= scenario.warmup { latency.add(UInt64(cores[core]) - arrival.time) }
    }
    return latency
  }

  @Test func aQueueOfManyCoresHasTheLatenciesOfTheTheory() throws {
    var scenario = scenario(group(cores: 4), seconds: 2, rate: 340)
    scenario.warmup = 200 * Self.millisecond
    let predicted = predicted(scenario)
    var (result, endpoints, lateness) = try runTelling(scenario, host: "127.0.7.1")
    // Other tests may have had the processors.
    for _ in 0..<3 where lateness > 1e6 {
      (result, endpoints, lateness) = try runTelling(scenario, host: "127.0.7.1")
    }
    #expect(result.outcomes.failures == 0)
    #expect(result.outcomes.total == predicted.total)
    // What was sent just before the end of the warm-up may come just after it.
    #expect(abs(endpoints[0].sent - predicted.total) <= 20)
    for (percent, bar) in [(50.0, 0.15), (99.0, 0.25)] {
      let (real, theory) = (Double(result.latency.percentile(percent)), Double(predicted.percentile(percent)))
      #expect(
        abs(real - theory) < bar * theory + lateness,
        "p\(percent): \(real / 1e6) ms, \(theory / 1e6) ms expected, \(lateness / 1e6) ms late")
    }
    // 85 % of the cores, by chance a little more or less.
    #expect(abs(endpoints[0].utilization - 0.85) < 0.15, "\(endpoints[0].utilization)")
  }

  @Test func latencyCountsFromWhenARequestWasToBeSent() throws {
    var scenario = scenario(group(), seconds: 0.5, rate: 20)
    scenario.work = .constant(100e6)
    scenario.load[0].arrivals = .constant
    let (result, _) = try run(scenario, host: "127.0.7.2")
    // Twice as many as one core can serve: the last of nine waits for all before it.
    #expect(result.outcomes.successes == 9)
    #expect(result.latency.percentile(100) > 450 * Self.millisecond)
    #expect(result.connectionCount > 4)
  }

  @Test func aLateClientHidesNothing() throws {
    var scenario = scenario(group(), seconds: 0.4, rate: 20)
    scenario.work = .constant(1e6)
    let target = try address("127.0.7.8", FreePort.find(on: ["127.0.7.8"]))
    let endpoints = try ScriptedEndpoints(scenario, on: [target], seed: 1)
    let client = try OpenLoopClient(OpenLoopPlan(scenario, target: target, seed: 2))
    // As if the client had slept for half a second.
    let outcome = Result { try client.run(from: MonotonicClock.nanoseconds - 500 * Self.millisecond) }
    try client.stop()
    try endpoints.stop()
    let result = try outcome.get()
    #expect(result.outcomes.successes > 0)
    #expect(result.latency.percentile(0) >= 100 * Self.millisecond)
    #expect(result.lateness.percentile(0) >= 100 * Self.millisecond)
  }

  @Test func beyondTheQueueLimitRequestsAreRefusedAtOnce() throws {
    var group = group()
    group.queueLimit = 2
    var scenario = scenario(group, seconds: 0.5, rate: 100)
    scenario.work = .constant(100e6)
    let (result, endpoints) = try run(scenario, host: "127.0.7.3")
    #expect(result.outcomes.statuses > 20)
    #expect(result.outcomes.successes + result.outcomes.statuses == result.requestCount)
    #expect(endpoints[0].failed == result.outcomes.statuses)
    #expect(result.latency.percentile(100) < 400 * Self.millisecond)
  }

  @Test func whatAHangHeldIsAnsweredAfterwardsUnlessItsClientHasGone() throws {
    var scenario = scenario(group(cores: 4), seconds: 0.6, rate: 100)
    scenario.work = .constant(1e6)
    scenario.timeline = [TimelineEvent(at: 100 * Self.millisecond, until: 500 * Self.millisecond, .hang)]
    let (patient, _) = try run(scenario, host: "127.0.7.4")
    #expect(patient.outcomes.failures == 0)
    #expect(patient.latency.percentile(90) > 250 * Self.millisecond)
    scenario.clients.timeout = 100 * Self.millisecond
    let (impatient, _) = try run(scenario, host: "127.0.7.4")
    #expect(impatient.outcomes.timeouts > 10)
    #expect(impatient.latency.percentile(100) < 200 * Self.millisecond)
    #expect(impatient.outcomes.total == impatient.requestCount)
  }

  @Test func aCrashResetsAndRefusesUntilItIsOver() throws {
    var scenario = scenario(group(cores: 8), seconds: 1, rate: 200)
    scenario.timeline = [TimelineEvent(at: 300 * Self.millisecond, until: 600 * Self.millisecond, .crash)]
    let (result, _) = try run(scenario, host: "127.0.7.5")
    #expect(result.outcomes.timeouts == 0)
    #expect(result.outcomes.resets > 20, "\(result.outcomes)")
    #expect(result.outcomes.successes > 80, "\(result.outcomes)")
    #expect(result.outcomes.total == result.requestCount)
  }

  @Test func aShareOfTheRequestsIsAnsweredWithTheStatus() throws {
    var scenario = scenario(group(cores: 8), seconds: 1, rate: 300)
    scenario.timeline = [TimelineEvent(at: 0, .errors(rate: 0.3, status: 503, latency: Self.millisecond))]
    let (result, endpoints) = try run(scenario, host: "127.0.7.6")
    #expect(abs(result.outcomes.errorRate - 0.3) < 0.1, "\(result.outcomes)")
    #expect(endpoints[0].failed == result.outcomes.statuses)
  }

  @Test func fewerCoresAndLessSpeedMakeItSlower() throws {
    var scenario = scenario(group(cores: 4), seconds: 0.5, rate: 60)
    scenario.work = .constant(10e6)
    let (well, _) = try run(scenario, host: "127.0.7.7")
    scenario.timeline = [TimelineEvent(at: 0, .slow(factor: 4))]
    let (slow, _) = try run(scenario, host: "127.0.7.7")
    #expect(well.latency.percentile(50) < 15 * Self.millisecond)
    #expect(slow.latency.percentile(50) >= 39 * Self.millisecond)
  }

  @Test func aScenarioThatCannotBeHadHereSaysWhy() {
    var scenario = scenario(group(), seconds: 100, rate: 6000)
    scenario.clients.timeout = 0
    scenario.clients.nodes = 2
    scenario.network.path.latency = .constant(1e6)
    scenario.timeline = [TimelineEvent(at: 0, .partition)]
    let obstacles = RealRunLimits.obstacles(scenario)
    #expect(obstacles.count == 6, "\(obstacles)")
    #expect(RealRunLimits.obstacles(self.scenario(group(), seconds: 1, rate: 10)) == [])
  }
}
