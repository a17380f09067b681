// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Simulator

@Suite struct PrequalSelectorTests {
  /// Neither probes nor throws out, so that only the answers given count.
  private func driver(quantile: Double, removals: Double = 0) -> Driver<PrequalSelector> {
    var parameters = PrequalSelector.Parameters()
    parameters.hotQuantile = quantile
    parameters.pool.probesPerRequest = 0
    parameters.pool.removalsPerRequest = removals
    parameters.pool.usesMin = 1000
    let driver = Driver(endpoints: 3) { PrequalSelector(services: $0, parameters: parameters) }
    return driver
  }

  private func answer(_ driver: Driver<PrequalSelector>) {
    driver.reported(0, LoadReport(requestsInFlight: 1, latency: 90))
    driver.reported(1, LoadReport(requestsInFlight: 2, latency: 10))
    driver.reported(2, LoadReport(requestsInFlight: 9, latency: 1))
  }

  @Test func theColdOneWithTheLowestLatencyWins() {
    let driver = driver(quantile: 0.5)
    answer(driver)
    // RIFs 1, 2, 9: the median is 2 and endpoint 2 hot.
    #expect(driver.select() == 1)
    // It counts the request just sent: 3 is hot.
    #expect(driver.select() == 0)
    // 2 and 3 and 9 with the median still 2: endpoint 0, at 2, is cold.
    #expect(driver.select() == 0)
    // All hot, with 3, 3 and 9: the lowest RIF, the fresher answer at a tie.
    #expect(driver.select() == 1)
    #expect(driver.select() == 0)
  }

  @Test func atTheDefaultQuantileTheHighestOfThreeIsNotHot() {
    let driver = driver(quantile: PrequalSelector.Parameters().hotQuantile)
    answer(driver)
    // Rank 0.84 * 3 = 2.52, up to 3: hot is above 9.
    #expect(driver.select() == 2)
    #expect(driver.select() == 1)
  }

  @Test func withFewerThanTwoProbesTheChoiceIsByChance() {
    let driver = driver(quantile: 0.5)
    driver.reported(2, LoadReport())
    for count in driver.counts(3000) { #expect(abs(count - 1000) < 150) }
    driver.reported(1, LoadReport(latency: 5))
    #expect(driver.counts(1) == [0, 0, 1])
  }

  @Test func probesOfOthersThanTheCandidatesAreNotUsed() {
    let driver = driver(quantile: 1)
    answer(driver)
    #expect(driver.select(candidates: [0, 1]) == 1)
    // One usable probe is too few.
    #expect(driver.selector.pooledEndpoints(node: 0).count == 3)
    var random = Random(seed: 1)
    let picks = (0..<100).map { _ in driver.select(random: random.next(), candidates: [0]) }
    #expect(picks.allSatisfy { $0 == 0 })
  }

  @Test func probesAreGoneAfterASecond() {
    let driver = driver(quantile: 0.5)
    answer(driver)
    _ = driver.select(now: second)
    #expect(driver.selector.pooledEndpoints(node: 0) == [0, 1, 2])
    driver.reported(1, LoadReport(requestsInFlight: 2, latency: 10), now: second)
    _ = driver.select(now: second + 1)
    #expect(driver.selector.pooledEndpoints(node: 0) == [1])
  }

  @Test func oldestAndWorstAreThrownOutInTurn() {
    let driver = driver(quantile: 0.5, removals: 1)
    driver.reported(0, LoadReport(requestsInFlight: 1, latency: 5))
    driver.reported(1, LoadReport(requestsInFlight: 1, latency: 90))
    driver.reported(2, LoadReport(requestsInFlight: 9, latency: 1))
    driver.reported(0, LoadReport(requestsInFlight: 1, latency: 5))
    // The pool is 1, 2, 0. First the oldest goes, then the hot one, which is worse than any cold one.
    #expect(driver.select() == 0)
    #expect(driver.selector.pooledEndpoints(node: 0) == [2, 0])
    #expect(driver.select() == 0)
    #expect(driver.selector.pooledEndpoints(node: 0) == [0])
  }

  @Test func withoutAHotOneTheSlowestIsTheWorst() {
    let driver = driver(quantile: 1, removals: 1)
    driver.reported(0, LoadReport(requestsInFlight: 9, latency: 5))
    driver.reported(1, LoadReport(latency: 7))
    driver.reported(2, LoadReport(latency: 90))
    driver.reported(0, LoadReport(latency: 5))
    // Hot is above 9: none. The oldest is 1, then of 2 and 0 the slower goes, though 0 has the higher RIF by its uses.
    #expect((0..<2).map { _ in driver.select() } == [0, 0])
    #expect(driver.selector.pooledEndpoints(node: 0) == [0])
  }

  @Test func aProbeThatIsUsedUpIsGone() {
    var parameters = PrequalSelector.Parameters()
    parameters.pool.probesPerRequest = 4
    parameters.pool.removalsPerRequest = 0
    // 2 / ((1 - 16 / 32) * 4) = 1 use.
    let driver = Driver(endpoints: 32) { PrequalSelector(services: $0, parameters: parameters) }
    driver.reported(7, LoadReport(latency: 1))
    driver.reported(8, LoadReport(latency: 2))
    driver.reported(9, LoadReport(latency: 3))
    #expect((0..<2).map { _ in driver.select() } == [7, 8])
    #expect(driver.selector.pooledEndpoints(node: 0) == [9])
  }
}

@Suite struct C3ProbesSelectorTests {
  @Test func theLowestScoreOfThePoolWins() {
    var parameters = ProbePools.Parameters()
    parameters.probesPerRequest = 0
    parameters.usesMin = 1000
    parameters.removalsPerRequest = 0
    let driver = Driver(nodes: 2, endpoints: 3) { C3ProbesSelector(services: $0, parameters: parameters) }
    driver.reported(0, LoadReport(requestsInFlight: 0, serviceTime: 10e6))
    driver.reported(1, LoadReport(requestsInFlight: 1, serviceTime: 4e6))
    // 1 * 10 against (1 + 1)^3 * 4 = 32 ms.
    #expect(driver.select() == 0)
    driver.sent(0)
    // (1 + 1 * 2)^3 * 10 = 270.
    #expect(driver.select() == 1)
    driver.finished(0, latency: 50 * millisecond)
    // 50 - 10 + 10 = 50 against 32.
    #expect(driver.select() == 1)
    #expect(driver.selector.needs == SelectorNeeds(probes: true))
  }

  @Test func theWorstScoreIsThrownOutEverySecondTime() {
    var parameters = ProbePools.Parameters()
    parameters.probesPerRequest = 0
    parameters.usesMin = 1000
    let driver = Driver(endpoints: 4) { C3ProbesSelector(services: $0, parameters: parameters) }
    for (endpoint, service) in [(0, 1e6), (1, 2e6), (2, 9e6), (3, 3e6)] {
      driver.reported(endpoint, LoadReport(serviceTime: service))
    }
    // The oldest, 0, after it was used; then 2, with the highest score; then 1, the oldest: one is left, too few.
    #expect((0..<3).map { _ in driver.select() } == [0, 1, 1])
    #expect(abs(driver.counts(1000)[0] - 250) < 80)
  }
}
