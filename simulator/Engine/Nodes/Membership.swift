// SPDX-License-Identifier: Apache-2.0

/// Which endpoints there are, and which of them each node knows.
struct Membership {
  /// What discovery says now.
  private(set) var isPresent: [Bool]
  private(set) var isDraining: [Bool]
  /// By node.
  private(set) var views: [EndpointView]
  /// Nodes whose agent is away: they keep what they have.
  var isAgentAway: [Bool]
  /// Nodes with no room for endpoints they do not have.
  var isTableFull: [Bool]
  private let replicas: Int

  init(_ scenario: Scenario) {
    isPresent = scenario.endpoints.flatMap { [Bool](repeating: !$0.joinsLater, count: $0.count) }
    isDraining = [Bool](repeating: false, count: isPresent.count)
    replicas = scenario.clients.replicas
    let view = EndpointView(isKnown: isPresent, isDraining: isDraining, replicas: replicas)
    views = [EndpointView](repeating: view, count: scenario.clients.nodes)
    isAgentAway = [Bool](repeating: false, count: scenario.clients.nodes)
    isTableFull = isAgentAway
  }

  mutating func set(_ endpoints: [Int], present: Bool) {
    for endpoint in endpoints { isPresent[endpoint] = present }
  }

  mutating func set(_ endpoints: [Int], draining: Bool) {
    for endpoint in endpoints { isDraining[endpoint] = draining }
  }

  /// Nodes learn what discovery says, as far as they can. Returns those whose view has changed, with the one before.
  mutating func discover() -> [(node: Int, before: EndpointView)] {
    var changed: [(Int, EndpointView)] = []
    /// The last one made: most nodes have the same.
    var last: (before: EndpointView, isFull: Bool, after: EndpointView)?
    for node in views.indices where !isAgentAway[node] {
      let before = views[node]
      if last == nil || last?.before !== before || last?.isFull != isTableFull[node] {
        last = (before, isTableFull[node], next(before, isFull: isTableFull[node]))
      }
      guard let last, last.after !== before else { continue }
      views[node] = last.after
      changed.append((node, before))
    }
    return changed
  }

  private func next(_ before: EndpointView, isFull: Bool) -> EndpointView {
    let isKnown = isPresent.indices.map { isPresent[$0] && (!isFull || before.isKnown[$0]) }
    if isKnown == before.isKnown, isDraining == before.isDraining { return before }
    return EndpointView(isKnown: isKnown, isDraining: isDraining, replicas: replicas)
  }
}
