// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testbed
import Testing

extension KernelTests {
  /// `swerve sim verify`: the simulation against this machine.
  @Suite(.serialized) struct VerifyTests {
    private struct Report: Decodable {
      struct Row: Decodable {
        let measure: String
        let simulated, real: Double
        let holds: Bool?
      }
      struct Comparison: Decodable {
        let rows: [Row]
        let holds: Bool
      }
      struct Figures: Decodable {
        let requests: Int
        let errorRate: Double
      }
      struct Staging: Decodable { let steeredShare: Double }
      let comparison: Comparison
      let simulated, real: Figures
      let staging: [Staging]
    }

    /// The scenario of the issue, shorter: four cores each and twice the rate, for as many requests in less time.
    private static let fourSpeeds = """
      apiVersion: swerve.dev/v1alpha1
      kind: Scenario
      metadata: {name: four-speeds}
      spec:
        duration: 5s
        warmup: 1s
        clients: {count: 8, timeout: 5s}
        load: {requestsPerSecond: 700}
        work: {exponential: {mean: 10ms}}
        endpoints:
        - {name: fast, cores: 4, speed: 1}
        - {name: fair, cores: 4, speed: 0.8}
        - {name: slow, cores: 4, speed: 0.6}
        - {name: slowest, cores: 4, speed: 0.4}

      """

    private func start(_ scenario: String, in directory: TemporaryDirectory) throws -> ChildProcess {
      let path = try directory.write("scenario.yaml", scenario)
      return try ChildProcess(
        AgentFixture.program(), ["sim", "verify", "--json", path], .init(cleansUp: true))
    }

    private func isGone(_ child: ChildProcess) throws -> Bool {
      let pins = "/sys/fs/bpf/swerve-verify-\(child.pid)"
      let cgroup = "\(try Cgroup.mountPoint())/swerve-verify-\(child.pid)"
      return ![pins, cgroup].contains { FileManager.default.fileExists(atPath: $0) }
    }

    @Test func fourEndpointsOfDifferentSpeedServeAsSimulated() throws {
      let directory = try TemporaryDirectory()
      let child = try start(Self.fourSpeeds, in: directory)
      let ended = try child.wait(timeout: .seconds(60))
      #expect(try isGone(child))
      try #require(!child.output.isEmpty, "\(child.errors)")
      let report = try JSONDecoder().decode(Report.self, from: Data(child.output.utf8))
      #expect(report.real.requests > 2500)
      #expect(report.real.errorRate == 0)
      #expect((report.staging.first?.steeredShare ?? 0) > 0.9)
      for row in report.comparison.rows where row.holds == false {
        Issue.record("\(row.measure): simulated \(row.simulated), real \(row.real)")
      }
      #expect(ended == .exited(report.comparison.holds ? 0 : 1))
    }

    @Test func anInterruptionLeavesNothingBehind() throws {
      let directory = try TemporaryDirectory()
      let child = try start(Self.fourSpeeds.replacing("duration: 5s", with: "duration: 50s"), in: directory)
      try eventually("it does not start: \(child.errors)", within: .seconds(20)) { try !isGone(child) }
      // Agent, endpoints and clients are up.
      MonotonicClock.sleep(.seconds(3))
      child.signal(SIGINT)
      let ended = try child.wait(timeout: .seconds(20))
      #expect(ended != nil && ended != .exited(0))
      #expect(child.errors.contains("interrupted"), "\(child.errors)")
      #expect(try isGone(child))
    }

    @Test func aScenarioThatIsTooLargeIsRefusedAtOnce() throws {
      let directory = try TemporaryDirectory()
      let child = try start(
        Self.fourSpeeds.replacing("requestsPerSecond: 700", with: "requestsPerSecond: 7000"), in: directory)
      #expect(try child.wait(timeout: .seconds(10)) == .exited(65))
      #expect(child.errors.contains("at most 5000"), "\(child.errors)")
    }
  }
}
