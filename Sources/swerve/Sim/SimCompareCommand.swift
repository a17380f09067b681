// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Simulator

struct SimCompareCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Compare selectors over scenarios and seeds.",
    discussion: """
      All selectors get the same requests, work and faults of each seed. Prints means over the seeds with 95 % confidence
      intervals, the differences to the first selector, run by run (* where the interval leaves out 0), and geometric
      means over the scenarios.

      EXAMPLES
        swerve sim compare outlier.yaml --selector swerve --selector p2c+ejection --seeds 10
        swerve sim compare simulator/scenarios/*.yaml --html comparison.html

      EXIT STATUS
        0 compared   1 an invariant was violated   64 bad usage   65 invalid files
      """)

  private static let seedsUsual = 10

  @Argument(help: "Scenario files.", completion: .file(extensions: ["yaml", "yml"]))
  var scenarios: [String]

  @OptionGroup var selectors: SelectorOptions
  @OptionGroup var seeds: SeedOptions
  @OptionGroup var output: OutputOptions
  @OptionGroup var reports: ReportOptions

  @Flag(help: "Nothing on standard error but mistakes.")
  var quiet = false

  func run() async throws {
    let set = try ScenarioSet.load(scenarios)
    for scenario in set.scenarios where selectors.selectors.isEmpty && scenario.selectors.count < 2 {
      throw ValidationError("scenario \(scenario.name) names one selector only; name some with --selector")
    }
    let jobs = set.jobs(selectors: selectors.selectors, seeds: seeds, by: Self.seedsUsual)
    let results = try SimulationBatch.run(jobs, isQuiet: quiet)
    let comparison = Comparison(results: results, reference: selectors.selectors.first)
    try reports.write(results, set, comparison: comparison)
    if output.json {
      try OutputOptions.printJSON(comparison)
    } else {
      print(ComparisonText(comparison).text)
    }
    let violated = results.filter { !$0.violations.isEmpty }
    for run in violated { printError(RunText.violations(run, replay: set.replay(run))) }
    if !violated.isEmpty { throw ExitCode.failure }
  }
}
