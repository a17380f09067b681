// SPDX-License-Identifier: Apache-2.0

/// `p2c`: Envoy's least request load balancer.
///
/// All weights equal: of two candidates drawn with replacement the one with fewer active requests, the first at a tie.
/// Weights differ: an earliest-deadline-first schedule over all, in which the one picked comes again after 1 / weight,
/// its weight being load balancing weight / (active requests + 1)^bias at the time of the pick.
final class PowerOfTwoSelector: EndpointSelector {
  private struct Entry: BitwiseCopyable {
    /// Below 0: not in the schedule.
    var deadline = -1.0
    /// The one that was added first wins a tie.
    var order: UInt64 = 0
  }

  private struct Clock {
    var hasBegun = false
    var time = 0.0
    var order: UInt64 = 0
  }

  /// How often a schedule is turned before its first pick, at most.
  private static let initialPicksMax = 256

  private let active: PairTable<UInt32>
  private let weights: ContiguousArray<Double>
  private let hasDifferentWeights: Bool
  private let activeRequestBias: Double
  private let entries: PairTable<Entry>
  private var clocks: ContiguousArray<Clock> = []

  init(services: any SelectorServices, activeRequestBias: Double = 1) {
    active = PairTable(services, initial: 0)
    entries = PairTable(services, initial: Entry())
    self.activeRequestBias = activeRequestBias
    // Envoy takes no weight below 1; here a weight of 0 is one that is next to never picked.
    let weights = ContiguousArray((0..<services.endpointCount).map { max(1e-6, services.weight(of: $0)) })
    self.weights = weights
    hasDifferentWeights = weights.contains { $0 != weights[0] }
    if hasDifferentWeights { clocks = ContiguousArray(repeating: Clock(), count: services.nodeCount) }
  }

  func select(_ choice: borrowing Choice) -> Selection {
    if hasDifferentWeights { return .endpoint(selectByDeadline(choice)) }
    let active = active.row(choice.node)
    let first = choice.candidate(choice.upperRandom(below: choice.count))
    let second = choice.candidate(choice.lowerRandom(below: choice.count))
    return .endpoint(active[second] < active[first] ? second : first)
  }

  func sent(node: Int, endpoint: Int, now: UInt64) { active.increment(node: node, endpoint: endpoint) }

  func finished(node: Int, endpoint: Int, result: SelectorResult, now: UInt64) {
    active.decrement(node: node, endpoint: endpoint)
  }

  func left(node: Int, endpoint: Int, now: UInt64) {
    active.forget(node: node, endpoint: endpoint)
    if hasDifferentWeights { entries.forget(node: node, endpoint: endpoint) }
  }

  private func selectByDeadline(_ choice: borrowing Choice) -> Int {
    var clock = clocks[choice.node]
    if !clock.hasBegun {
      clock.hasBegun = true
      // Nodes that begin at the same time would all pick the same otherwise.
      for _ in 0..<choice.upperRandom(below: min(choice.count, Self.initialPicksMax)) { _ = pick(choice, &clock) }
    }
    let endpoint = pick(choice, &clock)
    clocks[choice.node] = clock
    return endpoint
  }

  private func pick(_ choice: borrowing Choice, _ clock: inout Clock) -> Int {
    let entries = entries.row(choice.node)
    var earliest = choice.candidate(0)
    for candidate in choice.candidates {
      let endpoint = Int(candidate)
      if entries[endpoint].deadline < 0 { add(endpoint, choice.node, &clock) }
      let entry = entries[endpoint]
      let best = entries[earliest]
      if entry.deadline < best.deadline || (entry.deadline == best.deadline && entry.order < best.order) {
        earliest = endpoint
      }
    }
    // One that was no candidate for a while has an old deadline: time does not run back for it.
    clock.time = max(clock.time, entries[earliest].deadline)
    add(earliest, choice.node, &clock)
    return earliest
  }

  private func add(_ endpoint: Int, _ node: Int, _ clock: inout Clock) {
    let count = Double(active[node, endpoint]) + 1
    let divisor = activeRequestBias == 1 ? count : Mathematics.pow(count, activeRequestBias)
    entries[node, endpoint] = Entry(deadline: clock.time + divisor / weights[endpoint], order: clock.order)
    clock.order += 1
  }
}
