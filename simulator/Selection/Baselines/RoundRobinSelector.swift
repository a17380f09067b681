// SPDX-License-Identifier: Apache-2.0

/// `rr`: the candidates in turn. Every node begins at a place of its own by chance, as Envoy's and gRPC's clients do.
final class RoundRobinSelector: EndpointSelector {
  private static let notBegun = UInt64.max
  private var next: ContiguousArray<UInt64>

  init(services: any SelectorServices) {
    next = ContiguousArray(repeating: Self.notBegun, count: services.nodeCount)
  }

  func select(_ choice: borrowing Choice) -> Selection {
    var turn = next[choice.node]
    if turn == Self.notBegun { turn = choice.random >> 32 }
    next[choice.node] = turn &+ 1
    return .endpoint(choice.candidate(Int(turn % UInt64(choice.count))))
  }

  func sent(node: Int, endpoint: Int, now: UInt64) {}
  func finished(node: Int, endpoint: Int, result: SelectorResult, now: UInt64) {}
}
