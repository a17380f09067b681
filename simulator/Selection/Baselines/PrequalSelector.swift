// SPDX-License-Identifier: Apache-2.0

/// `prequal`: probing to reduce queuing and latency (Wydrowski et al., NSDI 2024).
///
/// Every request sends probes whose answers later requests choose by. A probe with more requests in flight (RIF) than
/// a quantile of recent answers is hot. Of the cold ones the one with the lowest latency is taken, without any the one
/// with the lowest RIF. With fewer than two probes the choice is by chance.
final class PrequalSelector: EndpointSelector {
  struct Parameters {
    var pool = ProbePools.Parameters()
    /// Q_RIF: 2^-0.25.
    var hotQuantile = 0.8408964152537145
    /// Answers that the quantile is of.
    var quantileWindow = 128
    var occupancyMin = 2
  }

  private let parameters: Parameters
  private unowned let services: any SelectorServices
  private let pools: ProbePools
  private let recent: RecentQuantile

  init(services: any SelectorServices, parameters: Parameters = Parameters()) {
    self.parameters = parameters
    self.services = services
    pools = ProbePools(nodeCount: services.nodeCount, parameters: parameters.pool)
    recent = RecentQuantile(nodeCount: services.nodeCount, window: parameters.quantileWindow)
  }

  var needs: SelectorNeeds { SelectorNeeds(probes: true) }

  func select(_ choice: borrowing Choice) -> Selection {
    var random = Random(seed: choice.random)
    pools.expire(node: choice.node, now: choice.now)
    pools.sendProbes(choice, &random, services)
    let hotAbove = recent.value(parameters.hotQuantile, node: choice.node)
    let index = best(choice, hotAbove)
    let endpoint =
      if let index { Int(pools.pool(choice.node)[index].endpoint) } else {
        choice.candidate(random.below(choice.count))
      }
    if let index { pools.use(node: choice.node, at: index, candidates: choice.count, &random) }
    for _ in 0..<pools.removalsDue(node: choice.node) { removeOne(choice.node, hotAbove) }
    return .endpoint(endpoint)
  }

  /// The probe to go by, the fresher one at a tie; nil when there are too few of the candidates'.
  private func best(_ choice: borrowing Choice, _ hotAbove: UInt32?) -> Int? {
    let pool = pools.pool(choice.node)
    let hasAll = choice.count == services.endpointCount
    var occupancy = 0
    var coldest: Int?
    var lightest: Int?
    for index in pool.indices where hasAll || choice.contains(pool[index].endpoint) {
      occupancy += 1
      if !isHot(pool[index], hotAbove), pool[index].latency <= coldest.map({ pool[$0].latency }) ?? .max {
        coldest = index
      }
      if pool[index].requestsInFlight <= lightest.map({ pool[$0].requestsInFlight }) ?? .max { lightest = index }
    }
    return occupancy < parameters.occupancyMin ? nil : coldest ?? lightest
  }

  private func removeOne(_ node: Int, _ hotAbove: UInt32?) {
    let pool = pools.pool(node)
    let takesOldest = pools.nextRemovalIsOldest(node: node)
    if pool.isEmpty { return }
    pools.remove(node: node, at: takesOldest ? 0 : worst(pool, hotAbove))
  }

  /// The hot probe with the highest RIF; without any the cold one with the highest latency.
  private func worst(_ pool: UnsafeMutableBufferPointer<Probe>, _ hotAbove: UInt32?) -> Int {
    var hottest: Int?
    var slowest = 0
    for index in pool.indices {
      if isHot(pool[index], hotAbove), pool[index].requestsInFlight > hottest.map({ pool[$0].requestsInFlight }) ?? 0 {
        hottest = index
      }
      if pool[index].latency > pool[slowest].latency { slowest = index }
    }
    return hottest ?? slowest
  }

  @inline(__always)
  private func isHot(_ probe: Probe, _ hotAbove: UInt32?) -> Bool {
    guard let hotAbove else { return true }
    return probe.requestsInFlight > hotAbove
  }

  func sent(node: Int, endpoint: Int, now: UInt64) {}
  func finished(node: Int, endpoint: Int, result: SelectorResult, now: UInt64) {}

  func reported(node: Int, endpoint: Int, report: LoadReport, now: UInt64) {
    recent.add(report.requestsInFlight, node: node)
    pools.add(
      Probe(
        endpoint: Int32(truncatingIfNeeded: endpoint), requestsInFlight: report.requestsInFlight,
        latency: report.latency, received: now), node: node)
  }

  func left(node: Int, endpoint: Int, now: UInt64) {
    pools.forget(node: node, endpoint: Int32(truncatingIfNeeded: endpoint))
  }

  /// For tests: endpoints of the node's pool, oldest first.
  func pooledEndpoints(node: Int) -> [Int] { pools.pool(node).map { Int($0.endpoint) } }
}
