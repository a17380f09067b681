// SPDX-License-Identifier: Apache-2.0

import Testbed
import Testing

@testable import Policy

@Suite struct AliasTableTests {
  /// What the kernel draws with: a slot is drawn evenly, and keeps its own index when a 16-bit coin is below its
  /// threshold. In units of 1/65536 of a slot; also how many slots lead to each index.
  private func outcomes(_ slots: [AliasTable.Slot]) -> [(units: Int, slots: Int)] {
    var outcomes = slots.map { _ in (units: 0, slots: 0) }
    for (index, slot) in slots.enumerated() {
      outcomes[index].units += Int(slot.threshold)
      outcomes[index].slots += 1
      outcomes[Int(slot.alias)].units += 65536 - Int(slot.threshold)
      outcomes[Int(slot.alias)].slots += 1
    }
    return outcomes
  }

  /// Every slot is rounded by less than one unit, so an index is off by less than one unit a slot that leads to it.
  private func probabilitiesEqualShares(_ weights: [UInt16]) -> Bool {
    let total = weights.reduce(0) { $0 + Int($1) }
    let slots = AliasTable.slots(weights: weights)
    guard slots.count == weights.count, slots.allSatisfy({ Int($0.alias) < slots.count }) else { return false }
    return zip(outcomes(slots), weights).allSatisfy { outcome, weight in
      let exact = Double(weight) * Double(weights.count) * 65536 / Double(total)
      return abs(Double(outcome.units) - exact) <= Double(outcome.slots)
    }
  }

  @Test func randomWeightsAreDrawnInProportion() throws {
    var random = SeededGenerator(seed: 1)
    for _ in 0..<500 {
      let weights = Members.randomWeights(Int.random(in: 1...64, using: &random), &random)
      try #require(probabilitiesEqualShares(weights), "weights \(weights)")
    }
  }

  @Test(arguments: [[1, 65535], [65535, 1], [1, 1, 65535], [65535, 65535, 1], [7], [3, 3, 3, 3]] as [[UInt16]])
  func extremeWeightsAreDrawnInProportion(weights: [UInt16]) {
    #expect(probabilitiesEqualShares(weights))
  }

  @Test func largestSetIsDrawnInProportion() {
    var random = SeededGenerator(seed: 2)
    let weights = (0..<32768).map { _ in UInt16.random(in: 1...UInt16.max, using: &random) }
    #expect(probabilitiesEqualShares(weights))
  }

  @Test func equalWeightsKeepEverySlot() {
    #expect(AliasTable.slots(weights: [9, 9, 9]) == AliasTable.identity(3))
    #expect(AliasTable.slots(weights: [65535]) == AliasTable.identity(1))
    #expect(outcomes(AliasTable.identity(5)).allSatisfy { $0.units == 65536 })
  }
}
