// SPDX-License-Identifier: Apache-2.0

/// `lor`: of all candidates the one with the fewest requests of this node in flight, ties in turn, as nginx's `least_conn`
/// has it. Every node begins at a place of its own by chance.
///
/// How ties are broken matters: with many nodes nearly all candidates are tied at 0. In turn, a node comes back to an
/// endpoint only after a whole round, when its last request there is over however slow it was, and so sees nothing;
/// by chance it comes back sooner now and then.
final class LeastOutstandingSelector: EndpointSelector {
  private static let notBegun = UInt32.max
  private let active: PairTable<UInt32>
  /// The endpoint after the last one taken, by node.
  private var next: ContiguousArray<UInt32>

  init(services: any SelectorServices) {
    active = PairTable(services, initial: 0)
    next = ContiguousArray(repeating: Self.notBegun, count: services.nodeCount)
  }

  func select(_ choice: borrowing Choice) -> Selection {
    let active = active.row(choice.node)
    if next[choice.node] == Self.notBegun {
      next[choice.node] = UInt32(choice.candidate(choice.upperRandom(below: choice.count)))
    }
    let next = next[choice.node]
    // The fewest requests, then the shortest way from `next` on, round the end: a difference that wraps is a long way.
    var least = UInt32.max
    var way = UInt32.max
    var best = choice.candidate(0)
    for endpoint in choice.candidates {
      let count = active[Int(endpoint)]
      if count > least { continue }
      let wayHere = UInt32(bitPattern: endpoint) &- next
      if count < least || wayHere < way {
        (least, way, best) = (count, wayHere, Int(endpoint))
      }
    }
    self.next[choice.node] = UInt32(best) + 1
    return .endpoint(best)
  }

  func sent(node: Int, endpoint: Int, now: UInt64) { active.increment(node: node, endpoint: endpoint) }

  func finished(node: Int, endpoint: Int, result: SelectorResult, now: UInt64) {
    active.decrement(node: node, endpoint: endpoint)
  }

  func left(node: Int, endpoint: Int, now: UInt64) { active.forget(node: node, endpoint: endpoint) }
}
