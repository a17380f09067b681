// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

struct SimSearchCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "search",
    abstract: "Hunt for violations of invariants with random schedules of faults.",
    discussion: """
      EXAMPLES
        swerve sim search --seeds 10000
      """, shouldDisplay: false)

  @Option(help: "How many seeds.")
  var seeds = 1_000

  @Option(help: "The first one.")
  var firstSeed: UInt64 = 1

  @OptionGroup var output: OutputOptions

  func run() async throws {
    throw ValidationError("there is no search yet")
  }
}
