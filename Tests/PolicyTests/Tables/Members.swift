// SPDX-License-Identifier: Apache-2.0

import Testbed
@testable import Policy

/// Members of endpoint sets, one address for each.
enum Members {
  /// Ids count from 0, so that a member's id is its index.
  static func weighted(_ weights: [UInt16]) -> [EndpointSet.Member] {
    weights.enumerated().map { index, weight in
      EndpointSet.Member(
        address: IPAddress(ipv4: 0x0a00_0001 + UInt32(index)), port: 8080, weight: weight, id: UInt32(index),
        generation: 1)
    }
  }

  static func equal(_ count: Int) -> [EndpointSet.Member] {
    weighted([UInt16](repeating: 1, count: count))
  }

  /// Weights from 1 to a bound that is itself random, so that both near-equal and very different ones occur.
  static func randomWeights(_ count: Int, _ random: inout SeededGenerator) -> [UInt16] {
    let bounds: [UInt16] = [2, 10, 100, 65535]
    let highest = bounds[Int.random(in: bounds.indices, using: &random)]
    return (0..<count).map { _ in UInt16.random(in: 1...highest, using: &random) }
  }

  /// How often each index below `count` appears; nil when the table holds another.
  static func turns(_ table: [UInt16], count: Int) -> [Int]? {
    guard table.allSatisfy({ Int($0) < count }) else { return nil }
    var turns = [Int](repeating: 0, count: count)
    for index in table { turns[Int(index)] += 1 }
    return turns
  }
}
