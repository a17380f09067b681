// SPDX-License-Identifier: Apache-2.0

/// `lor`: of all candidates the one with the fewest requests of this node in flight, ties by chance.
final class LeastOutstandingSelector: EndpointSelector {
  private let active: PairTable<UInt32>

  init(services: any SelectorServices) { active = PairTable(services, initial: 0) }

  func select(_ choice: borrowing Choice) -> Selection {
    let active = active.row(choice.node)
    var least = UInt32.max
    var ties = 0
    for endpoint in choice.candidates {
      let count = active[Int(endpoint)]
      if count < least {
        least = count
        ties = 1
      } else if count == least {
        ties += 1
      }
    }
    var skip = choice.upperRandom(below: ties)
    for endpoint in choice.candidates where active[Int(endpoint)] == least {
      if skip == 0 { return .endpoint(Int(endpoint)) }
      skip -= 1
    }
    return .endpoint(choice.candidate(0))
  }

  func sent(node: Int, endpoint: Int, now: UInt64) { active.increment(node: node, endpoint: endpoint) }

  func finished(node: Int, endpoint: Int, result: SelectorResult, now: UInt64) {
    active.decrement(node: node, endpoint: endpoint)
  }

  func left(node: Int, endpoint: Int, now: UInt64) { active.forget(node: node, endpoint: endpoint) }
}
