// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Policy
import Simulator

/// Prints what `make schema` keeps in policies/schema and simulator/scenarios/schema.
struct SchemaCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema",
    abstract: "Print a JSON Schema of policy files, or of scenario files.",
    discussion: """
      EXAMPLES
        swerve schema >policy.schema.json
        swerve schema --scenarios >scenario.schema.json
      """, shouldDisplay: false)

  @Flag(help: "Of scenario files of the simulator.")
  var scenarios = false

  func run() async throws {
    let schema = scenarios ? ScenarioSchema.document : PolicySchema.document
    print(schema.lines, terminator: "")
  }
}
