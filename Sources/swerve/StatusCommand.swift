// SPDX-License-Identifier: Apache-2.0

import Agent
import ArgumentParser
import Dataplane
import Foundation
import Policy

struct StatusCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "Show services, connections and the agent's state.",
    discussion: """
      Read from the kernel's maps and from the agent's last report, so it answers whether or not an agent runs.

      EXAMPLES
        swerve status
        swerve status --json | jq '.node.services[] | {name, decisions}'
      """)

  @OptionGroup var dataplane: DataplaneOptions
  @OptionGroup var output: OutputOptions

  private struct Status: Encodable {
    var agentRunning: Bool
    var agent: AgentReport?
    var node: NodeSnapshot
  }

  func run() async throws {
    try await exiting {
      let report = try AgentReport.read(from: dataplane.stateDir)
      let node = try NodeSnapshot(dataplane.pins)
      let isRunning = report?.isRunning ?? false
      if output.json {
        try OutputOptions.printJSON(Status(agentRunning: isRunning, agent: report, node: node))
      } else {
        printAgent(report, isRunning: isRunning)
        printNode(node)
      }
    }
  }

  private func printAgent(_ report: AgentReport?, isRunning: Bool) {
    guard let report else {
      print("agent        none has reported in \(dataplane.stateDir)")
      return
    }
    let since = report.started.formatted(.iso8601)
    print(
      "agent        \(isRunning ? "running" : "not running; the kernel steers on"), pid \(report.pid), started \(since)"
    )
    print("policies     \(report.policies): \(report.files) files, \(report.rejectedFiles.count) rejected")
    print("cgroup       \(report.cgroup)")
    for file in report.rejectedFiles {
      let consequence = file.hasLastGood ? "its last good version is in force" : "nothing of it is in force"
      print("rejected     \(file.path): \(consequence)")
      for diagnostic in file.diagnostics { print("             \(diagnostic)") }
    }
    for warning in report.warnings { print("warning      \(warning)") }
    for (name, reason) in report.refusedServices.sorted(by: { $0.key < $1.key }) {
      print("refused      \(name): \(reason)")
    }
    for sentence in report.missing { print("missing      \(sentence)") }
  }

  private func printNode(_ node: NodeSnapshot) {
    print("connections  \(node.connections) tracked, at most \(node.connectionsLimit)")
    print("services     \(node.services.count)")
    guard !node.services.isEmpty else { return }
    var table = TextTable([
      ("SERVICE", .left), ("FRONTEND", .left), ("LOAD BALANCER", .left), ("ENDPOINTS", .right), ("ACTIVE", .right),
      ("REFUSED", .right),
    ])
    for service in node.services {
      table.add([
        service.name, service.frontends.map(\.description).joined(separator: ","),
        service.loadBalancer?.rawValue ?? "unknown", "\(service.endpoints.count)", "\(service.active)",
        "\(service.refused)",
      ])
    }
    print("\n\(table.text)")
  }
}
