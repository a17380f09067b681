// SPDX-License-Identifier: Apache-2.0

import Simulator
import Testbed

/// How many requests the simulator gets through on one core: 100 clients on nodes of their own, 100 endpoints with four
/// cores each that are shared, a network with latency, all invariants checked.
struct SimulatorMeasurement {
  let plan: BenchPlan

  private static let requestsPerSecond = 20_000
  private static let selectors: [SelectorName] = [.core, .baseline(.powerOfTwo, ejection: false)]

  func run() throws -> [Sample] {
    var progress = Progress(steps: plan.runs * plan.simulatedRequests.count * Self.selectors.count)
    defer { progress.finish() }
    return try (0..<plan.runs).flatMap { round in
      try plan.simulatedRequests.flatMap { requests in
        try BenchPlan.rotated(Self.selectors, round: round).map { selector in
          progress.step("round \(round + 1), simulator, \(selector), \(requests) requests")
          return try sample(selector, requests: requests, round: round)
        }
      }
    }
  }

  private func sample(_ selector: SelectorName, requests: Int, round: Int) throws -> Sample {
    let resolved = try ResolvedScenario.resolve(Self.scenario(requests: requests), services: [])
    let simulation = Simulation(resolved, selector: selector, seed: UInt64(round + 1))
    let began = MonotonicClock.nanoseconds
    let result = simulation.run { _ in !Interruption.hasCome }
    let seconds = Double(MonotonicClock.nanoseconds - began) / 1e9
    try Interruption.check()
    let failures = (result?.outcomes.failures ?? 0) + (result?.violations.count ?? 0)
    return Sample(
      .simulator, "\(selector)", size: requests, round: round,
      [.requestsPerSecond: Double(result?.requestCount ?? 0) / seconds, .errors: Double(failures)])
  }

  /// Utilization 0.6: 20,000 requests a second of 12 ms on 400 cores.
  private static func scenario(requests: Int) -> Scenario {
    var group = EndpointGroup(name: "web", count: 100)
    group.discipline = .processorSharing
    group.cores = 4
    var scenario = Scenario(
      name: "bench", duration: UInt64(requests / requestsPerSecond) * 1_000_000_000,
      load: [LoadPhase(.requestsPerSecond(Double(requestsPerSecond)))], endpoints: [group])
    scenario.clients.count = 100
    scenario.clients.nodes = 100
    scenario.clients.timeout = 5_000_000_000
    scenario.work = .exponential(mean: 12e6)
    scenario.network.path.latency = .constant(100_000)
    return scenario
  }
}
