// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Simulator

@Suite struct PeakEWMASelectorTests {
  private func driver(defaultRoundTripTime: Double = 30e6) -> Driver<PeakEWMASelector> {
    Driver(endpoints: 2) { PeakEWMASelector(services: $0, defaultRoundTripTime: defaultRoundTripTime) }
  }

  /// Endpoint 0 first, then 1.
  private let zeroThenOne = bits(0, of: 2, 0, of: 1)
  private let oneThenZero = bits(1, of: 2, 0, of: 1)

  @Test func theCostJumpsUpAndDecaysDown() {
    let driver = driver()
    #expect(driver.selector.cost(node: 0, endpoint: 0) == 30e6)
    driver.sent(0)
    driver.finished(0, latency: 50 * millisecond)
    #expect(driver.selector.cost(node: 0, endpoint: 0) == 50e6)
    driver.sent(0, now: 10 * second)
    driver.finished(0, latency: 20 * millisecond, now: 10 * second)
    // w = e^(-10 / 10) = 0.367879: 50 * 0.367879 + 20 * 0.632121 = 31.03638 ms.
    #expect(abs(driver.selector.cost(node: 0, endpoint: 0) - 31.03638e6) < 10)
  }

  @Test func aLookCountsAsARoundTripOfZero() {
    let driver = driver()
    driver.sent(0)
    driver.finished(0, latency: 50 * millisecond)
    _ = driver.select(now: 10 * second, random: zeroThenOne)
    // 50 * 0.367879 = 18.39397 ms.
    #expect(abs(driver.selector.cost(node: 0, endpoint: 0) - 18.39397e6) < 10)
    // The other was not known before: its 30 ms count from now.
    #expect(driver.selector.cost(node: 0, endpoint: 1) == 30e6)
  }

  @Test func theLoadIsCostTimesPendingAndOne() {
    let driver = driver()
    driver.sent(0)
    driver.finished(0, latency: 50 * millisecond)
    driver.sent(1)
    // 50 * 1 against 30 * 2.
    #expect(driver.select(random: zeroThenOne) == 0)
    #expect(driver.select(random: oneThenZero) == 0)
    driver.sent(0)
    // 50 * 2 against 30 * 2.
    #expect(driver.select(random: zeroThenOne) == 1)
  }

  @Test func theSecondWinsATie() {
    let driver = driver()
    #expect(driver.select(random: zeroThenOne) == 1)
    #expect(driver.select(random: oneThenZero) == 0)
  }

  @Test func oneWithoutHistoryAndWithARequestPendingIsAvoided() {
    let driver = driver(defaultRoundTripTime: 0)
    driver.sent(1)
    driver.finished(1, latency: 5 * second)
    // 0 * 1 against 5 s.
    #expect(driver.select(random: oneThenZero) == 0)
    driver.sent(0)
    // 2^47 - 1 ns and more against 5 s.
    #expect(driver.select(random: zeroThenOne) == 1)
    driver.finished(0, latency: millisecond)
    #expect(driver.select(random: zeroThenOne) == 0)
  }

  @Test func latenciesOfFailuresCount() {
    let driver = driver()
    driver.sent(0)
    driver.finished(0, status: 0, latency: second)
    #expect(driver.selector.cost(node: 0, endpoint: 0) == 1e9)
    driver.selector.left(node: 0, endpoint: 0, now: 0)
    #expect(driver.selector.cost(node: 0, endpoint: 0) == 30e6)
  }

  @Test func twoDifferentOnesAreDrawn() {
    let driver = Driver(endpoints: 3) { PeakEWMASelector(services: $0) }
    driver.sent(0)
    driver.finished(0, latency: second)
    // With 1 s against 30 ms it can win only against itself.
    #expect(driver.counts(1000)[0] == 0)
    #expect(driver.select(candidates: [0]) == 0)
  }
}
