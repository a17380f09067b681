// SPDX-License-Identifier: Apache-2.0

extension EventTarget {
  /// Indices of the nodes that fit, ascending.
  func nodeIndices(in scenario: Scenario) -> [Int] {
    (0..<scenario.clients.nodes).filter { nodes.isEmpty || nodes.contains($0) }
  }
}

extension TimelineEvent {
  /// For people: the fault, and whom it happens to.
  var label: String {
    let whom =
      fault.isOfNodes
      ? (target.nodes.isEmpty ? "all nodes" : Text.list(target.nodes.map { "node \($0)" })) : target.endpointsInWords
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
