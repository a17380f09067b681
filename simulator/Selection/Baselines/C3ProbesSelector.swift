// SPDX-License-Identifier: Apache-2.0

/// `c3-probes`: C3's score over Prequal's pool of probes, without C3's rate limit: the comparison in the Prequal paper.
///
/// Queue and time of service come from the probes, response times and outstanding requests from the node itself.
final class C3ProbesSelector: EndpointSelector {
  private static let occupancyMin = 2

  private unowned let services: any SelectorServices
  private let pools: ProbePools
  private let scores: PairTable<CubicScore>
  private let clients: Double

  init(services: any SelectorServices, parameters: ProbePools.Parameters = ProbePools.Parameters()) {
    self.services = services
    pools = ProbePools(nodeCount: services.nodeCount, parameters: parameters)
    scores = PairTable(services, initial: CubicScore())
    clients = Double(services.nodeCount)
  }

  var needs: SelectorNeeds { SelectorNeeds(probes: true) }

  func select(_ choice: borrowing Choice) -> Selection {
    var random = Random(seed: choice.random)
    pools.expire(node: choice.node, now: choice.now)
    pools.sendProbes(choice, &random, services)
    let index = best(choice)
    let endpoint =
      if let index { Int(pools.pool(choice.node)[index].endpoint) } else {
        choice.candidate(random.below(choice.count))
      }
    if let index { pools.use(node: choice.node, at: index, candidates: choice.count, &random) }
    for _ in 0..<pools.removalsDue(node: choice.node) { removeOne(choice.node) }
    return .endpoint(endpoint)
  }

  private func best(_ choice: borrowing Choice) -> Int? {
    let pool = pools.pool(choice.node)
    let row = scores.row(choice.node)
    let hasAll = choice.count == services.endpointCount
    var occupancy = 0
    var best: Int?
    var lowest = Double.infinity
    for index in pool.indices where hasAll || choice.contains(pool[index].endpoint) {
      occupancy += 1
      let score = row[Int(pool[index].endpoint)].value(clients: clients)
      if score <= lowest {
        lowest = score
        best = index
      }
    }
    return occupancy < Self.occupancyMin ? nil : best
  }

  private func removeOne(_ node: Int) {
    let pool = pools.pool(node)
    let takesOldest = pools.nextRemovalIsOldest(node: node)
    if pool.isEmpty { return }
    let row = scores.row(node)
    var worst = 0
    if !takesOldest {
      for index in pool.indices
      where row[Int(pool[index].endpoint)].value(clients: clients)
        > row[Int(pool[worst].endpoint)].value(clients: clients)
      {
        worst = index
      }
    }
    pools.remove(node: node, at: worst)
  }

  func sent(node: Int, endpoint: Int, now: UInt64) { scores.row(node)[endpoint].sent() }

  func finished(node: Int, endpoint: Int, result: SelectorResult, now: UInt64) {
    scores.row(node)[endpoint].finished(result)
  }

  func reported(node: Int, endpoint: Int, report: LoadReport, now: UInt64) {
    scores.row(node)[endpoint].reported(report)
    pools.add(
      Probe(
        endpoint: Int32(truncatingIfNeeded: endpoint), requestsInFlight: report.requestsInFlight,
        latency: report.latency, received: now), node: node)
  }

  func left(node: Int, endpoint: Int, now: UInt64) {
    scores.forget(node: node, endpoint: endpoint)
    pools.forget(node: node, endpoint: Int32(truncatingIfNeeded: endpoint))
  }
}
