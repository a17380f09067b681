// SPDX-License-Identifier: Apache-2.0

import Policy
import Simulator

/// What can be shown without the kernel: its decision core in simulated time.
struct SimulatorScene {
  let display: DemoDisplay

  private static let second: UInt64 = 1_000_000_000
  /// Of four endpoints one answers 500 at once.
  private static let fault = second * 20..<second * 40
  private static let errorsInARow: UInt32 = 5
  private static let nodes = 10

  func play() throws -> [Claim] {
    display.announce("The same decisions in simulated time: a minute of 2,000 requests a second, one endpoint fails")
    let failing = try service(weights: [1, 1, 1, 1]) { settings in
      settings.outlierDetection.consecutive5xxErrors = Self.errorsInARow
    }
    let scenario = Self.scenario(weights: [1, 1, 1, 1], fails: true)
    let steered = try run(scenario, failing, .core)
    let again = try run(scenario, failing, .core)
    let plain = try run(scenario, failing, .baseline(.powerOfTwo, ejection: false))
    for result in [steered, plain] { display.show("  \(Self.line(result))") }
    return [
      ejection(steered),
      Claim(
        "fewer requests fail than without a breaker", steered.outcomes.failures * 100 < plain.outcomes.failures,
        "\(steered.outcomes.failures) of \(steered.outcomes.total), \(plain.outcomes.failures) by \(plain.selector)"),
      Claim(
        "one seed is one run", steered.traceHash == again.traceHash && steered.traceHash != plain.traceHash,
        "trace \(String(steered.traceHash, radix: 16)) twice"),
      Claim(
        "no invariant is violated", [steered, plain].allSatisfy(\.violations.isEmpty),
        "checked in \(steered.requestCount + plain.requestCount) requests"),
    ] + (try [.roundRobin, .random].map(weighted))
  }

  /// At most so many failures as open the breaker on every node, and one for each probe; and it is back afterwards.
  private func ejection(_ result: RunResult) -> Claim {
    let probes = result.transitions.count { $0.kind == "half_open" }
    // Requests that were under way when the last one failed.
    let most = Self.nodes * Int(Self.errorsInARow) + probes + Self.nodes
    let windows = result.endpoints[0].sentByWindow
    let isBack = windows.suffix(10).reduce(0, +) > 1_000
    return Claim(
      "a failing endpoint is ejected, probed, and taken back", result.outcomes.failures <= most && isBack,
      "\(result.outcomes.failures) requests failed on \(Self.nodes) nodes, \(probes) probes")
  }

  private func weighted(_ loadBalancer: LoadBalancer) throws -> Claim {
    let weights: [UInt16] = [1, 2, 3, 4]
    let scenario = Self.scenario(weights: weights, fails: false)
    let result = try run(scenario, try service(weights: weights), .coreWith(loadBalancer))
    let shares = result.endpoints.map { Double($0.sent) / Double(result.outcomes.total) }
    let held = zip(shares, weights).allSatisfy { abs($0 - Double($1) / 10) < 0.01 }
    return Claim(
      "\(loadBalancer.rawValue) follows the weights 1:2:3:4", held,
      "\(result.outcomes.total) requests: \(result.endpoints.map(\.sent))")
  }

  // MARK: Stage

  private static func scenario(weights: [UInt16], fails: Bool) -> Scenario {
    let groups = weights.enumerated().map { index, weight in
      var group = EndpointGroup(name: "web-\(index)")
      group.weight = weight
      group.cores = 16
      return group
    }
    var scenario = Scenario(
      name: "demo", duration: 60 * second, load: [LoadPhase(.requestsPerSecond(2_000))], endpoints: groups)
    scenario.clients.count = nodes
    scenario.clients.nodes = nodes
    scenario.work = .exponential(mean: 10e6)
    if fails {
      scenario.timeline = [
        TimelineEvent(
          at: fault.lowerBound, until: fault.upperBound, target: EventTarget(group: "web-0"),
          .errors(rate: 1, status: 500, latency: 0))
      ]
    }
    return scenario
  }

  private func service(
    weights: [UInt16], _ change: (inout TrafficSettings) -> Void = { _ in }
  ) throws -> Service {
    let made = try ResolvedScenario.resolve(Self.scenario(weights: weights, fails: false), services: []).service
    var settings = made.settings
    change(&settings)
    return Service(
      name: made.name, frontends: made.frontends, loadBalancer: made.loadBalancer, appProtocol: made.appProtocol,
      endpoints: made.endpoints, settings: settings, source: made.source)
  }

  private func run(_ scenario: Scenario, _ service: Service, _ selector: SelectorName) throws -> RunResult {
    let resolved = ResolvedScenario(
      scenario: scenario, service: service, endpointIndices: Array(service.endpoints.indices), hasFallback: false)
    guard let result = Simulation(resolved, selector: selector, seed: 1).run() else { throw CancellationError() }
    return result
  }

  private static func line(_ result: RunResult) -> String {
    let p99 = Double(result.latency.percentile(99)) / 1e6
    return "\(result.selector): \(result.outcomes.total) requests, \(result.outcomes.failures) failed, p99 \(p99) ms"
  }
}
