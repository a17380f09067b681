// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Discovery
import Foundation
import Policy

struct CheckCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Check policy files without touching the kernel.",
    discussion: """
      Prints every error and warning at once, each with its file, line and column. Exits 0 when there is no error and 65
      when there is one. Needs no privileges.

      EXAMPLES
        swerve check policies/examples
        kubectl get service,endpointslice -o yaml | swerve check -
        swerve check policies/examples --json | jq '.services[].name'
        swerve check policies --sarif >swerve.sarif
      """)

  @Argument(help: "Files, directories, or - for standard input.", completion: .file())
  var paths: [String]

  @Flag(help: "Warn about fields that Swerve does not support instead of rejecting the file.")
  var allowUnsupported = false

  @OptionGroup var locality: LocalityOptions
  @OptionGroup var output: OutputOptions

  @Flag(help: "Print errors and warnings as SARIF 2.1.0, for code hosts.")
  var sarif = false

  func validate() throws {
    if sarif && output.json { throw ValidationError("--json and --sarif exclude each other") }
  }

  private struct Result: Encodable {
    var valid: Bool
    var files: Int
    var diagnostics: [Diagnostic]
    var services: [Service]
  }

  func run() async throws {
    let load = PolicyLoad.load(paths: paths, allowUnsupported: allowUnsupported, zone: locality.zone)
    let services = load.store.sortedServices
    if sarif {
      try OutputOptions.printJSON(SARIF(load.diagnostics, version: Swerve.version))
    } else if output.json {
      try OutputOptions.printJSON(
        Result(valid: !load.hasErrors, files: load.fileCount, diagnostics: load.diagnostics, services: services))
    } else {
      for diagnostic in load.diagnostics { print(diagnostic) }
      let endpoints = services.reduce(0) { $0 + $1.endpoints.count }
      print("\(load.fileCount) files, \(services.count) services, \(endpoints) endpoints: \(verdict(load))")
    }
    if load.hasErrors { throw ExitCode.invalidPolicy }
  }

  private func verdict(_ load: PolicyLoad) -> String {
    let errors = load.diagnostics.count { $0.severity == .error }
    let warnings = load.diagnostics.count - errors
    if errors > 0 { return "\(errors) errors, \(warnings) warnings" }
    return warnings > 0 ? "valid, \(warnings) warnings" : "valid"
  }
}
