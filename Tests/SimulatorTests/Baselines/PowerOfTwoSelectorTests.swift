// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Simulator

@Suite struct PowerOfTwoSelectorTests {
  @Test func theOneOfTwoWithFewerActiveRequestsWins() {
    let driver = Driver(endpoints: 3) { PowerOfTwoSelector(services: $0) }
    driver.sent(0)
    // 1 and 0 active.
    #expect(driver.select(random: bits(0, of: 3, 2, of: 3)) == 2)
    #expect(driver.select(random: bits(2, of: 3, 0, of: 3)) == 2)
    driver.sent(2)
    // A tie: the first drawn.
    #expect(driver.select(random: bits(0, of: 3, 2, of: 3)) == 0)
    #expect(driver.select(random: bits(2, of: 3, 0, of: 3)) == 2)
    driver.finished(0, status: 500)
    #expect(driver.select(random: bits(2, of: 3, 0, of: 3)) == 0)
  }

  @Test func theSameMayBeDrawnTwice() {
    let driver = Driver(endpoints: 3) { PowerOfTwoSelector(services: $0) }
    driver.sent(1, times: 9)
    #expect(driver.select(random: bits(1, of: 3, 1, of: 3)) == 1)
  }

  @Test func nodesCountForThemselves() {
    let driver = Driver(nodes: 2, endpoints: 2) { PowerOfTwoSelector(services: $0) }
    driver.sent(0, node: 1)
    #expect(driver.select(node: 0, random: bits(0, of: 2, 1, of: 2)) == 0)
    #expect(driver.select(node: 1, random: bits(0, of: 2, 1, of: 2)) == 1)
  }

  @Test func differentWeightsAreScheduledByDeadline() {
    let driver = Driver(endpoints: 2, weights: [2, 1]) { PowerOfTwoSelector(services: $0) }
    // Deadlines 0.5 and 1; each pick adds 0.5 or 1. At 1, 2, ... the one that was added first comes first:
    // 0 at 0.5, 1 at 1, 0 at 1, 0 at 1.5, 1 at 2, 0 at 2, 0 at 2.5, 1 at 3.
    #expect((0..<8).map { _ in driver.select() } == [0, 1, 0, 0, 1, 0, 0, 1])
  }

  @Test func activeRequestsLowerAWeightWhenItIsPicked() {
    let driver = Driver(endpoints: 2, weights: [2, 1]) { PowerOfTwoSelector(services: $0) }
    driver.sent(0, times: 3)
    // 2 / (3 + 1) = 0.5: deadlines 2 and 1. 1 at 1, then both at 2, the first added first.
    #expect((0..<2).map { _ in driver.select() } == [1, 0])
    for _ in 0..<3 { driver.finished(0) }
    // Endpoint 0 was added again at 2 + 2 when it had 3 active, though none is now: 1 at 2, 1 at 3, then 0 at 4.
    #expect((0..<3).map { _ in driver.select() } == [1, 1, 0])
    // From then on 2 : 1. 1 at 4, 0 at 4.5, 1 and 0 at 5.
    #expect((0..<4).map { _ in driver.select() } == [1, 0, 1, 0])
  }

  @Test func theBiasIsAnExponent() {
    let driver = Driver(endpoints: 2, weights: [8, 1]) { PowerOfTwoSelector(services: $0, activeRequestBias: 2) }
    driver.sent(0, times: 3)
    // 8 / 4^2 = 0.5: deadlines 2 and 1.
    #expect(driver.select() == 1)
    let none = Driver(endpoints: 2, weights: [8, 1]) { PowerOfTwoSelector(services: $0, activeRequestBias: 0) }
    none.sent(0, times: 3)
    // Weights 8 : 1 whatever is active: 0 at 1/8, 2/8, ... 7/8, and 1 at 1, which was added before 0's 8/8.
    #expect((0..<9).map { _ in none.select() } == [0, 0, 0, 0, 0, 0, 0, 1, 0])
  }

  @Test func aScheduleBeginsAtAPlaceByChance() {
    let driver = Driver(nodes: 2, endpoints: 2, weights: [2, 1]) { PowerOfTwoSelector(services: $0) }
    // One pick is skipped: 0.
    #expect((0..<3).map { _ in driver.select(node: 1, random: bits(1, of: 2)) } == [1, 0, 0])
  }

  @Test func oneThatWasNoCandidateDoesNotCatchUp() {
    let driver = Driver(endpoints: 3, weights: [1, 1, 2]) { PowerOfTwoSelector(services: $0) }
    // In the schedule, then away for 20 picks, ten units of time.
    for _ in 0..<4 { _ = driver.select() }
    for _ in 0..<20 { _ = driver.select(candidates: [0, 1]) }
    let counts = driver.counts(40)
    // 1 : 1 : 2.
    #expect(abs(counts[2] - 20) <= 1)
    #expect(abs(counts[0] - 10) <= 1)
  }
}
