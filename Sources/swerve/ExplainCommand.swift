// SPDX-License-Identifier: Apache-2.0

import Agent
import ArgumentParser
import Discovery
import Policy

struct ExplainCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Show the policy of a service, each value with the place it comes from.",
    discussion: """
      Reads policy files and shows what they come down to for the ports of one service: the value in force, and the file
      and line that gives it, or "default". Needs no privileges, and touches nothing.

      EXAMPLES
        swerve explain web policies/examples
        swerve explain shop/checkout:http --zone zone-a
        swerve explain default/web --json | jq '.[].values[] | select(.source)'
      """)

  @Argument(
    help: "The service: namespace/name:port as `swerve status` shows it; the namespace and the port may be left out.",
    completion: .custom { _, _, _ in ExplainCommand.names() })
  var service: String

  @Argument(
    help: "Files, directories, or - for standard input. (default: \(AgentConfiguration.defaultPolicies))",
    completion: .file())
  var paths: [String] = []

  @Flag(help: "Warn about fields that Swerve does not support instead of rejecting the file.")
  var allowUnsupported = false

  @OptionGroup var locality: LocalityOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let paths = paths.isEmpty ? [AgentConfiguration.defaultPolicies] : paths
    let load = PolicyLoad.load(paths: paths, allowUnsupported: allowUnsupported, zone: locality.zone)
    for diagnostic in load.diagnostics where diagnostic.severity == .error { printError("\(diagnostic)") }
    let explanations = load.store.explanations(of: service)
    if explanations.isEmpty {
      let nearest = load.store.suggestion(for: service).map { "; did you mean `\($0)`?" }
      let advice = nearest ?? "; `swerve check --json` lists the services of policy files"
      printError("no service is called `\(service)` in \(paths.joined(separator: ", "))\(advice)")
      throw load.hasErrors ? ExitCode.invalidPolicy : ExitCode.failure
    }
    if output.json {
      try OutputOptions.printJSON(explanations)
    } else {
      print(explanations.map(Self.text).joined(separator: "\n\n"))
    }
    if load.hasErrors { throw ExitCode.invalidPolicy }
  }

  /// One row a value.
  static func text(_ explanation: Explanation) -> String {
    var table = TextTable([("SETTING", .left), ("VALUE", .left), ("FROM", .left)])
    for value in explanation.values {
      let place = value.source.map { "\($0.file):\($0.line)" } ?? "default"
      table.add([value.setting, value.value, place])
    }
    let frontends = explanation.frontends.map(\.description).joined(separator: ", ")
    let standby = explanation.standbyCount > 0 ? ", \(explanation.standbyCount) of them standing by" : ""
    let mode = explanation.isPerRequest ? "request mode" : "connection mode"
    return """
      \(explanation.service) on \(frontends), \(mode), \(explanation.endpointCount) endpoints\(standby)
      defined at \(explanation.source.file):\(explanation.source.line)
      \(table.text)
      """
  }

  /// For the shell: the services of the default directory.
  private static func names() -> [String] {
    PolicyLoad.load(paths: [AgentConfiguration.defaultPolicies]).store.sortedServices.map(\.name)
  }
}
