// SPDX-License-Identifier: Apache-2.0

import Agent
import ArgumentParser
import Dataplane
import Foundation
import Policy

struct EndpointsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "endpoints",
    abstract: "Show the endpoints of services with their load and health.",
    discussion: """
      EXAMPLES
        swerve endpoints
        swerve endpoints default/web:http --json
      """)

  @Argument(help: "Show only services whose name begins with this (namespace/name:port).")
  var service = ""

  @OptionGroup var dataplane: DataplaneOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    try await exiting {
      let node = try NodeSnapshot(dataplane.pins) { $0.hasPrefix(service) }
      if node.services.isEmpty && !service.isEmpty {
        printError("no service is called \(service)…; `swerve status` lists them")
        throw ExitCode.failure
      }
      if output.json {
        try OutputOptions.printJSON(node.services)
      } else {
        print(EndpointsCommand.table(node.services).text)
        let requests = EndpointsCommand.requestTable(node.services)
        if requests.lines.count > 1 { print("\n\(requests.text)") }
      }
    }
  }

  /// One row an endpoint of a service in request mode.
  static func requestTable(_ services: [NodeSnapshot.Service]) -> TextTable {
    let classes = ["1xx", "2xx", "3xx", "4xx", "5xx"]
    var table = TextTable(
      [("SERVICE", .left), ("ENDPOINT", .left), ("IN FLIGHT", .right), ("P50", .right), ("P99", .right)]
        + classes.map { ($0.uppercased(), .right) } + [("FAILED", .right)])
    for service in services {
      for endpoint in service.endpoints {
        guard let requests = endpoint.requests else { continue }
        let latencies = [requests.p50Microseconds, requests.p99Microseconds].map { latency in
          latency.map { String(format: "%.0f us", $0) } ?? "-"
        }
        let place = Frontend(address: endpoint.address, port: endpoint.port).description
        table.add(
          [service.name, place, "\(requests.inFlight)"] + latencies
            + classes.map { "\(requests.responses[$0] ?? 0)" } + ["\(requests.failed)"])
      }
    }
    return table
  }

  /// With how long an ejected one is still out.
  private static func state(_ endpoint: NodeSnapshot.Endpoint) -> String {
    guard endpoint.state == .ejected else { return endpoint.state.rawValue }
    guard let rest = endpoint.ejectedForSeconds else { return "ejected until restored" }
    return String(format: "ejected %.0f s", rest.rounded(.up))
  }

  /// One row an endpoint.
  static func table(_ services: [NodeSnapshot.Service]) -> TextTable {
    var table = TextTable([
      ("SERVICE", .left), ("ENDPOINT", .left), ("STATE", .left), ("WEIGHT", .right), ("SHARE", .right),
      ("ACTIVE", .right),
      ("SELECTED", .right), ("FAILED", .right), ("RTT", .right), ("RETRANSMITS", .right),
    ])
    for service in services {
      let total = max(1, service.endpoints.reduce(0) { $0 + $1.selected })
      for endpoint in service.endpoints {
        table.add([
          service.name, Frontend(address: endpoint.address, port: endpoint.port).description,
          EndpointsCommand.state(endpoint), "\(endpoint.weight)",
          String(format: "%.1f %%", 100 * Double(endpoint.selected) / Double(total)), "\(endpoint.active)",
          "\(endpoint.selected)", "\(endpoint.failed)",
          endpoint.rttMicroseconds.map { String(format: "%.0f us", $0) } ?? "-", "\(endpoint.retransmits)",
        ])
      }
    }
    return table
  }
}
