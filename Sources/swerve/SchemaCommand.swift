// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Policy

/// Prints what `make schema` keeps in policies/schema.
struct SchemaCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema",
    abstract: "Print a JSON Schema of policy files.",
    discussion: """
      EXAMPLES
        swerve schema >policy.schema.json
      """, shouldDisplay: false)

  func run() async throws {
    print(PolicySchema.document.lines, terminator: "")
  }
}
