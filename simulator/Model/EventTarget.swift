// SPDX-License-Identifier: Apache-2.0

extension EventTarget {
  /// Indices of the endpoints that fit, ascending.
  public func endpoints(in scenario: Scenario) -> [Int] {
    var found: [Int] = []
    var first = 0
    for settings in scenario.endpoints {
      if (group == nil || group == settings.name) && (zone == nil || zone == settings.zone) {
        found += (0..<settings.count).filter { indices.isEmpty || indices.contains($0) }.map { first + $0 }
      }
      first += settings.count
    }
    return found
  }

  /// Indices of the nodes that fit, ascending.
  func nodeIndices(in scenario: Scenario) -> [Int] {
    (0..<scenario.clients.nodes).filter { nodes.isEmpty || nodes.contains($0) }
  }
}

extension TimelineEvent {
  /// For people: the fault, and whom it happens to.
  func label(in scenario: Scenario, _ affected: [Int]) -> String {
    let whom: String
    if fault.isOfNodes {
      whom = target.nodes.isEmpty ? "all nodes" : target.nodes.map { "node \($0)" }.joined(separator: ", ")
    } else if let group = target.group {
      whom = target.indices.isEmpty ? group : target.indices.map { "\(group)-\($0)" }.joined(separator: ", ")
    } else if let zone = target.zone {
      whom = "zone \(zone)"
    } else {
      whom = affected.count == scenario.endpointCount ? "all endpoints" : "\(affected.count) endpoints"
    }
    return "\(fault.name) \(whom)"
  }
}

extension Fault {
  /// As scenario files have it.
  public var name: String {
    switch self {
    case .crash: "crash"
    case .hang: "hang"
    case .slow: "slow"
    case .capacity: "capacity"
    case .coldStart: "coldStart"
    case .errors: "errors"
    case .join: "join"
    case .leave: "leave"
    case .drain: "drain"
    case .partition: "partition"
    case .latency: "latency"
    case .loss: "loss"
    case .clockJump: "clockJump"
    case .agentRestart: "agentRestart"
    case .tableFull: "tableFull"
    }
  }

  /// Whether it happens to nodes, and not to endpoints or the way to them.
  public var isOfNodes: Bool {
    switch self {
    case .clockJump, .agentRestart, .tableFull: true
    default: false
    }
  }
}
