// SPDX-License-Identifier: Apache-2.0

import SwerveABI
import Testbed
import Testing

@testable import Policy

@Suite struct WeightedScheduleTests {
  /// Weights without a common divisor, whose sum fits the table.
  private func randomWeights(_ random: inout SeededGenerator) -> [UInt16] {
    let count = Int.random(in: 1...40, using: &random)
    return Members.randomWeights(count, &random).map { $0 % 1000 + 1 } + [1]
  }

  /// Distances from each turn of `index` to its next, around the end.
  private func gaps(of index: Int, in schedule: [UInt16]) -> [Int] {
    let turns = schedule.indices.filter { Int(schedule[$0]) == index }
    return turns.indices.map { turn in
      turn + 1 < turns.count ? turns[turn + 1] - turns[turn] : turns[0] + schedule.count - turns[turn]
    }
  }

  @Test func turnsAreExactlyTheWeights() throws {
    var random = SeededGenerator(seed: 4)
    for _ in 0..<300 {
      let weights = randomWeights(&random)
      let schedule = WeightedSchedule.positions(weights: weights)
      try #require(Members.turns(schedule, count: weights.count) == weights.map(Int.init))
    }
  }

  @Test(
    arguments: [
      ([2, 2], [0, 1]), ([100, 200], [0, 1, 1]), ([65535, 65535, 65535], [0, 1, 2]), ([40000], [0]), ([], []),
    ] as [([UInt16], [UInt16])])
  func whatWeightsHaveInCommonIsDividedOut(weights: [UInt16], schedule: [UInt16]) {
    #expect(WeightedSchedule.positions(weights: weights) == schedule)
  }

  @Test func twoMembersAlternateAsEvenlyAsTheirWeightsAllow() throws {
    for weight in UInt16(1)...200 {
      for other in [1, 2, 3, 7, 100] as [UInt16] where other <= weight {
        let schedule = WeightedSchedule.positions(weights: [weight, other])
        let bound = (Int(weight) + Int(other) + Int(weight) - 1) / Int(weight) + 1
        try #require(gaps(of: 0, in: schedule).allSatisfy { $0 <= bound })
      }
    }
  }

  /// Between two turns of the heaviest nobody else has two.
  @Test func turnsOfTheHeaviestAreSpreadEvenly() throws {
    var random = SeededGenerator(seed: 5)
    for _ in 0..<300 {
      let weights = randomWeights(&random)
      guard let heaviest = weights.max(), let index = weights.firstIndex(of: heaviest) else { continue }
      let schedule = WeightedSchedule.positions(weights: weights)
      try #require(gaps(of: index, in: schedule).allSatisfy { $0 <= weights.count }, "weights \(weights)")
      guard let first = schedule.firstIndex(of: UInt16(index)) else { continue }
      var seen: Set<UInt16> = []
      for other in schedule[first...] + schedule[..<first] {
        if Int(other) == index { seen = [] }
        try #require(seen.insert(other).inserted, "weights \(weights)")
      }
    }
  }

  @Test func gapsOfTheHeaviestAreNearItsShare() {
    // 23 turns, 3 of them the first member's: one every 7 or 8 would be even.
    let schedule = WeightedSchedule.positions(weights: [3] + [UInt16](repeating: 2, count: 10))
    #expect(gaps(of: 0, in: schedule).allSatisfy { (2...9).contains($0) })
  }

  @Test func scalingBeyondTheTableKeepsEveryone() throws {
    var random = SeededGenerator(seed: 6)
    let limit = Int(SWERVE_TABLE_SIZE_MAX)
    let many = [UInt16](repeating: 1, count: 32767)
    for weights in [[65535, 65534, 1], [65535] + many, Members.randomWeights(32768, &random)] {
      let schedule = WeightedSchedule.positions(weights: weights)
      let turns = try #require(Members.turns(schedule, count: weights.count))
      try #require(schedule.count <= limit)
      try #require(turns.allSatisfy { $0 >= 1 })
      // Heavier is never less often.
      let order = weights.indices.sorted { weights[$0] < weights[$1] }
      try #require(zip(order, order.dropFirst()).allSatisfy { turns[$0] <= turns[$1] })
    }
  }

  @Test func scalingKeepsProportions() throws {
    let weights: [UInt16] = [60000, 30000, 15001]
    let schedule = WeightedSchedule.positions(weights: weights)
    let turns = try #require(Members.turns(schedule, count: 3))
    for (turns, weight) in zip(turns, weights) {
      try #require(abs(Double(turns) / Double(schedule.count) - Double(weight) / 105_001) < 0.0001)
    }
  }
}
