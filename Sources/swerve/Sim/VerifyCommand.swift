// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Dataplane
import Discovery
import Foundation
import Policy
import Simulator
import Testbed

struct VerifyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Run a scenario simulated and for real, and print both side by side.",
    discussion: """
      For real means: endpoints on loopback addresses that queue, serve and fail as the scenario says, an agent and a
      relay on a cgroup of their own, clients whose requests the kernel steers. Needs root. Small scenarios only: at most
      60 s and 5,000 requests per second, no network between clients and endpoints. Leaves nothing behind.

      Exits 0 when p50 is within 15 %, p99 within 25 %, the share of every endpoint within 5 points and the error rate
      within 2 points of the simulation, else 1.

      EXAMPLES
        sudo swerve sim verify simulator/scenarios/verify/four-speeds.yaml
        sudo swerve sim verify --runs 3 --json simulator/scenarios/verify/one-fails.yaml
      """)

  @Argument(help: "Scenario file.", completion: .file(extensions: ["yaml", "yml"]))
  var scenario: String

  @Option(help: "Rule by which endpoints are selected: swerve, swerve/LEAST_REQUEST; default: the scenario's first.")
  var selector: String?

  @Option(help: "Seed of the first run; default: the scenario's.")
  var seed: UInt64?

  @Option(help: "Real runs, taken together.")
  var runs = 1

  @Option(help: "Simulated runs, taken together.")
  var simulatedRuns = 10

  @OptionGroup var output: OutputOptions

  private static let attemptsMax = 3

  func validate() throws {
    if !(1...20).contains(runs) { throw ValidationError("--runs is between 1 and 20") }
    if !(1...1000).contains(simulatedRuns) { throw ValidationError("--simulated-runs is between 1 and 1000") }
    if let selector, SelectorName(selector) == nil { throw ValidationError("there is no selector \(selector)") }
  }

  func run() async throws {
    let resolved = try resolvedScenario()
    let plan = try plan(resolved)
    try requirePrivileges(orElse: "Without them the scenario can be simulated: swerve sim run.")
    Interruption.watch()
    let report = try await exiting { try verify(resolved, plan) }
    if output.json { try OutputOptions.printJSON(report) } else { print(report.text) }
    if !report.comparison.holds { throw ExitCode.failure }
  }

  private func plan(_ resolved: ResolvedScenario) throws -> RealRunPlan {
    let selector = selector.flatMap { SelectorName($0) } ?? resolved.scenario.selectors.first ?? .core
    do {
      return try RealRunPlan(resolved, selector: selector, directory: directory)
    } catch {
      printError("\(error)")
      throw ExitCode.invalidPolicy
    }
  }

  private func verify(_ resolved: ResolvedScenario, _ plan: RealRunPlan) throws -> VerifyReport {
    let selector = plan.selector
    let first = seed ?? resolved.scenario.seed
    let simulated = (0..<simulatedRuns).compactMap { number in
      Simulation(resolved, selector: selector, seed: first &+ UInt64(number)).run()
    }
    if let violation = simulated.flatMap(\.violations).first {
      printError("the simulation violated an invariant: \(violation.invariant): \(violation.detail)")
      throw ExitCode.failure
    }
    let left = VerifyFigures(simulated)
    let real = try (0..<runs).map { number in
      Progress.note("real run \(number + 1) of \(runs), \(Format.number(Double(resolved.scenario.duration) / 1e9)) s")
      return try Self.play(RealRun(plan: plan, seed: first &+ UInt64(number)), simulatedP99: left.p99)
    }
    let right = VerifyFigures(real.map(\.result))
    return VerifyReport(
      scenario: resolved.scenario.name, selector: "\(selector)", seed: first, simulatedRuns: simulated.count,
      realRuns: real.count, simulated: left, real: right,
      comparison: VerifyComparison(simulated: left, real: right), staging: real.map(\.staging))
  }

  /// Once more, and once more again, when the machine was too busy to send and answer in time.
  private static func play(_ run: RealRun, simulatedP99: Double) throws -> RealRun.Outcome {
    let seconds = Double(run.plan.scenario.duration) / 1e9
    defer { Progress.overwrite("") }
    var outcome: RealRun.Outcome
    var attempt = 1
    while true {
      outcome = try run.run { elapsed in
        if elapsed < seconds { Progress.overwrite("\(Format.number((seconds - elapsed).rounded(.up))) s left") }
      }
      if outcome.staging.isSound(p99: simulatedP99) || attempt == attemptsMax { return outcome }
      attempt += 1
      Progress.note("the machine was too busy to send and answer in time; once more")
    }
  }

  /// With the service of its policy files; what is wrong with either is printed.
  private func resolvedScenario() throws -> ResolvedScenario {
    do {
      let parsed = ScenarioParser.parse(try Files.read(scenario), path: scenario)
      for diagnostic in parsed.diagnostics { printError("\(diagnostic)") }
      guard let scenario = parsed.scenario else { throw ExitCode.invalidPolicy }
      let load = PolicyLoad.load(paths: scenario.policy.paths.map { "\(directory)/\($0)" })
      for diagnostic in load.diagnostics { printError("\(diagnostic)") }
      if load.hasErrors { throw ExitCode.invalidPolicy }
      return try ResolvedScenario.resolve(scenario, services: load.store.sortedServices)
    } catch let code as ExitCode {
      throw code
    } catch {
      printError("\(error)")
      throw ExitCode.invalidPolicy
    }
  }

  /// What the paths of the policy files are relative to.
  private var directory: String { URL(filePath: scenario).deletingLastPathComponent().path }
}
