// SPDX-License-Identifier: Apache-2.0

import Agent
import ArgumentParser
import Dataplane
import Foundation
import Policy
import Relay
import Telemetry

struct StatusCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "Show services, connections, and the state of agent and relay.",
    discussion: """
      Read from the kernel's maps and from the last reports of agent and relay, so it answers whether or not they run.

      EXAMPLES
        swerve status
        swerve status --json | jq '.node.services[] | select(.mode == "request") | {name, requests}'
        swerve status --json | jq '.node.services[] | {name, decisions}'
      """)

  @OptionGroup var dataplane: DataplaneOptions
  @OptionGroup var output: OutputOptions

  private struct Status: Encodable {
    var agentRunning: Bool
    var agent: AgentReport?
    var relayRunning: Bool
    var relay: RelayReport?
    /// Nil without telemetry.
    var telemetry: TelemetryReport?
    var node: NodeSnapshot
  }

  func run() async throws {
    try await exiting {
      let report = try AgentReport.read(from: dataplane.stateDir)
      let node = try NodeSnapshot(dataplane.pins)
      let isRunning = report?.isRunning ?? false
      let relay = try RelayReport.read(from: dataplane.stateDir)
      // An agent without telemetry leaves the report of an earlier one.
      let telemetry = try TelemetryReport.read(from: dataplane.stateDir).flatMap { $0.pid == report?.pid ? $0 : nil }
      if output.json {
        try OutputOptions.printJSON(
          Status(
            agentRunning: isRunning, agent: report, relayRunning: relay?.isRunning ?? false, relay: relay,
            telemetry: telemetry, node: node))
      } else {
        printAgent(report, isRunning: isRunning)
        printRelay(relay, node)
        if let telemetry, isRunning { print(TelemetryText.lines(telemetry).joined(separator: "\n")) }
        printNode(node)
        printRequests(node)
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

  /// Nothing on a node that needs none.
  private func printRelay(_ report: RelayReport?, _ node: NodeSnapshot) {
    let isNeeded = node.services.contains { $0.mode == .request }
    guard isNeeded || report != nil else { return }
    guard let report, report.isRunning else {
      print("relay        not running\(isNeeded ? ": request mode falls back to connection mode" : "")")
      return
    }
    let since = (report.since ?? report.started).formatted(.iso8601)
    let life = report.isStopping ? "stopping" : node.relayAlive ? "running" : "gives no sign of life"
    print("relay        \(life), pid \(report.pid), since \(since), in \(report.listeners) network namespaces")
    let why = report.obstacles.isEmpty ? "" : ": \(report.obstacles.joined(separator: "; "))"
    print("acceleration \(node.acceleration ? "on" : "off")\(node.acceleration ? "" : why)")
    for outcome in report.selfTest where !outcome.passed && !outcome.required {
      print("limitation   \(outcome.name): \(outcome.detail)")
    }
  }

  private func printNode(_ node: NodeSnapshot) {
    print("connections  \(node.connections) tracked, at most \(node.connectionsLimit)")
    print("services     \(node.services.count)")
    guard !node.services.isEmpty else { return }
    var table = TextTable([
      ("SERVICE", .left), ("FRONTEND", .left), ("MODE", .left), ("LOAD BALANCER", .left), ("ENDPOINTS", .right),
      ("EJECTED", .right), ("ACTIVE", .right), ("REFUSED", .right), ("LIMITS", .left),
    ])
    for service in node.services {
      table.add([
        service.name, service.frontends.map(\.description).joined(separator: ","),
        service.mode.rawValue, service.loadBalancer?.rawValue ?? "unknown", "\(service.endpoints.count)",
        "\(service.ejected)", "\(service.active)", "\(service.refused)", StatusCommand.limits(service),
      ])
    }
    print("\n\(table.text)")
  }

  /// What of the service may be under way at a time.
  private static func limits(_ service: NodeSnapshot.Service) -> String {
    func value(_ name: String) -> String { service.policy.first { $0.field.hasSuffix(".\(name)") }?.value ?? "none" }
    let connections = "maxConnections \(value("maxConnections"))"
    guard service.mode == .request else { return connections }
    return "http2MaxRequests \(value("http2MaxRequests")), \(connections)"
  }

  /// Which ways requests went, the most frequent first.
  private func printRequests(_ node: NodeSnapshot) {
    var table = TextTable([("SERVICE", .left), ("PATH OF REQUESTS", .left), ("COUNT", .right)])
    for service in node.services {
      for (path, count) in service.requests.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
        table.add([service.name, path, "\(count)"])
      }
    }
    if table.lines.count > 1 { print("\n\(table.text)") }
  }
}
