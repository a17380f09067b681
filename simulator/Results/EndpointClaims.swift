// SPDX-License-Identifier: Apache-2.0

// Claims about endpoints: what is sent to them and who has ejected them.

final class ShareWatch: ClaimWatch {
  private let target: EventTarget
  private let min: Double
  private let max: Double
  private let isMeant: [Bool]
  private var sent = 0
  private var sentToThem = 0

  init(of target: EventTarget, min: Double, max: Double, _ expectation: Expectation, _ scenario: Scenario) {
    self.target = target
    self.min = min
    self.max = max
    isMeant = target.isMeant(in: scenario)
    super.init(.attempts, expectation, scenario)
  }

  override func attemptSent(endpoint: Int) {
    sent += 1
    if isMeant.indices.contains(endpoint), isMeant[endpoint] { sentToThem += 1 }
  }

  override func verdict() -> Verdict {
    let claim = "share of \(target.endpointsInWords) between \(Self.bound(min)) and \(Self.bound(max))"
    if sent == 0 { return verdict(claim, holds: false, "no requests") }
    let share = Double(sentToThem) / Double(sent)
    let measured = "\(Text.percent(share)): \(Text.count(sentToThem)) of \(Text.count(sent, of: "request"))"
    return verdict(claim, holds: min <= share && share <= max, measured)
  }
}

final class NoRequestsWatch: ClaimWatch {
  private let target: EventTarget
  private let isMeant: [Bool]
  private var sent = 0

  init(to target: EventTarget, _ expectation: Expectation, _ scenario: Scenario) {
    self.target = target
    isMeant = target.isMeant(in: scenario)
    super.init(.attempts, expectation, scenario)
  }

  override func attemptSent(endpoint: Int) {
    if isMeant.indices.contains(endpoint), isMeant[endpoint] { sent += 1 }
  }

  override func verdict() -> Verdict {
    verdict("no request to \(target.endpointsInWords)", holds: sent == 0, Text.count(sent, of: "request"))
  }
}

/// A node counts from when it has ejected all the endpoints that are meant, each at some time until `by`. One that has
/// come back before `from` must be ejected again.
final class EjectedWatch: ClaimWatch {
  private let target: EventTarget
  private let by: UInt64
  private let share: Double
  private let isEndpointMeant: [Bool]
  private let endpointCount: Int
  private let isNodeMeant: [Bool]
  private let nodeCount: Int
  /// Since when there is no forgiving, see above.
  private let binding: UInt64
  /// By node and endpoint.
  private var wasEjected: [Bool]
  /// By node: endpoints that it has ejected.
  private var ejected: [Int]
  private var nodesDone = 0
  private var enoughAt: UInt64?

  /// - Parameter share: of the nodes, 0 to 1.
  init(
    _ target: EventTarget, by: UInt64, nodes share: Double, _ expectation: Expectation, _ scenario: Scenario
  ) {
    self.target = target
    self.by = by
    self.share = share
    isEndpointMeant = target.isMeant(in: scenario)
    endpointCount = isEndpointMeant.count { $0 }
    isNodeMeant = (0..<max(1, scenario.clients.nodes)).map { target.nodes.isEmpty || target.nodes.contains($0) }
    nodeCount = isNodeMeant.count { $0 }
    binding = expectation.from ?? 0
    wasEjected = [Bool](repeating: false, count: isNodeMeant.count * isEndpointMeant.count)
    ejected = [Int](repeating: 0, count: isNodeMeant.count)
    super.init(.ejections, expectation, scenario)
  }

  override func ejectionChanged(node: Int, endpoint: Int, isEjected: Bool, at time: UInt64) {
    guard time <= by, isNodeMeant.indices.contains(node), isNodeMeant[node],
      isEndpointMeant.indices.contains(endpoint), isEndpointMeant[endpoint]
    else { return }
    let cell = node * isEndpointMeant.count + endpoint
    if isEjected, !wasEjected[cell] {
      wasEjected[cell] = true
      ejected[node] += 1
      if ejected[node] == endpointCount {
        nodesDone += 1
        if isEnough, enoughAt == nil { enoughAt = time }
      }
    } else if !isEjected, wasEjected[cell], time < binding {
      wasEjected[cell] = false
      if ejected[node] == endpointCount {
        nodesDone -= 1
        if !isEnough { enoughAt = nil }
      }
      ejected[node] -= 1
    }
  }

  private var isEnough: Bool { Double(nodesDone) >= share * Double(nodeCount) }

  override func verdict() -> Verdict {
    let holds = endpointCount > 0 && nodeCount > 0 && isEnough
    let time = enoughAt.map { ", enough at \(Text.duration($0))" } ?? ""
    return verdict(
      "\(target.endpointsInWords) ejected by \(Self.bound(share)) of the nodes until \(Self.bound(by))", holds: holds,
      endpointCount == 0
        ? "no such endpoint" : "\(Text.count(nodesDone)) of \(Text.count(nodeCount, of: "node"))\(time)")
  }
}

extension EventTarget {
  /// For every endpoint of the scenario whether it is one of them.
  fileprivate func isMeant(in scenario: Scenario) -> [Bool] {
    var isMeant = [Bool](repeating: false, count: max(0, scenario.endpointCount))
    for endpoint in endpoints(in: scenario) where isMeant.indices.contains(endpoint) { isMeant[endpoint] = true }
    return isMeant
  }
}
