// SPDX-License-Identifier: Apache-2.0

public import Simulator

/// What a scenario may not have to be run for real on one machine.
public enum RealRunLimits {
  public static let durationMax: UInt64 = 60_000_000_000
  public static let requestsPerSecondMax = 5000.0
  public static let endpointsMax = 64
  public static let clientsMax = 256
  static let requestsMax = 300_000

  /// Why it cannot be run for real, a sentence for each obstacle; empty: it can.
  public static func obstacles(_ scenario: Scenario) -> [String] {
    size(scenario) + load(scenario) + path(scenario) + endpoints(scenario) + scenario.timeline.compactMap(obstacle)
  }

  private static func size(_ scenario: Scenario) -> [String] {
    var found: [String] = []
    if scenario.duration > durationMax {
      found.append("the duration is above \(durationMax / 1_000_000_000) s")
    }
    if scenario.warmup >= scenario.duration { found.append("the warm-up leaves nothing to measure") }
    if !(1...endpointsMax).contains(scenario.endpointCount) {
      found.append("\(scenario.endpointCount) endpoints; between 1 and \(endpointsMax) can be started")
    }
    if !(1...clientsMax).contains(scenario.clients.count) {
      found.append("\(scenario.clients.count) clients; between 1 and \(clientsMax) can be started")
    }
    return found
  }

  private static func load(_ scenario: Scenario) -> [String] {
    var found: [String] = []
    for phase in scenario.load {
      guard let rate = scenario.requestsPerSecond(phase) else {
        found.append("the load must be in requestsPerSecond")
        continue
      }
      if rate > requestsPerSecondMax {
        found.append("\(Int(rate)) requests per second; at most \(Int(requestsPerSecondMax)) are sent")
      }
    }
    if scenario.clients.timeout == 0 { found.append("the clients need a timeout: a hang would never end") }
    if scenario.clients.nodes != 1 { found.append("\(scenario.clients.nodes) nodes; this machine is one") }
    if !scenario.clients.zones.isEmpty { found.append("zones of nodes; this machine is in none") }
    if scenario.clients.cancelsWork { found.append("cancelsWork: HTTP/1.1 servers work on when a client has gone") }
    if scenario.clients.replicas > 0 { found.append("replicas are of the simulation only") }
    return found
  }

  private static func path(_ scenario: Scenario) -> [String] {
    let network = scenario.network
    var found: [String] = []
    for path in [network.path] + network.paths.map(\.path) {
      if path.latency != .constant(0) { found.append("the network's latency is not 0: the loopback has none") }
      if path.loss > 0 { found.append("the network loses messages: the loopback does not") }
      if path.bytesPerSecond > 0 { found.append("the network's bandwidth is limited: the loopback's is not") }
    }
    return found
  }

  private static func endpoints(_ scenario: Scenario) -> [String] {
    var found: [String] = []
    for group in scenario.endpoints {
      if group.variation != nil { found.append("endpoints \(group.name) vary by chance") }
      if group.joinsLater { found.append("endpoints \(group.name) join later") }
    }
    return found
  }

  private static func obstacle(_ event: TimelineEvent) -> String? {
    switch event.fault {
    case .crash, .hang, .slow, .capacity, .errors: nil
    case .coldStart: "a cold start cannot be scripted for real"
    case .join, .leave, .drain: "endpoints that join, leave or drain are of the simulation only"
    case .partition, .latency, .loss: "faults of the network cannot be had on the loopback"
    case .clockJump, .agentRestart, .tableFull: "faults of nodes are of the simulation only"
    }
  }
}
