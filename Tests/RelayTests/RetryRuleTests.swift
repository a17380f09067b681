// SPDX-License-Identifier: Apache-2.0

import SwerveABI
import Testing

@testable import Relay

/// The rules of retries that need no connection.
struct RetryRuleTests {
  /// The same number, over and over.
  private struct Constant: RandomNumberGenerator {
    let value: UInt64
    mutating func next() -> UInt64 { value }
  }

  private func delay(_ retry: UInt32, base: UInt32, random: UInt64) -> Double {
    var generator = Constant(value: random)
    return Double(Retry.delay(retry: retry, baseMilliseconds: base, using: &generator).inNanoseconds) / 1_000_000
  }

  @Test func theWaitDoublesUpToTenTimesTheBase() {
    for (retry, most): (UInt32, Double) in [(1, 25), (2, 50), (3, 100), (4, 200), (5, 250), (6, 250), (100, 250)] {
      let longest = delay(retry, base: 25, random: .max)
      #expect(longest < most && longest > most - 0.001)
      #expect(delay(retry, base: 0, random: .max) == longest, "25 ms unless the policy says otherwise")
      #expect(delay(retry, base: 25, random: 0) == 0, "the jitter is full")
    }
    #expect(delay(1, base: .max, random: .max) < Double(UInt32.max))
  }

  @Test func theWaitIsSpreadEvenly() {
    var generator = SystemRandomNumberGenerator()
    var halves = [0, 0]
    for _ in 0..<4_000 {
      let delay = Retry.delay(retry: 2, baseMilliseconds: 10, using: &generator)
      #expect(delay >= .zero && delay < .milliseconds(20))
      halves[delay < .milliseconds(10) ? 0 : 1] += 1
    }
    #expect(halves[0] > 1_700 && halves[1] > 1_700)
  }

  @Test func theBudgetIsAShareOfTheRequestsUnderWay() {
    var policy = swerve_request_policy()
    policy.budget_percent = 20
    policy.budget_min = 3
    policy.max_retries = 0
    for (requests, limit): (UInt32, Int) in [(0, 3), (10, 3), (20, 4), (100, 20)] {
      var retries = RetriesUnderWay()
      var admitted = 0
      while retries.admit(0, policy, requests: requests) { admitted += 1 }
      #expect(admitted == limit)
      retries.dismiss(0)
      let isAdmittedAgain = retries.admit(0, policy, requests: requests)
      #expect(isAdmittedAgain)
    }
  }

  @Test func withoutABudgetTheNumberCounts() {
    var policy = swerve_request_policy()
    policy.max_retries = 2
    var retries = RetriesUnderWay()
    let admitted = [1, 1, 1, 2].map { retries.admit($0, policy, requests: 1_000) }
    #expect(admitted == [true, true, false, true], "each service has its own")
  }

  @Test func nothingIsTriedAgainWithoutAPolicy() {
    let retry = Retry(nil)
    for outcome: Retry.Outcome in [.unconnected, .lost, .timedOut, .responded(503)] { #expect(!retry.wants(outcome)) }
  }
}
