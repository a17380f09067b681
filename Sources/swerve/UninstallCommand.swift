// SPDX-License-Identifier: Apache-2.0

import Agent
import ArgumentParser
import Dataplane
import Foundation
import Relay

struct UninstallCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "uninstall",
    abstract: "Detach the dataplane and leave nothing behind.",
    discussion: """
      Established connections go on as plain TCP. New connects to service addresses go wherever the host's routes say, as
      without Swerve. The relay is stopped first, which gives its clients ten seconds to finish. Refused while an agent is
      running.

      EXAMPLES
        swerve uninstall
        swerve uninstall --pin-path /sys/fs/bpf/swerve-test --json
      """)

  @OptionGroup var dataplane: DataplaneOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    try await exiting {
      let relay = try? RelayReport.read(from: dataplane.stateDir)
      let removed = try Dataplane.uninstall(dataplane.pins) {
        if let relay, relay.pins == dataplane.pinPath { relay.stop() }
      }
      RelayReport.removeFiles(from: dataplane.stateDir)
      try? FileManager.default.removeItem(atPath: AgentReport.path(in: dataplane.stateDir))
      rmdir(dataplane.stateDir)
      if output.json {
        try OutputOptions.printJSON(["removed": removed])
      } else if removed.isEmpty {
        print("nothing is installed at \(dataplane.pinPath)")
      } else {
        for path in removed { print("removed \(path)") }
      }
    }
  }
}
