// SPDX-License-Identifier: Apache-2.0

@testable import Simulator

/// Results in the shape that the engine makes them, from a rough model: no engine is needed to test pages.
struct SyntheticRuns {
  var scenario = "hang-of-one"
  var selectors: [SelectorName] = [
    .core, .baseline(.powerOfTwo, ejection: true), .baseline(.peakEWMA, ejection: false),
    .baseline(.roundRobin, ejection: false), .baseline(.oracle, ejection: false),
  ]
  var seeds: [UInt64] = [1, 2, 3]
  var endpoints = 8
  var windows = 120
  var requestsPerWindow = 200
  var hasFault = true
  var hasErrors = true
  var hasVerdicts = true

  private static let second: UInt64 = 1_000_000_000

  var model: Scenario {
    let half = max(1, endpoints / 2)
    var groups = [EndpointGroup(name: "backend", count: half)]
    if endpoints > half { groups.append(EndpointGroup(name: "slow-backend", count: endpoints - half)) }
    var scenario = Scenario(
      name: scenario, duration: 60 * Self.second, load: [LoadPhase(.requestsPerSecond(400))], endpoints: groups)
    scenario.warmup = 5 * Self.second
    scenario.summary =
      "One endpoint accepts connections and answers nothing for twenty seconds. What matters is how many requests are "
      + "lost before it is ejected, and whether it is taken back once it is well."
    scenario.clients.count = 20
    scenario.clients.nodes = 4
    return scenario
  }

  func results() -> [RunResult] {
    selectors.enumerated().flatMap { index, selector in seeds.map { run(selector, Double(index), seed: $0) } }
  }

  private func run(_ selector: SelectorName, _ badness: Double, seed: UInt64) -> RunResult {
    var chance = Chance(state: seed &* 1_000_003 &+ UInt64(badness))
    var result = RunResult(
      scenario: scenario, selector: selector, seed: seed, windowNanoseconds: 60 * Self.second / UInt64(max(1, windows)))
    result.traceHash = chance.next()
    result.endpoints = model.endpoints.flatMap { group in
      (0..<group.count).map { EndpointResult(name: "\(group.name)-\($0)", group: group.name) }
    }
    if hasFault {
      result.faults = [
        FaultBand(label: "hang backend-0", from: 15 * Self.second, until: 35 * Self.second, endpoints: [0]),
        FaultBand(
          label: "slow zone b", from: 30 * Self.second, until: 50 * Self.second,
          endpoints: Array(endpoints / 2..<endpoints)),
      ]
    }
    if hasFault, badness < 2 {
      result.transitions = [
        Transition(time: 16_250_000_000, node: 1, endpoint: 0, kind: "ejected", cause: "consecutive_5xx"),
        Transition(time: 35_100_000_000, node: 1, endpoint: 0, kind: "returned", cause: "probe"),
        Transition(time: 36_000_000_000, node: 1, endpoint: nil, kind: "panic", cause: "threshold"),
      ]
    }
    for window in 0..<windows { add(window, badness, &result, &chance) }
    if hasVerdicts {
      let p99 = result.latency.percentile(99)
      result.verdicts = [
        Verdict(
          expectation: "p99 below 120 ms", holds: p99 < 120_000_000,
          measured: "p99 \(Text.duration(p99)) of \(Text.count(result.latency.total, of: "request"))"),
        Verdict(
          expectation: "no request to backend-0 from 20 s until 34 s", holds: badness < 3,
          measured: "\(badness) requests"),
      ]
    }
    result.requestCount = windows * requestsPerWindow
    result.eventCount = result.requestCount * 9
    return result
  }

  private func add(_ window: Int, _ badness: Double, _ result: inout RunResult, _ chance: inout Chance) {
    let time = Double(window) / Double(windows) * 60
    let isHung = hasFault && time >= 15 && time < 35
    let isEjected = isHung && time >= 16 + badness * 2
    var sent = [Int](repeating: 0, count: endpoints)
    var sum = Window()
    for _ in 0..<requestsPerWindow {
      var endpoint = Int(chance.next() % UInt64(endpoints))
      if isEjected, endpoint == 0 { endpoint = endpoints - 1 }
      sent[endpoint] += 1
      let isSlow = endpoint >= endpoints / 2
      let shape = (0..<4).reduce(1.0) { product, _ in product * (0.6 + chance.share() * (1.3 + badness * 0.12)) }
      var latency = 22e6 * shape * (isSlow ? 1.6 : 1) * (hasFault && isSlow && time > 30 && time < 50 ? 1.8 : 1)
      let failed = hasErrors && ((isHung && endpoint == 0) || chance.share() < 0.0004 * badness)
      if failed { latency = 1e9 }
      sum.requests += 1
      sum.latency.add(UInt64(latency))
      if failed { sum.failures += 1 }
      if time >= 5 {
        result.latency.add(UInt64(latency))
        if failed { result.outcomes.timeouts += 1 } else { result.outcomes.successes += 1 }
        result.endpoints[endpoint].sent += 1
        if failed { result.endpoints[endpoint].failed += 1 }
      }
    }
    result.outcomes.retries += Int(badness)
    result.windows.append(sum)
    for index in result.endpoints.indices {
      result.endpoints[index].sentByWindow.append(sent[index])
      result.endpoints[index].utilization = 0.6
      if badness < 2 {
        let share = index == 0 && isEjected ? min(1, (time - 15) / 4) : 0
        result.endpoints[index].ejectedByWindow.append(share)
      }
    }
  }

  private struct Chance {
    var state: UInt64

    mutating func next() -> UInt64 {
      state &+= 0x9e37_79b9_7f4a_7c15
      var mixed = state
      mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
      mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
      return mixed ^ (mixed >> 31)
    }

    mutating func share() -> Double { Double(next() >> 11) / 9_007_199_254_740_992 }
  }
}
