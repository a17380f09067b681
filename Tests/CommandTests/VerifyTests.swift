// SPDX-License-Identifier: Apache-2.0

import Policy
import Simulator
import Testbed
import Testing

@testable import swerve

@Suite struct VerifyTests {
  /// Two endpoints, and a latency for each percent of the requests.
  private func result(milliseconds: [UInt64], sent: [Int], statuses: Int = 0) -> RunResult {
    var result = RunResult(scenario: "two", selector: .core, seed: 1, windowNanoseconds: 1)
    for latency in milliseconds { result.latency.add(latency * 1_000_000) }
    result.outcomes.successes = milliseconds.count - statuses
    result.outcomes.statuses = statuses
    for (index, count) in sent.enumerated() {
      var endpoint = EndpointResult(name: "a-\(index)", group: "a")
      endpoint.sent = count
      result.endpoints.append(endpoint)
    }
    return result
  }

  private func compare(_ simulated: RunResult, _ real: RunResult) -> VerifyComparison {
    VerifyComparison(simulated: VerifyFigures([simulated]), real: VerifyFigures([real]))
  }

  private let simulated: [UInt64] = Array(1...100)

  @Test func equalRunsHold() {
    let run = result(milliseconds: simulated, sent: [60, 40])
    let comparison = compare(run, run)
    #expect(comparison.holds)
    #expect(comparison.rows.map(\.measure) == ["p50", "p90", "p99", "error rate", "share of a-0", "share of a-1"])
    #expect(comparison.rows.allSatisfy { $0.difference == 0 })
  }

  @Test(arguments: [(110, true), (120, false)]) func medianMayDifferBy15Percent(percent: UInt64, holds: Bool) {
    let left = result(milliseconds: simulated.map { $0 * 100 }, sent: [50, 50])
    let right = result(milliseconds: simulated.map { $0 * ($0 > 90 ? 100 : percent) }, sent: [50, 50])
    let comparison = compare(left, right)
    #expect(comparison.holds == holds)
    #expect(comparison.rows[0].holds == holds)
    #expect(comparison.rows[2].holds == true)
  }

  @Test(arguments: [(124, true), (76, true), (128, false), (72, false)])
  func theTailMayDifferBy25Percent(percent: UInt64, holds: Bool) {
    let left = result(milliseconds: simulated.map { $0 * 100 }, sent: [50, 50])
    let right = result(milliseconds: simulated.map { $0 * ($0 > 50 ? percent : 100) }, sent: [50, 50])
    #expect(compare(left, right).rows[2].holds == holds)
  }

  @Test(arguments: [(54, true), (46, true), (56, false), (44, false)])
  func sharesMayDifferByFivePoints(sent: Int, holds: Bool) {
    let left = result(milliseconds: simulated, sent: [50, 50])
    let right = result(milliseconds: simulated, sent: [sent, 100 - sent])
    #expect(compare(left, right).holds == holds)
  }

  @Test(arguments: [(1, true), (4, false)]) func errorsMayDifferByTwoPoints(statuses: Int, holds: Bool) {
    let left = result(milliseconds: simulated, sent: [50, 50])
    let right = result(milliseconds: simulated, sent: [50, 50], statuses: statuses)
    #expect(compare(left, right).holds == holds)
  }

  @Test func nothingSimulatedDoesNotHold() {
    let nothing = result(milliseconds: [], sent: [])
    #expect(!compare(nothing, nothing).holds)
    #expect(!compare(nothing, result(milliseconds: simulated, sent: [50, 50])).holds)
  }

  @Test func severalRunsAreTakenTogether() {
    let runs = [result(milliseconds: [1, 1, 1], sent: [3, 0], statuses: 1), result(milliseconds: [5], sent: [0, 1])]
    let figures = VerifyFigures(runs)
    #expect(figures.requests == 4)
    #expect(figures.errorRate == 0.25)
    #expect(figures.shares.map(\.share) == [0.75, 0.25])
    #expect(abs(figures.p99 - 5) < 0.05)
  }

  @Test func theReportSaysWhatIsOutside() {
    let left = result(milliseconds: simulated, sent: [50, 50])
    let right = result(milliseconds: simulated.map { 2 * $0 }, sent: [50, 50])
    let report = VerifyReport(
      scenario: "two", selector: "swerve", seed: 1, simulatedRuns: 10, realRuns: 1, simulated: VerifyFigures([left]),
      real: VerifyFigures([right]), comparison: compare(left, right), staging: [])
    let lines = report.text.split(separator: "\n")
    #expect(lines.contains { $0.hasPrefix("p50 ") && $0.hasSuffix("OUTSIDE") && $0.contains("+100.0 %") })
    #expect(lines.contains { $0.hasPrefix("share of a-0") && $0.hasSuffix("ok") })
  }

  @Test func aBusyMachineIsToldFromADifference() {
    let run = result(milliseconds: simulated, sent: [50, 50])
    func text(lateness: Double) -> String {
      let staging = RealRun.Staging(
        clientLatenessP99: lateness, endpointLatenessP99: 0.5, steeredShare: 1, connections: 8)
      return VerifyReport(
        scenario: "two", selector: "swerve", seed: 1, simulatedRuns: 10, realRuns: 1, simulated: VerifyFigures([run]),
        real: VerifyFigures([run]), comparison: compare(run, run), staging: [staging]
      ).text
    }
    // 10 % of 99 ms.
    #expect(!text(lateness: 9).contains("busy"))
    #expect(text(lateness: 10).contains("busy"))
  }

  // MARK: Addresses

  @Test func addressesOfPolicyFilesMoveToTheLoopback() {
    let move = AddressMove(["10.0.0.1": "127.0.64.1", "10.0.0.11": "127.0.64.2"])
    #expect(
      move.apply(to: #"- addresses: ["10.0.0.1", 10.0.0.11] # 110.0.0.1, 10.0.0.12"#)
        == #"- addresses: ["127.0.64.1", 127.0.64.2] # 110.0.0.1, 10.0.0.12"#)
    #expect(move.apply(to: "10.0.0.1=3,10.0.0.11:80\n") == "127.0.64.1=3,127.0.64.2:80\n")
    #expect(move.apply(to: "a\n10.0.0.1") == "a\n127.0.64.1")
  }

  // MARK: What cannot be had

  private func resolved(_ change: (inout Scenario) -> Void = { _ in }) throws -> ResolvedScenario {
    var scenario = Scenario(
      name: "two", duration: 1_000_000_000, load: [LoadPhase(.requestsPerSecond(10))],
      endpoints: [EndpointGroup(name: "a", count: 2)])
    scenario.clients.timeout = 1_000_000_000
    change(&scenario)
    let endpoints = try (1...2).map {
      Endpoint(address: try #require(IPAddress("10.0.0.\($0)")), port: 8080, weight: UInt16($0))
    }
    let service = Service(
      name: "default/two:http",
      frontends: [Frontend(address: try #require(IPAddress("10.96.0.1")), port: 80)], loadBalancer: .leastRequest,
      appProtocol: "http", endpoints: endpoints, source: SourceLocation(file: "two.yaml", line: 1, column: 1))
    return ResolvedScenario(scenario: scenario, service: service, endpointIndices: [0, 1], hasFallback: false)
  }

  @Test func everythingIsOnTheLoopback() throws {
    let plan = try RealRunPlan(resolved { $0.endpoints[0].weight = 3 }, selector: .core, directory: ".")
    #expect(plan.addresses.map(\.host) == ["127.0.64.1", "127.0.64.2"])
    #expect(plan.target.host == "127.96.64.1")
    #expect(plan.services[0].yaml.contains("swerve.dev/weights: \"127.0.64.1=3,127.0.64.2=3\""))
    #expect(plan.services[0].yaml.contains("LEAST_REQUEST"))
    let other = try RealRunPlan(resolved(), selector: .coreWith(.roundRobin), directory: ".")
    #expect(other.services[0].yaml.contains("ROUND_ROBIN"))
  }

  @Test func policyFilesAreTakenWithOtherAddresses() throws {
    let directory = try TemporaryDirectory()
    _ = try directory.write("web.yaml", "clusterIP: 10.96.0.1\naddresses: [10.0.0.2, 10.0.0.1]\n")
    let scenario = try resolved { $0.policy.paths = ["web.yaml"] }
    let plan = try RealRunPlan(scenario, selector: .core, directory: directory.path)
    #expect(plan.files.map(\.text) == ["clusterIP: 127.96.64.1\naddresses: [127.0.64.2, 127.0.64.1]\n"])
    #expect(plan.addresses.map(\.description) == ["127.0.64.1:8080", "127.0.64.2:8080"])
  }

  @Test func selectorsThatTheKernelHasNotAreRefused() throws {
    let scenario = try resolved()
    let error = #expect(throws: TestbedError.self) {
      try RealRunPlan(scenario, selector: .baseline(.prequal, ejection: false), directory: ".")
    }
    #expect(error?.reason.contains("prequal") == true)
  }
}
