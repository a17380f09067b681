// SPDX-License-Identifier: Apache-2.0

import Testbed

/// What can be measured.
enum Measure: String, CaseIterable, Codable, Sendable {
  case keepAlive = "keep-alive"
  case newConnections = "new-connections"
  /// Request mode: client and endpoints on one node.
  case sameNode = "same-node"
  /// Request mode: on one node, in two network namespaces.
  case namespaces
  /// Request mode: the endpoints are elsewhere, beyond a veth pair.
  case nodes
  case decisions
  /// Simulated requests per second of one core.
  case simulator
  case scale

  /// Those of request mode.
  static let requests: [Measure] = [.sameNode, .namespaces, .nodes]
}

/// A way from the client to the endpoints.
enum BenchPath: String, CaseIterable, Codable, Sendable {
  /// To an endpoint itself, from a cgroup without programs: no mesh at all.
  case direct
  /// To the VIP, from a cgroup that Swerve steers.
  case swerve
  /// To the VIP of a service on one node whose policy has every breaker and limit.
  case breakers
  case haproxy
  case envoy
}

/// How much is measured.
struct BenchPlan: Encodable, Sendable {
  let isQuick: Bool
  let runs: Int
  let seconds: Int
  /// Of each run of request mode: there are many.
  let requestSeconds: Int
  let connections: [Int]
  let paths: [BenchPath]
  /// Connects per algorithm, endpoint count and run.
  let decisionsPerRun = 20_000
  let endpointCounts = [64, 1024]
  /// Requests of each simulated run.
  let simulatedRequests: [Int]
  let scaleServices = 10_000
  let scaleEndpointsPerService = 10
  let scaleChanges: Int

  init(isQuick: Bool, runs: Int?, seconds: Int?, connections: [Int], paths: [BenchPath]) {
    self.isQuick = isQuick
    self.runs = runs ?? (isQuick ? 2 : 5)
    self.seconds = seconds ?? (isQuick ? 1 : 3)
    requestSeconds = seconds ?? (isQuick ? 1 : 2)
    self.connections = connections
    // Ratios need their base.
    self.paths = BenchPath.allCases.filter { $0 == .direct || paths.contains($0) }
    simulatedRequests = isQuick ? [400_000, 1_600_000] : [1_000_000, 4_000_000]
    scaleChanges = isQuick ? 10 : 50
  }

  /// The items in the order of one round: every round begins with another one, so that whoever runs after a heavy
  /// neighbour does so once only.
  static func rotated<Item>(_ items: [Item], round: Int) -> [Item] {
    guard !items.isEmpty else { return [] }
    let start = round % items.count
    return Array(items[start...] + items[..<start])
  }
}
