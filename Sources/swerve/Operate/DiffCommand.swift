// SPDX-License-Identifier: Apache-2.0

import Agent
import ArgumentParser
import Discovery

struct DiffCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff",
    abstract: "Show what would change in the kernel if policy files were put in force.",
    discussion: """
      Changes nothing. Exits 0 when nothing would change, 1 when something would, and 65 when a file has an error.

      EXAMPLES
        swerve diff /etc/swerve/policies
        swerve diff new-policies --json | jq '.services[] | select(.kind == "removed").name'
      """)

  @Argument(help: "Files, directories, or - for standard input.", completion: .file())
  var paths: [String]

  @Flag(help: "Warn about fields that Swerve does not support instead of rejecting the file.")
  var allowUnsupported = false

  @OptionGroup var locality: LocalityOptions
  @OptionGroup var dataplane: DataplaneOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let load = PolicyLoad.load(paths: paths, allowUnsupported: allowUnsupported, zone: locality.zone)
    guard !load.hasErrors else {
      for diagnostic in load.diagnostics where diagnostic.severity == .error { printError("\(diagnostic)") }
      throw ExitCode.invalidPolicy
    }
    let difference = try await exiting { try NodeDifference(dataplane.pins, load.store.sortedServices) }
    if output.json { try OutputOptions.printJSON(difference) } else { print(DiffCommand.text(difference)) }
    if !difference.services.isEmpty { throw ExitCode.failure }
  }

  static func text(_ difference: NodeDifference) -> String {
    var lines: [String] = []
    for service in difference.services {
      let mark =
        switch service.kind {
        case .added: "+"
        case .removed: "-"
        case .changed: "~"
        }
      lines.append("\(mark) \(service.name)")
      lines += service.changes.map { "    \($0)" }
    }
    func count(_ kind: NodeDifference.Kind) -> Int { difference.services.count { $0.kind == kind } }
    lines.append(
      "\(count(.added)) added, \(count(.changed)) changed, \(count(.removed)) removed, \(difference.unchanged) unchanged"
    )
    return lines.joined(separator: "\n")
  }
}
