// SPDX-License-Identifier: Apache-2.0

extension EventTarget {
  /// Indices of the endpoints it means, ascending, counted through the scenario's groups in their order.
  public func endpoints(in scenario: Scenario) -> [Int] {
    var found: [Int] = []
    var first = 0
    for endpointGroup in scenario.endpoints {
      let count = max(0, endpointGroup.count)
      let fits = (group == nil || group == endpointGroup.name) && (zone == nil || zone == endpointGroup.zone)
      if fits { found += (0..<count).filter { indices.isEmpty || indices.contains($0) }.map { first + $0 } }
      first += count
    }
    return found
  }

  /// The endpoints in words: `backend-0 and backend-3`, `backend`, `zone a`, `all endpoints`.
  public var endpointsInWords: String {
    var words: [String] = []
    if let group, !indices.isEmpty {
      words.append(Text.list(indices.map { "\(group)-\($0)" }))
    } else if let group {
      words.append(group)
    } else if !indices.isEmpty {
      words.append("the endpoints " + Text.list(indices.map { "\($0)" }) + " of every group")
    }
    if let zone { words.append((words.isEmpty ? "" : "in ") + "zone " + zone) }
    return words.isEmpty ? "all endpoints" : words.joined(separator: " ")
  }
}
