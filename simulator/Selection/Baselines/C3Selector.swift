// SPDX-License-Identifier: Apache-2.0

/// `c3`: the endpoint with the lowest score among those whose rate limit has room; when none has, the request waits
/// for the first (Suresh et al., NSDI 2015). Each response carries the queue and the time of service.
final class C3Selector: EndpointSelector {
  private struct Pair: BitwiseCopyable {
    var score = CubicScore()
    var limiter = CubicRateLimiter()
  }

  private let pairs: PairTable<Pair>
  /// Each node is one client of the paper's.
  private let clients: Double

  init(services: any SelectorServices) {
    pairs = PairTable(services, initial: Pair())
    clients = Double(services.nodeCount)
  }

  var needs: SelectorNeeds { SelectorNeeds(reports: true) }

  func select(_ choice: borrowing Choice) -> Selection {
    let row = pairs.row(choice.node)
    var random = Random(seed: choice.random)
    var best = -1
    var lowest = Double.infinity
    var ties = 0
    var shortestWait = Double.infinity
    for candidate in choice.candidates {
      let endpoint = Int(candidate)
      let wait = row[endpoint].limiter.wait(now: choice.now)
      if wait > 0 {
        shortestWait = min(shortestWait, wait)
        continue
      }
      let score = row[endpoint].score.value(clients: clients)
      if score < lowest {
        lowest = score
        best = endpoint
        ties = 1
      } else if score == lowest {
        ties += 1
        if random.below(ties) == 0 { best = endpoint }
      }
    }
    if best >= 0 { return .endpoint(best) }
    return .wait(until: choice.now + max(1, UInt64(shortestWait.rounded(.up))))
  }

  func sent(node: Int, endpoint: Int, now: UInt64) {
    let row = pairs.row(node)
    row[endpoint].score.sent()
    row[endpoint].limiter.sent(now: now)
  }

  func finished(node: Int, endpoint: Int, result: SelectorResult, now: UInt64) {
    let row = pairs.row(node)
    row[endpoint].score.finished(result)
    if result.status != 0 { row[endpoint].limiter.responded(now: now) }
  }

  func reported(node: Int, endpoint: Int, report: LoadReport, now: UInt64) {
    pairs.row(node)[endpoint].score.reported(report)
  }

  func left(node: Int, endpoint: Int, now: UInt64) { pairs.forget(node: node, endpoint: endpoint) }
}
