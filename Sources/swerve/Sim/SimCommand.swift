// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// `swerve sim`: the decision core of the kernel in simulated time.
struct SimCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sim",
    abstract: "Simulate services, their policies and what may go wrong.",
    discussion: """
      EXAMPLES
        sudo swerve sim verify simulator/scenarios/verify/four-speeds.yaml
      """,
    subcommands: [VerifyCommand.self])
}
