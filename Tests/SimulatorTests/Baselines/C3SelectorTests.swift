// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Simulator

@Suite struct CubicScoreTests {
  private func report(queue: UInt32, service: Double) -> LoadReport {
    LoadReport(requestsInFlight: queue, serviceTime: service)
  }

  @Test func theQueueIsCubed() {
    var score = CubicScore()
    score.sent()
    score.sent()
    score.sent()
    score.reported(report(queue: 4, service: 2e6))
    score.finished(SelectorResult(status: 200, latency: 10 * millisecond))
    // q = 1 + 2 * 3 + 4 = 11; 10 - 2 + 11^3 * 2 = 2670 ms.
    #expect(abs(score.value(clients: 3) - 2670e6) < 1)
  }

  @Test func theNewestSampleHasNineTenths() {
    var score = CubicScore()
    score.reported(report(queue: 4, service: 2e6))
    score.reported(report(queue: 14, service: 12e6))
    // Queue 0.9 * 14 + 0.1 * 4 = 13, service 0.9 * 12 + 0.1 * 2 = 11 ms. No response yet: R - 1/mu is the first 2 - 11.
    // (1 + 13)^3 * 11 - 9 = 30,175 ms.
    score.finished(SelectorResult(status: 200, latency: 11 * millisecond))
    // With R = 11: 30,184 ms.
    #expect(abs(score.value(clients: 3) - 30184e6) < 10)
    score.finished(SelectorResult(status: 200, latency: 21 * millisecond))
    // R = 0.9 * 21 + 0.1 * 11 = 20: 30,193 ms.
    #expect(abs(score.value(clients: 3) - 30193e6) < 10)
  }
}

@Suite struct CubicRateLimiterTests {
  @Test func tenTokensAndThenOneEveryTwoMilliseconds() {
    var limiter = CubicRateLimiter()
    for _ in 0..<10 {
      #expect(limiter.wait(now: 0) == 0)
      limiter.sent(now: 0)
    }
    // 10 requests per 20 ms.
    #expect(limiter.wait(now: 0) == 2e6)
    #expect(limiter.wait(now: millisecond) == 1e6)
    #expect(limiter.wait(now: 2 * millisecond) == 0)
  }

  @Test func theRateFallsToTheRateOfTheResponses() {
    var limiter = CubicRateLimiter()
    // Nothing is known of the first interval yet: no change.
    limiter.responded(now: 0)
    #expect(limiter.rate == 10)
    // One response in interval 0, none in 1 to 4: 0.1 * 0.9^4 = 0.06561 per interval.
    // Down by a factor of 0.2 with each response while above: 2, 0.4, 0.08, 0.016.
    for expected in [2, 0.4, 0.08, 0.016] {
      limiter.responded(now: 100 * millisecond)
      #expect(abs(limiter.rate - expected) < 1e-12)
    }
    #expect(abs(limiter.receiveRate - 0.06561) < 1e-12)
    // Below it: the curve, which begins at 0.8 of the rate before the last decrease, 0.08.
    limiter.responded(now: 100 * millisecond)
    #expect(abs(limiter.rate - 0.064) < 1e-9)
    // 20 ms later, with 0.1 * 5 + 0.9 * 0.06561 = 0.559049 per interval: cbrt(0.08 * 0.2 / 4e-6) = cbrt(4000) =
    // 15.874011; 4e-6 * (20 - 15.874011)^3 + 0.08 = 4e-6 * 70.2391 + 0.08 = 0.080281.
    limiter.responded(now: 120 * millisecond)
    #expect(abs(limiter.receiveRate - 0.559049) < 1e-9)
    #expect(abs(limiter.rate - 0.080281) < 1e-6)
  }

  @Test func anIncreaseIsOfTenAtMostAndNoDecreaseFollowsForTwoIntervals() {
    var limiter = CubicRateLimiter()
    for _ in 0..<200 { limiter.responded(now: 10 * second) }
    #expect(limiter.rate == 10)
    // 0.1 * 200 = 20 per interval. The curve after 10.02 s is at 4e-6 * 9940^3: capped at 10 + 10.
    limiter.responded(now: 10 * second + 20 * millisecond)
    #expect(limiter.rate == 20)
    // 0.1 * 1 + 0.9 * 20 = 18.1 is less, but the increase was 20 and then 40 ms ago.
    limiter.responded(now: 10 * second + 40 * millisecond)
    limiter.responded(now: 10 * second + 60 * millisecond)
    #expect(limiter.rate == 20)
    limiter.responded(now: 10 * second + 61 * millisecond)
    #expect(limiter.rate == 4)
  }

  @Test func theRateStaysAboveItsMinimumAfterSilence() {
    var limiter = CubicRateLimiter()
    limiter.responded(now: 0)
    for _ in 0..<10 { limiter.responded(now: 10_000 * second) }
    #expect(limiter.receiveRate > 0)
    #expect(limiter.rate == 0.01)
  }
}

@Suite struct C3SelectorTests {
  @Test func theLowestScoreWins() {
    let driver = Driver(endpoints: 2) { C3Selector(services: $0) }
    driver.reported(0, LoadReport(requestsInFlight: 1, serviceTime: 1e6))
    driver.reported(1, LoadReport(requestsInFlight: 0, serviceTime: 4e6))
    // (1 + 1)^3 * 1 = 8 against 1 * 4 = 4 ms, R - 1/mu being 0 for both.
    #expect(driver.select() == 1)
    driver.sent(1)
    // (1 + 1)^3 * 4 = 32.
    #expect(driver.select() == 0)
  }

  @Test func outstandingRequestsCountOnceForEachNode() {
    let driver = Driver(nodes: 3, endpoints: 2) { C3Selector(services: $0) }
    driver.reported(0, LoadReport(requestsInFlight: 2, serviceTime: 1e6))
    driver.reported(1, LoadReport(requestsInFlight: 0, serviceTime: 1e6))
    driver.sent(1)
    // (1 + 2)^3 = 27 against (1 + 1 * 3)^3 = 64.
    #expect(driver.select() == 0)
  }

  @Test func aRequestWaitsWhenEveryRateIsUsedUp() {
    let driver = Driver(endpoints: 2) { C3Selector(services: $0) }
    driver.sent(0, times: 10)
    for _ in 0..<10 { #expect(driver.select() == 1) }
    driver.sent(1, times: 10, now: millisecond)
    // 0 has its next token at 2 ms, 1 (full until 1 ms) at 3 ms.
    #expect(driver.selection(now: millisecond) == .wait(until: 2 * millisecond))
    #expect(driver.select(now: 2 * millisecond) == 0)
  }

  @Test func unknownOnesComeFirstAndByChance() {
    let driver = Driver(endpoints: 3) { C3Selector(services: $0) }
    driver.reported(0, LoadReport(serviceTime: 1e6))
    let counts = driver.counts(1000)
    #expect(counts[0] == 0)
    #expect(abs(counts[1] - 500) < 100)
  }

  @Test func aMissingResponseIsSlowButNoResponse() {
    let driver = Driver(endpoints: 2) { C3Selector(services: $0) }
    driver.sent(0)
    driver.finished(0, status: 0, latency: 5 * second)
    // 5 s against nothing known.
    #expect(driver.select() == 1)
    driver.selector.left(node: 0, endpoint: 0, now: 0)
    #expect(driver.counts(1000)[0] > 300)
  }
}
