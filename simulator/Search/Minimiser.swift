// SPDX-License-Identifier: Apache-2.0

/// Makes a case smaller as long as it still fails: delta debugging (Zeller and Hildebrandt, 2002) over its lists, then
/// one simplification after the other, until nothing more can go.
struct Minimiser {
  /// A case that fails, and how.
  typealias Failure = (case: SwarmCase, violation: Violation)

  private var best: SwarmCase
  private var violation: Violation?
  /// Runs so far.
  private(set) var runs = 0
  private let runsMax: Int
  private let failure: (SwarmCase) -> Violation?

  /// - Parameter failure: how a case fails, in the way that is wanted; nil when it does not.
  init(_ original: SwarmCase, runsMax: Int, failure: @escaping (SwarmCase) -> Violation?) {
    best = original
    self.runsMax = runsMax
    self.failure = failure
  }

  /// nil when not even the original fails.
  mutating func minimise() -> Failure? {
    runs += 1
    violation = failure(best)
    if violation == nil { return nil }
    var before: SwarmCase
    repeat {
      before = best
      reduceLists()
      for change in Simplification.all(of: best) { attempt(change) }
    } while best != before && runs < runsMax
    return violation.map { (best, $0) }
  }

  private mutating func reduceLists() {
    reduce(best.scenario.timeline) { $0.scenario.timeline = $1 }
    reduce(best.policy.settings) { $0.policy.settings = $1 }
    reduce(best.scenario.endpoints) { $0.scenario.endpoints = $1 }
    reduce(best.scenario.load) { $0.scenario.load = $1 }
  }

  /// Leaves out halves of a list, then quarters, then smaller parts, down to single elements.
  private mutating func reduce<Element>(_ list: [Element], _ set: (inout SwarmCase, [Element]) -> Void) {
    var list = list
    var size = max(1, list.count / 2)
    while !list.isEmpty {
      var start = 0
      while start < list.count {
        var shorter = list
        shorter.removeSubrange(start..<min(list.count, start + size))
        if attempt({ set(&$0, shorter) }) { list = shorter } else { start += size }
      }
      if size == 1 { return }
      size = max(1, size / 2)
    }
  }

  /// Keeps a change if the case still fails.
  @discardableResult
  private mutating func attempt(_ change: (inout SwarmCase) -> Void) -> Bool {
    guard runs < runsMax else { return false }
    var smaller = best
    change(&smaller)
    smaller.tidy()
    guard smaller != best, !smaller.scenario.endpoints.isEmpty, !smaller.scenario.load.isEmpty else { return false }
    runs += 1
    guard let found = failure(smaller) else { return false }
    (best, violation) = (smaller, found)
    return true
  }
}

extension SwarmCase {
  /// Leaves out what has lost its meaning, as what it refers to is gone.
  mutating func tidy() {
    let groups = scenario.endpoints
    scenario.clients.zones = Array(scenario.clients.zones.prefix(scenario.clients.nodes))
    scenario.clients.replicas = min(scenario.clients.replicas, scenario.endpointCount)
    if scenario.warmup >= scenario.duration { scenario.warmup = 0 }
    scenario.load.removeAll { $0.start > scenario.duration }
    if !scenario.load.isEmpty { scenario.load[0].start = 0 }
    scenario.network.paths.removeAll { route in
      route.toGroup.map { name in !groups.contains { $0.name == name } } ?? false
    }
    scenario.timeline = scenario.timeline.compactMap { $0.tidied(scenario) }
    for index in groups.indices where groups[index].joinsLater {
      let isJoined = scenario.timeline.contains { $0.fault == .join && $0.target.includes(groups[index]) }
      if !isJoined { scenario.endpoints[index].joinsLater = false }
    }
    if !scenario.endpoints.isEmpty, scenario.endpoints.allSatisfy(\.joinsLater) {
      scenario.endpoints[0].joinsLater = false
    }
    let later = scenario.endpoints.filter(\.joinsLater)
    scenario.timeline.removeAll { event in event.fault == .join && !later.contains { event.target.includes($0) } }
  }
}

extension TimelineEvent {
  /// nil when it would happen to nobody.
  fileprivate func tidied(_ scenario: Scenario) -> TimelineEvent? {
    var event = self
    if at >= scenario.duration { return nil }
    event.until = until.map { min($0, scenario.duration) }
    if let group = target.group {
      guard let known = scenario.endpoints.first(where: { $0.name == group }) else { return nil }
      event.target.indices = target.indices.filter { $0 < known.count }
      if event.target.indices.isEmpty, !target.indices.isEmpty { return nil }
      if let zone = target.zone, known.zone != zone { return nil }
    }
    if let zone = target.zone, !scenario.endpoints.contains(where: { $0.zone == zone }) { return nil }
    event.target.nodes = target.nodes.filter { $0 < scenario.clients.nodes }
    if event.target.nodes.isEmpty, !target.nodes.isEmpty { return nil }
    return event
  }
}
