// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// `swerve sim`: the decision core of the kernel in simulated time.
struct SimCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sim",
    abstract: "Simulate services, their policies and what may go wrong, without root.",
    discussion: """
      Clients choose endpoints with the very code that the kernel runs; time, network and endpoints are simulated. The
      same scenario, selector and seed give the same run on every machine. Scenarios are files; docs/SIMULATOR.md says
      what they hold.

      EXAMPLES
        swerve sim run simulator/scenarios/outlier-detection.yaml
        swerve sim compare simulator/scenarios/outlier-detection.yaml --selector swerve --selector p2c+ejection --seeds 10
        swerve sim compare simulator/scenarios/outlier-detection.yaml --policies old=policies/old --policies new=policies/new
        swerve sim check simulator/scenarios --junit sim.xml
        sudo swerve sim verify simulator/scenarios/verify/four-speeds.yaml
      """,
    subcommands: [
      SimRunCommand.self, SimCompareCommand.self, SimCheckCommand.self, SimSearchCommand.self, SimVerifyCommand.self,
    ])
}
