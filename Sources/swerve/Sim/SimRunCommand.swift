// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Simulator

struct SimRunCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Run scenarios and show what came of them.",
    discussion: """
      Runs every scenario with every selector, set of policies and seed, on all cores, and prints a row for each run:
      latencies as clients see them, failures included, and the hash of everything that happened. Then whether the
      scenario's expectations hold.

      EXAMPLES
        swerve sim run simulator/scenarios/outlier-detection.yaml
        swerve sim run outlier.yaml --selector swerve --selector p2c --seeds 5
        swerve sim run outlier.yaml --policies my-policies/ --service shop/cart
        swerve sim run outlier.yaml --html outlier.html
        swerve sim run outlier.yaml --json | jq '.[].latency.p99'

      EXIT STATUS
        0 done, whether or not expectations hold   1 an invariant was violated   64 bad usage   65 invalid files
      """)

  @Argument(help: "Scenario files, or - for standard input.", completion: .file(extensions: ["yaml", "yml"]))
  var scenarios: [String]

  @OptionGroup var policies: PolicyOptions
  @OptionGroup var selectors: SelectorOptions
  @OptionGroup var seeds: SeedOptions
  @OptionGroup var output: OutputOptions
  @OptionGroup var reports: ReportOptions

  @Flag(help: "Nothing on standard error but mistakes.")
  var quiet = false

  func run() async throws {
    let set = try ScenarioSet.load(scenarios, policies: policies.sets)
    let jobs = set.jobs(selectors: selectors.selectors, seeds: seeds, by: 1)
    try reports.check(jobs)
    let results = try SimulationBatch.run(jobs, isQuiet: quiet)
    try reports.write(results, set)
    if output.json {
      try OutputOptions.printJSON(results.map { RunSummary($0, replay: set.replay($0)) })
    } else {
      print(RunText(results, set).text)
    }
    if results.contains(where: { !$0.violations.isEmpty }) { throw ExitCode.failure }
  }
}
