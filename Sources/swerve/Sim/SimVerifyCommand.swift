// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import Simulator
import Testbed

struct SimVerifyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Run a scenario simulated and for real, and print both side by side.",
    discussion: """
      For real means: endpoints on loopback addresses that queue, serve and fail as the scenario says, an agent and a
      relay on a cgroup of their own, clients whose requests the kernel steers. Needs root. Small scenarios only: at
      most 60 s and 5,000 requests per second, no network between clients and endpoints. Leaves nothing behind.

      EXAMPLES
        sudo swerve sim verify simulator/scenarios/verify/four-speeds.yaml
        sudo swerve sim verify --runs 3 --json simulator/scenarios/verify/one-fails.yaml

      EXIT STATUS
        0 p50 is within 15 %, p99 within 25 %, the share of every endpoint within 5 points and the error rate within 2
        points of the simulation   1 one of them is not, or the run failed   64 bad usage
        65 the scenario or one of its policy files is invalid, or cannot be run for real   77 a privilege is missing
      """)

  @Argument(help: "Scenario file.", completion: .file(extensions: ["yaml", "yml"]))
  var scenario: String

  @OptionGroup var selectors: SelectorOptions
  @OptionGroup var seeds: SeedOptions

  @Option(help: "Real runs, taken together.")
  var runs = 1

  @OptionGroup var output: OutputOptions

  private static let attemptsMax = 3

  /// Simulated runs, when nobody says how many.
  private static let seedsUsual = 10

  func validate() throws {
    if !(1...20).contains(runs) { throw ValidationError("--runs must be between 1 and 20") }
    if selectors.selectors.count > 1 { throw ValidationError("one --selector only") }
  }

  func run() async throws {
    let set = try ScenarioSet.load([scenario])
    guard let resolved = set.files.first?.cases.first?.resolved else { throw ExitCode.invalidPolicy }
    let selector = selectors.selectors.first ?? resolved.scenario.selectors.first ?? .core
    let plan = try plan(resolved, selector)
    try requirePrivileges(orElse: "Without them the scenario can be simulated: swerve sim run.")
    Interruption.watch()
    let report = try await exiting {
      try verify(plan, simulated: set.jobs(selectors: [selector], seeds: seeds, by: Self.seedsUsual))
    }
    if output.json { try OutputOptions.printJSON(report) } else { print(report.text) }
    if !report.comparison.holds { throw ExitCode.failure }
  }

  private func plan(_ resolved: ResolvedScenario, _ selector: SelectorName) throws -> RealRunPlan {
    do {
      let directory = URL(filePath: scenario).deletingLastPathComponent().path
      return try RealRunPlan(resolved, selector: selector, directory: directory)
    } catch {
      printError("\(error)")
      throw ExitCode.invalidPolicy
    }
  }

  private func verify(_ plan: RealRunPlan, simulated jobs: [SimulationJob]) throws -> VerifyReport {
    let simulated = try SimulationBatch.run(jobs, isQuiet: true)
    if let violation = simulated.flatMap(\.violations).first {
      throw TestbedError("simulate \(plan.scenario.name)", reason: "\(violation.invariant): \(violation.detail)")
    }
    let left = VerifyFigures(simulated)
    let first = seeds.seed ?? plan.scenario.seed
    let real = try (0..<runs).map { number in
      let seconds = Format.number(Double(plan.scenario.duration) / 1e9)
      ProgressLine.note("real run \(number + 1) of \(runs), \(seconds) s")
      return try Self.play(RealRun(plan: plan, seed: first &+ UInt64(number)), simulatedP99: left.p99)
    }
    let right = VerifyFigures(real.map(\.result))
    return VerifyReport(
      scenario: plan.scenario.name, selector: "\(plan.selector)", seed: first, simulatedRuns: simulated.count,
      realRuns: real.count, simulated: left, real: right,
      comparison: VerifyComparison(simulated: left, real: right), staging: real.map(\.staging))
  }

  /// Once more, and once more again, when the machine was too busy to send and answer in time.
  private static func play(_ run: RealRun, simulatedP99: Double) throws -> RealRun.Outcome {
    let seconds = Double(run.plan.scenario.duration) / 1e9
    var attempt = 1
    while true {
      let outcome = Result {
        try run.run { elapsed in
          guard ProgressLine.isTerminal, elapsed < seconds else { return }
          ProgressLine.show("\(Format.number((seconds - elapsed).rounded(.up))) s left")
        }
      }
      ProgressLine.clear()
      let staged = try outcome.get()
      if staged.staging.isSound(p99: simulatedP99) || attempt == attemptsMax { return staged }
      attempt += 1
      ProgressLine.note("the machine was too busy to send and answer in time; once more")
    }
  }
}
