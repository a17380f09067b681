// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Simulator
import Testbed

struct SimSearchCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "search",
    abstract: "Hunt for violations of invariants with random schedules of faults.",
    discussion: """
      Every seed is a small service, clients, network, policy and schedule of faults, all drawn by chance; it is run on
      all cores, and checked for everything that must hold in every run. What fails is made as small as it can be and
      printed: the scenario, its policy file, and the command that runs it again.

      EXAMPLES
        swerve sim search --seeds 10000
        swerve sim search --first-seed 4711 --seeds 1 --output found

      EXIT STATUS
        0 no violation   1 a violation was found, or the search was interrupted   64 bad usage
      """)

  @Option(help: "How many seeds.")
  var seeds = 1_000

  @Option(help: "The first one.")
  var firstSeed: UInt64 = 1

  @Option(help: "End when so many seeds have failed.")
  var findings = 1

  @Option(
    help: ArgumentHelp("Write scenario and policy of each finding below this directory.", valueName: "directory"),
    completion: .directory)
  var output: String?

  @OptionGroup var form: OutputOptions

  @Flag(help: "Nothing on standard error but mistakes.")
  var quiet = false

  private static let seedsMax = 1_000_000_000

  func validate() throws {
    if !(1...Self.seedsMax).contains(seeds) {
      throw ValidationError("--seeds must be between 1 and \(Self.seedsMax)")
    }
    // Scenario files have no larger ones.
    if firstSeed > UInt64(Int.max - seeds) { throw ValidationError("--first-seed is too large") }
    if !(1...1_000).contains(findings) { throw ValidationError("--findings must be between 1 and 1000") }
  }

  func run() async throws {
    Interruption.watch()
    let progress = ShareProgress(isQuiet: quiet)
    var search = Search(firstSeed: firstSeed, count: seeds)
    search.findingsMax = findings
    let outcome = search.run { share in
      progress.update(share)
      return (try? Interruption.check()) != nil
    }
    progress.finish()
    try Interruption.check()
    guard let outcome else { throw TestbedError("search", reason: "it did not come to its end") }
    let found = try outcome.findings.map { try SearchFinding($0, below: output) }
    if form.json {
      try OutputOptions.printJSON(SearchReport(seeds: outcome.seeds, requests: outcome.requests, findings: found))
    } else {
      for finding in found { print(finding.text) }
      print(
        "\(Text.count(outcome.seeds, of: "seed")), \(Text.count(outcome.requests, of: "request")): "
          + (found.isEmpty ? "no violation" : "\(Text.count(found.count, of: "seed")) with a violation"))
    }
    if !found.isEmpty { throw ExitCode.failure }
  }
}
