// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Simulator

struct SimCompareCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Compare selectors and policies over scenarios and seeds.",
    discussion: """
      Every selector with every set of policy files gets the same requests, work and faults of each seed. Prints means
      over the seeds with 95 % confidence intervals, the differences to the first row, run by run (* where the interval
      leaves out 0), and geometric means over the scenarios. With --policies and without --selector it is `swerve` that
      selects.

      EXAMPLES
        swerve sim compare outlier.yaml --selector swerve --selector p2c+ejection --seeds 10
        swerve sim compare outlier.yaml --policies old=policies/old --policies new=policies/new
        swerve sim compare simulator/scenarios/*.yaml --html comparison.html
        swerve sim compare outlier.yaml --policies old --policies new --json | jq '.cells[].differences.p99'

      EXIT STATUS
        0 compared   1 an invariant was violated   64 bad usage   65 invalid files
      """)

  private static let seedsUsual = 10

  @Argument(help: "Scenario files.", completion: .file(extensions: ["yaml", "yml"]))
  var scenarios: [String]

  @OptionGroup var policies: PolicyOptions
  @OptionGroup var selectors: SelectorOptions
  @OptionGroup var seeds: SeedOptions
  @OptionGroup var output: OutputOptions
  @OptionGroup var reports: ReportOptions

  @Flag(help: "Nothing on standard error but mistakes.")
  var quiet = false

  func run() async throws {
    let sets = policies.sets
    let set = try ScenarioSet.load(scenarios, policies: sets)
    let named = selectors.selectors.isEmpty && !sets.isEmpty ? [SelectorName.core] : selectors.selectors
    for scenario in set.scenarios where named.isEmpty && scenario.selectors.count < 2 {
      throw ValidationError(
        "scenario \(scenario.name) names one selector only; name some with --selector, or policy files with --policies")
    }
    if sets.count == 1, named.count == 1 {
      throw ValidationError("one set of policies and one selector; name another one with --policies or --selector")
    }
    let jobs = set.jobs(selectors: named, seeds: seeds, by: Self.seedsUsual)
    try reports.check(jobs)
    let results = try SimulationBatch.run(jobs, isQuiet: quiet)
    let comparison = Comparison(results: results)
    try reports.write(results, set, comparison: comparison)
    if output.json {
      try OutputOptions.printJSON(ComparisonSummary(comparison))
    } else {
      print(ComparisonText(comparison).text)
    }
    let violated = results.filter { !$0.violations.isEmpty }
    for run in violated { printError(RunText.violations(run, replay: set.replay(run))) }
    if !violated.isEmpty { throw ExitCode.failure }
  }
}
