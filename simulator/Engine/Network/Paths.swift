// SPDX-License-Identifier: Apache-2.0

/// How long messages take between nodes and endpoints, and whether they arrive.
final class Paths {
  private struct Line {
    let latency: Sampler
    let constant: UInt64?
    let loss: Double
    let retransmissionTimeout: UInt64
    let nanosecondsPerByte: Double
  }

  /// A fault of the network while it lasts.
  struct Disturbance {
    let number: Int
    let isNodeAffected: [Bool]
    let isEndpointAffected: [Bool]
    let isPartition: Bool
    let latency: Sampler?
    let loss: Double
  }

  private let lines: [Line]
  /// Index of the line, by zone of the node and endpoint.
  private let lineOf: [Int]
  private let zones: Int
  private let endpointCount: Int
  let requestBytes: Double
  let responseBytes: Double
  private(set) var disturbances: [Disturbance] = []
  /// One latency for all, and nothing is ever lost.
  private let uniform: UInt64?

  init(_ scenario: Scenario) {
    let network = scenario.network
    let zoneNames: [String?] = scenario.clients.zones.isEmpty ? [nil] : scenario.clients.zones.map { $0 }
    let all = [network.path] + network.paths.map(\.path)
    let lines = all.map { path in
      let sampler = Sampler(path.latency)
      return Line(
        latency: sampler, constant: sampler.constant.map { UInt64(max(0, $0)) }, loss: path.loss,
        retransmissionTimeout: path.retransmissionTimeout,
        nanosecondsPerByte: path.bytesPerSecond > 0 ? 1e9 / path.bytesPerSecond : 0)
    }
    self.lines = lines
    zones = zoneNames.count
    endpointCount = scenario.endpointCount
    requestBytes = Double(network.requestBytes)
    responseBytes = Double(network.responseBytes)
    var indices: [Int] = []
    for zone in zoneNames {
      for group in scenario.endpoints {
        let fitting = network.paths.firstIndex { route in
          (route.fromZone == nil || route.fromZone == zone) && (route.toZone == nil || route.toZone == group.zone)
            && (route.toGroup == nil || route.toGroup == group.name)
        }
        indices += [Int](repeating: fitting.map { $0 + 1 } ?? 0, count: group.count)
      }
    }
    lineOf = indices
    let isUniform =
      Set(indices).count == 1
      && indices.first.map { lines[$0].constant != nil && lines[$0].loss == 0 && lines[$0].nanosecondsPerByte == 0 }
        ?? false
    uniform = isUniform ? indices.first.flatMap { lines[$0].constant } : nil
  }

  func add(_ disturbance: Disturbance) { disturbances.append(disturbance) }
  func remove(_ number: Int) { disturbances.removeAll { $0.number == number } }

  func isPartitioned(node: Int, endpoint: Int) -> Bool {
    disturbances.contains {
      $0.isPartition && $0.isNodeAffected[node] && $0.isEndpointAffected[endpoint]
    }
  }

  /// How long a message takes one way; nil when it is lost for good.
  @inline(__always)
  func transit(node: Int, endpoint: Int, bytes: Double, using random: inout Random) -> UInt64? {
    if let uniform, disturbances.isEmpty { return uniform }
    return slowTransit(node: node, endpoint: endpoint, bytes: bytes, using: &random)
  }

  private func slowTransit(node: Int, endpoint: Int, bytes: Double, using random: inout Random) -> UInt64? {
    let line = lines[lineOf[node % zones * endpointCount + endpoint]]
    var time = line.constant ?? line.latency.nanoseconds(using: &random)
    time += UInt64(bytes * line.nanosecondsPerByte)
    var loss = line.loss
    for disturbance in disturbances
    where disturbance.isNodeAffected[node] && disturbance.isEndpointAffected[endpoint] {
      if disturbance.isPartition { return nil }
      if let latency = disturbance.latency { time += latency.nanoseconds(using: &random) }
      loss = 1 - (1 - loss) * (1 - disturbance.loss)
    }
    if loss > 0 { time += retransmissions(loss, line.retransmissionTimeout, using: &random) }
    return time
  }

  /// TCP sends again after a timeout that doubles each time, up to 120 s in all: RFC 6298, tcp_retries2 of Linux is longer.
  private func retransmissions(_ loss: Double, _ timeout: UInt64, using random: inout Random) -> UInt64 {
    var time: UInt64 = 0
    var wait = timeout
    while random.uniform() < loss, time < 120_000_000_000 {
      time += wait
      wait *= 2
    }
    return time
  }
}
