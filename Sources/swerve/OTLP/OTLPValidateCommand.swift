// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Policy
import Telemetry

struct OTLPValidateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "validate",
    abstract: "Check configuration files of telemetry, and say everything that is wrong with them.",
    discussion: """
      Reads the files as `swerve run --telemetry` and `swerve otlp run` would, and opens nothing.

      EXAMPLES
        swerve otlp validate telemetry.yaml
        swerve otlp validate --json deploy/telemetry/*.yaml | jq -r '.[].message'

      EXIT STATUS
        0 all of them can be used   65 at least one cannot
      """)

  @Argument(help: "Configuration files, or - for standard input.", completion: .file(extensions: ["yaml", "yml"]))
  var files: [String]

  @OptionGroup var output: OutputOptions

  func run() throws {
    let results = files.map { OTLPConfiguration.parse($0) }
    let diagnostics = results.flatMap(\.diagnostics)
    if output.json {
      try OutputOptions.printJSON(diagnostics)
    } else {
      for diagnostic in diagnostics { print(diagnostic) }
      for (file, result) in zip(files, results) {
        if let configuration = result.value {
          print("\(file): \(configuration.pipelines.count) pipelines, valid")
        }
      }
    }
    if results.contains(where: { $0.value == nil }) { throw ExitCode.invalidPolicy }
  }
}
