// SPDX-License-Identifier: Apache-2.0

/// `random`: any candidate, all alike.
final class RandomSelector: EndpointSelector {
  func select(_ choice: borrowing Choice) -> Selection {
    .endpoint(choice.candidate(choice.upperRandom(below: choice.count)))
  }

  func sent(node: Int, endpoint: Int, now: UInt64) {}
  func finished(node: Int, endpoint: Int, result: SelectorResult, now: UInt64) {}
}
