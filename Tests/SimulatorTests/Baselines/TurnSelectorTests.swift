// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Simulator

@Suite struct RoundRobinSelectorTests {
  @Test func candidatesComeInTurnFromAPlaceByChance() {
    let driver = Driver(nodes: 2, endpoints: 3) { RoundRobinSelector(services: $0) }
    // The first place is 7 % 3 = 1.
    #expect((0..<4).map { _ in driver.select(random: 7 << 32) } == [1, 2, 0, 1])
    // 9 % 3 = 0; the other node's place is its own.
    #expect(driver.select(node: 1, random: 9 << 32) == 0)
    #expect(driver.select(random: 0) == 2)
  }

  @Test func aSubsetIsTakenInTurnToo() {
    let driver = Driver(endpoints: 5) { RoundRobinSelector(services: $0) }
    #expect((0..<3).map { _ in driver.select(candidates: [1, 4]) } == [1, 4, 1])
  }
}

@Suite struct RandomSelectorTests {
  @Test func theUpperHalfOfTheBitsDecides() {
    let driver = Driver(endpoints: 4) { _ in RandomSelector() }
    #expect((0..<4).map { driver.select(random: bits($0, of: 4)) } == [0, 1, 2, 3])
    #expect(driver.select(random: .max, candidates: [0, 2]) == 2)
  }

  @Test func allAreTakenAlike() {
    let driver = Driver(endpoints: 4) { _ in RandomSelector() }
    // 10,000 draws of 1 in 4: 2,500 with a deviation of 43.
    for count in driver.counts(10_000) { #expect(abs(count - 2500) < 200) }
  }
}

@Suite struct LeastOutstandingSelectorTests {
  @Test func theFewestOutstandingWinAndTiesAreTakenInTurn() {
    let driver = Driver(nodes: 2, endpoints: 4) { LeastOutstandingSelector(services: $0) }
    // All are tied at 0; the first place is by chance, and another node's is its own.
    #expect((0..<5).map { _ in driver.select(random: bits(2, of: 4)) } == [2, 3, 0, 1, 2])
    #expect(driver.select(node: 1, random: bits(1, of: 4)) == 1)
    driver.sent(3)
    // 0, 0, 0, 1: 3 is passed by.
    #expect((0..<4).map { _ in driver.select() } == [0, 1, 2, 0])
    driver.sent(0, times: 2)
    driver.sent(1, times: 2)
    driver.sent(2, times: 2)
    // 2, 2, 2, 1.
    #expect(driver.select() == 3)
    driver.finished(1, status: 0)
    driver.finished(1)
    // 2, 0, 2, 1.
    #expect(driver.select() == 1)
    #expect(driver.select(candidates: [0, 2]) == 2)
    #expect(driver.select(candidates: [0, 2]) == 0)
  }

  @Test func anEndpointThatLeftBeginsAtNoneAndLateEndsDoNotCount() {
    let driver = Driver(endpoints: 2) { LeastOutstandingSelector(services: $0) }
    driver.sent(0, times: 3)
    driver.sent(1)
    driver.selector.left(node: 0, endpoint: 0, now: 0)
    #expect(driver.select() == 0)
    driver.finished(0)
    driver.sent(0, times: 2)
    // 2 and 1: the one that ended belonged to the endpoint's earlier life.
    #expect(driver.select() == 1)
  }
}

@Suite struct OracleSelectorTests {
  @Test func theFirstToAnswerIsTaken() {
    let driver = Driver(endpoints: 3) { OracleSelector(services: $0) }
    driver.services.latencies = [30e6, nil, 20e6]
    #expect(driver.select() == 2)
    #expect(driver.select(candidates: [0, 1]) == 0)
  }

  @Test func whenNoneAnswersTheChoiceIsByChance() {
    let driver = Driver(endpoints: 3) { OracleSelector(services: $0) }
    driver.services.latencies = [nil, .infinity, nil]
    for count in driver.counts(3_000) { #expect(abs(count - 1000) < 150) }
  }

  @Test func tiesAreByChance() {
    let driver = Driver(endpoints: 3) { OracleSelector(services: $0) }
    driver.services.latencies = [5, 5, 9]
    let counts = driver.counts(3_000)
    #expect(abs(counts[0] - 1500) < 150)
    #expect(counts[2] == 0)
  }
}
