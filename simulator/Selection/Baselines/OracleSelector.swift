// SPDX-License-Identifier: Apache-2.0

/// `oracle`: asks the simulation when each endpoint would answer and takes the first. What it reaches no client can,
/// having only what it sees and is told: the floor for the others.
final class OracleSelector: EndpointSelector {
  private unowned let services: any SelectorServices

  init(services: any SelectorServices) { self.services = services }

  func select(_ choice: borrowing Choice) -> Selection {
    var random = Random(seed: choice.random)
    var best = -1
    var least = Double.infinity
    var ties = 0
    for candidate in choice.candidates {
      let endpoint = Int(candidate)
      guard let latency = services.expectedLatency(of: endpoint), latency < .infinity else { continue }
      if latency < least {
        least = latency
        best = endpoint
        ties = 1
      } else if latency == least {
        ties += 1
        if random.below(ties) == 0 { best = endpoint }
      }
    }
    return .endpoint(best >= 0 ? best : choice.candidate(random.below(choice.count)))
  }

  func sent(node: Int, endpoint: Int, now: UInt64) {}
  func finished(node: Int, endpoint: Int, result: SelectorResult, now: UInt64) {}
}
