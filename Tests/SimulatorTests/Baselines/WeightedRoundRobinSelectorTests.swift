// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Simulator

@Suite struct WeightedRoundRobinSelectorTests {
  private func driver(_ endpoints: Int) -> Driver<WeightedRoundRobinSelector> {
    Driver(endpoints: endpoints) { WeightedRoundRobinSelector(services: $0) }
  }

  /// 100 / 0.5 = 200.
  private let heavy = LoadReport(utilization: 0.5, requestsPerSecond: 100)
  /// 100 / (0.5 + 50 / 100 * 1.0) = 100.
  private let failing = LoadReport(utilization: 0.5, requestsPerSecond: 100, errorsPerSecond: 50)

  @Test func weightsCountAfterTheBlackout() {
    let driver = driver(2)
    driver.reported(0, heavy)
    driver.reported(1, failing)
    #expect(driver.counts(300, now: 9 * second) == [150, 150])
    // 200 : 100 of 300.
    let counts = driver.counts(300, now: 10 * second)
    #expect(abs(counts[0] - 200) <= 1)
  }

  @Test func oneWithoutAWeightHasTheMean() {
    let driver = driver(3)
    driver.reported(0, heavy)
    driver.reported(1, failing)
    // 200 : 100 : 150 of 450.
    let counts = driver.counts(450, now: 10 * second)
    #expect(abs(counts[0] - 200) <= 2)
    #expect(abs(counts[1] - 100) <= 2)
    #expect(abs(counts[2] - 150) <= 2)
  }

  @Test func noWeightIsBelowATenthOfTheMean() {
    let driver = driver(2)
    driver.reported(0, LoadReport(utilization: 0.1, requestsPerSecond: 100))
    driver.reported(1, LoadReport(utilization: 1, requestsPerSecond: 1))
    // 1000 and 1, mean 500.5: 65535, and a tenth of 32800. 3280 / (65535 + 3280) of 1000 is 47.7.
    let counts = driver.counts(1000, now: 10 * second)
    #expect(abs(counts[1] - 48) <= 2)
  }

  @Test func aStaleWeightIsForgottenAndTheBlackoutBeginsAnew() {
    let driver = driver(2)
    driver.reported(0, heavy)
    driver.reported(1, failing)
    #expect(abs(driver.counts(300, now: 179 * second)[0] - 200) <= 1)
    #expect(driver.counts(300, now: 180 * second) == [150, 150])
    driver.reported(0, heavy, now: 200 * second)
    driver.reported(1, failing, now: 200 * second)
    #expect(driver.counts(300, now: 209 * second) == [150, 150])
    #expect(abs(driver.counts(300, now: 210 * second)[0] - 200) <= 1)
  }

  @Test func schedulesAreMadeAnewEverySecond() {
    let driver = driver(2)
    driver.reported(0, heavy)
    driver.reported(1, failing)
    _ = driver.select(now: 10 * second)
    // 300 for the second: 200 : 300 of 300 once a second is over.
    driver.reported(1, LoadReport(utilization: 0.5, requestsPerSecond: 150), now: 10 * second)
    #expect(abs(driver.counts(300, now: 10 * second + 999 * millisecond)[0] - 200) <= 1)
    #expect(abs(driver.counts(300, now: 11 * second)[0] - 120) <= 1)
  }

  @Test func reportsWithoutLoadAreNoReports() {
    let driver = driver(2)
    driver.reported(0, heavy)
    driver.reported(1, LoadReport(utilization: 0, requestsPerSecond: 100))
    // Only one has a weight: the other has the mean, which is the same.
    #expect(abs(driver.counts(300, now: 10 * second)[0] - 150) <= 1)
  }

  @Test func anEndpointThatLeftHasNoWeight() {
    let driver = driver(2)
    driver.reported(0, heavy)
    driver.reported(1, failing)
    driver.selector.left(node: 0, endpoint: 1, now: 10 * second)
    #expect(abs(driver.counts(300, now: 10 * second)[0] - 150) <= 1)
  }

  @Test func reportsAreAskedFor() {
    #expect(driver(1).selector.needs.reports)
    #expect(driver(1).select(now: second) == 0)
  }
}
