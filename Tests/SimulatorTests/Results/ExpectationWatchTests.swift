// SPDX-License-Identifier: Apache-2.0

import Simulator
import Testing

/// Swift Testing has one, too.
private typealias Expectation = Simulator.Expectation

private let ms: UInt64 = 1_000_000

@Suite struct ExpectationWatchTests {
  private func scenario(_ expectations: [Expectation], nodes: Int = 1) -> Scenario {
    var scenario = Scenario(
      name: "test", duration: 20 * second, load: [LoadPhase(.requestsPerSecond(10))],
      endpoints: [EndpointGroup(name: "a", count: 2), EndpointGroup(name: "b", count: 2)])
    scenario.warmup = 2 * second
    scenario.clients.nodes = nodes
    scenario.expectations = expectations
    return scenario
  }

  private func verdict(
    _ expectation: Expectation, nodes: Int = 1, feed: (ExpectationWatch) -> Void
  ) throws -> Verdict {
    let watch = ExpectationWatch(scenario([expectation], nodes: nodes), selector: .core)
    feed(watch)
    let verdicts = watch.verdicts()
    #expect(verdicts.count == 1)
    return try #require(verdicts.first)
  }

  @Test func aPercentileIsExactAtItsBound() throws {
    // 99 of 100 are below 50 ms: p99 is 49.999999 ms, and the words say no more than the bound.
    func feed(_ below: Int, _ watch: ExpectationWatch) {
      for i in 0..<100 {
        let latency = i < below ? 50 * ms - 1 : 50 * ms
        watch.requestEnded(began: 3 * second, ended: 3 * second + latency, failed: false, latency: latency)
      }
    }
    let holds = try verdict(Expectation(.latency(percentile: 99, below: 50 * ms))) { feed(99, $0) }
    #expect(holds.holds)
    #expect(holds.expectation == "p99 below 50 ms")
    #expect(holds.measured.hasSuffix(" of 100 requests"))
    let fails = try verdict(Expectation(.latency(percentile: 99, below: 50 * ms))) { feed(98, $0) }
    #expect(!fails.holds)
    #expect(fails.measured == "p99 50 ms of 100 requests")
    let above = try verdict(Expectation(.latencyAbove(percentile: 99, above: 50 * ms))) { feed(98, $0) }
    #expect(above.holds && above.expectation == "p99 at least 50 ms")
    #expect(try !verdict(Expectation(.latencyAbove(percentile: 99, above: 50 * ms))) { feed(99, $0) }.holds)
    #expect(try !verdict(Expectation(.latencyAbove(percentile: 99, above: 0))) { _ in }.holds)
  }

  @Test func failuresMayBeDemanded() throws {
    func feed(_ watch: ExpectationWatch) {
      for i in 0..<10 { watch.requestEnded(began: 3 * second, ended: 3 * second, failed: i < 2, latency: 1) }
    }
    let seen = try verdict(Expectation(.errorRateAbove(0.19)), feed: feed)
    #expect(seen.holds && seen.expectation == "error rate above 19 %")
    #expect(try !verdict(Expectation(.errorRateAbove(0.2)), feed: feed).holds)
  }

  @Test func requestsOutsideTheWindowDoNotCount() throws {
    let claim = Expectation.Claim.errorRate(below: 0.5)
    func feed(_ watch: ExpectationWatch) {
      watch.requestEnded(began: 2 * second - 1, ended: 3 * second, failed: true, latency: 1)
      watch.requestEnded(began: 2 * second, ended: 3 * second, failed: false, latency: 1)
      watch.requestEnded(began: 9 * second, ended: 9 * second, failed: true, latency: 1)
      watch.requestEnded(began: 10 * second, ended: 11 * second, failed: false, latency: 1)
    }
    let all = try verdict(Expectation(claim), feed: feed)
    #expect(all.holds)
    #expect(all.measured == "error rate 33.3 %: 1 of 3 requests")
    let part = try verdict(Expectation(claim, from: 1 * second, until: 10 * second), feed: feed)
    #expect(!part.holds)
    #expect(part.expectation == "error rate below 50 % from 1 s until 10 s")
    #expect(part.measured == "error rate 66.7 %: 2 of 3 requests")
  }

  @Test(arguments: [
    Expectation.Claim.latency(percentile: 99, below: 50), .errorRate(below: 0.1),
    .recovery(within: second, errorRate: 0.1), .throughput(above: 0),
    .share(of: EventTarget(group: "a"), min: 0, max: 1), .ejected(EventTarget(group: "a"), by: second, nodes: 0.5),
    .refused(reason: "pending", min: 1, max: 2),
  ])
  fileprivate func nothingSeenIsNoSuccess(claim: Expectation.Claim) throws {
    #expect(try !verdict(Expectation(claim)) { _ in }.holds)
  }

  @Test func recoveryTakesTheWorstSecondAndSaysWhenItWasOver() throws {
    // From 5 s on, within 1.5 s: seconds begin at 6.5 s, 7.5 s and so on.
    func run(badUntil: UInt64) throws -> Verdict {
      try verdict(Expectation(.recovery(within: 1_500 * ms, errorRate: 0.1), from: 5 * second)) { watch in
        for began in stride(from: 5 * second, to: 20 * second, by: 100_000_000) {
          watch.requestEnded(began: began, ended: began + 1, failed: began < badUntil, latency: 1)
        }
      }
    }
    let intime = try run(badUntil: 6_500 * ms)
    #expect(intime.holds)
    #expect(intime.measured == "at most 0 % in a second; recovered after 1.5 s")
    #expect(intime.expectation == "error rate at most 10 % in every second from 1.5 s on from 5 s")
    let late = try run(badUntil: 6_900 * ms)
    #expect(!late.holds)
    #expect(late.measured == "at most 40 % in a second; recovered after 2.5 s")
    let never = try run(badUntil: 20 * second)
    #expect(never.measured == "at most 100 % in a second; not recovered at the end")
  }

  @Test func oneFailureInTheLastMillisecondsIsNotAnInterruption() throws {
    // 0.5 s are left over at the end; they belong to the last whole second.
    let verdict = try verdict(
      Expectation(.recovery(within: 0, errorRate: 0.1), from: 5 * second, until: 7_500 * ms)
    ) { watch in
      for began in stride(from: 5 * second, to: 7_500 * ms, by: 100_000_000) {
        watch.requestEnded(began: began, ended: began + 1, failed: began == 7_400 * ms, latency: 1)
      }
    }
    #expect(verdict.holds)
    #expect(verdict.measured.hasPrefix("at most 6.67 %"))
  }

  @Test func sharesCountAttemptsToTheGroup() throws {
    let claim = Expectation.Claim.share(of: EventTarget(group: "b"), min: 0.2, max: 0.3)
    let verdict = try verdict(Expectation(claim)) { watch in
      for endpoint in [0, 1, 1, 3] { watch.attemptSent(endpoint: endpoint, at: 4 * second) }
      watch.attemptSent(endpoint: 3, at: 1 * second)
    }
    #expect(verdict.holds)
    #expect(verdict.expectation == "share of b between 20 % and 30 %")
    #expect(verdict.measured == "25 %: 1 of 4 requests")
  }

  @Test func aRetryAfterTheLastArrivalIsARequest() throws {
    let claim = Expectation.Claim.noRequests(to: EventTarget(group: "a", indices: [1]))
    let verdict = try verdict(Expectation(claim, from: 10 * second)) { watch in
      watch.attemptSent(endpoint: 1, at: 10 * second - 1)
      watch.attemptSent(endpoint: 1, at: 20 * second + 5)
      watch.attemptSent(endpoint: 0, at: 20 * second + 5)
    }
    #expect(!verdict.holds)
    #expect(verdict.expectation == "no request to a-1 from 10 s")
    #expect(verdict.measured == "1 request")
  }

  @Test func aNodeCountsOnceItHasEjectedAllOfThem() throws {
    let claim = Expectation.Claim.ejected(EventTarget(group: "a"), by: 10 * second, nodes: 0.5)
    func run(_ feed: (ExpectationWatch) -> Void) throws -> Verdict {
      try verdict(Expectation(claim), nodes: 4, feed: feed)
    }
    let holds = try run { watch in
      for (node, time) in [(0, 3 * second), (3, 5 * second)] {
        watch.ejectionChanged(node: node, endpoint: 0, isEjected: true, at: time)
        watch.ejectionChanged(node: node, endpoint: 0, isEjected: false, at: time + 1)
        watch.ejectionChanged(node: node, endpoint: 1, isEjected: true, at: time + 2)
      }
    }
    #expect(holds.holds)
    #expect(holds.expectation == "a ejected by 50 % of the nodes until 10 s")
    #expect(holds.measured == "2 of 4 nodes, enough at 5 s")
    let late = try run { watch in
      for endpoint in 0...1 { watch.ejectionChanged(node: 0, endpoint: endpoint, isEjected: true, at: 10 * second) }
      for endpoint in 0...1 { watch.ejectionChanged(node: 1, endpoint: endpoint, isEjected: true, at: 10 * second + 1) }
    }
    #expect(!late.holds)
    #expect(late.measured == "1 of 4 nodes")
  }

  @Test func throughputIsOfSuccesses() throws {
    let verdict = try verdict(Expectation(.throughput(above: 1.5), from: 10 * second)) { watch in
      for i in 0..<20 {
        watch.requestEnded(began: 10 * second, ended: 11 * second, failed: i % 5 == 0, latency: 1)
      }
    }
    #expect(verdict.holds)
    #expect(verdict.measured == "1.6 per second: 16 in 10 s")
  }

  @Test func refusalsCountByReason() throws {
    let verdict = try verdict(Expectation(.refused(reason: "pending", min: 1, max: 1))) { watch in
      watch.requestRefused(reason: "pending", began: 3 * second)
      watch.requestRefused(reason: "no_healthy", began: 3 * second)
      watch.requestRefused(reason: "pending", began: 1 * second)
    }
    #expect(verdict.holds)
    #expect(verdict.measured == "1 refused")
  }

  @Test func expectationsOfOtherSelectorsAreLeftOut() {
    var ofCore = Expectation(.errorRate(below: 0.1))
    ofCore.selectors = [.core]
    var ofOracle = Expectation(.errorRate(below: 0.2))
    ofOracle.selectors = [.baseline(.oracle, ejection: false)]
    let all = Expectation(.errorRate(below: 0.3))
    let watch = ExpectationWatch(scenario([ofOracle, all, ofCore]), selector: .core)
    #expect(watch.verdicts().map(\.expectation) == ["error rate below 30 %", "error rate below 10 %"])
  }
}
