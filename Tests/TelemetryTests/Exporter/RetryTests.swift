// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Telemetry

@Suite struct RetryTests {
  private static func delay(_ attempt: Int, elapsed: Duration = .zero, asked: Duration? = nil, random: Double = 0.5)
    -> Double?
  {
    RetryPolicy().delay(attempt: attempt, elapsed: elapsed, asked: asked, random: random).map { $0 / .seconds(1) }
  }

  @Test func intervalsGrowFromFiveToThirtySeconds() {
    let delays = (1...7).compactMap { Self.delay($0) }
    #expect(delays == [5, 7.5, 11.25, 16.875, 25.3125, 30, 30])
    #expect(Self.delay(1_000_000) == 30)
  }

  @Test func jitterIsHalfOfTheIntervalEitherWay() {
    #expect(Self.delay(1, random: 0) == 2.5)
    #expect(Self.delay(1, random: 1) == 7.5)
  }

  @Test func aRequestIsGivenUpWhenTheNextAttemptWouldComeAfterFiveMinutes() {
    #expect(Self.delay(1, elapsed: .seconds(295)) == 5)
    #expect(Self.delay(1, elapsed: .seconds(295.001)) == nil)
    var policy = RetryPolicy()
    policy.maxElapsedTime = .zero
    #expect(policy.delay(attempt: 1, elapsed: .seconds(86_400), asked: nil, random: 0.5) == .seconds(5))
    policy.enabled = false
    #expect(policy.delay(attempt: 1, elapsed: .zero, asked: .seconds(1), random: 0.5) == nil)
  }

  @Test func whatTheServerAsksForIsWaitedForAtLeast() {
    #expect(Self.delay(1, asked: .seconds(60)) == 60)
    #expect(Self.delay(1, asked: .seconds(1)) == 5)
    #expect(Self.delay(1, asked: .seconds(301)) == nil)
  }

  @Test func retryableCodesAreThoseOfTheSpecification() {
    let grpc = (0...16).filter { RetryableStatus.isRetryable(grpc: $0, hasRetryInfo: false) }
    #expect(grpc == [1, 4, 10, 11, 14, 15])
    let withRetryInfo = (0...16).filter { RetryableStatus.isRetryable(grpc: $0, hasRetryInfo: true) }
    #expect(withRetryInfo == [1, 4, 8, 10, 11, 14, 15])
    #expect((100...599).filter { RetryableStatus.isRetryable(http: $0) } == [429, 502, 503, 504])
  }

  @Test(arguments: [
    ("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777), ("Sunday, 06-Nov-94 08:49:37 GMT", 784_111_777),
    ("Sun Nov  6 08:49:37 1994", 784_111_777), ("Thu, 29 Feb 2024 00:00:00 GMT", 1_709_164_800),
    ("Thu, 01 Jan 1970 00:00:00 GMT", 0), ("Wed, 01 Mar 2000 12:00:00 GMT", 951_912_000),
  ])
  func datesAreReadInAllFormsOfHTTP(text: String, seconds: Int64) {
    #expect(RetryAfter.date(text) == seconds)
  }

  @Test func retryAfterIsSecondsOrADate() {
    let now: Int64 = 784_111_777
    #expect(RetryAfter.duration("120", unixSeconds: now) == .seconds(120))
    #expect(RetryAfter.duration(" 0 ", unixSeconds: now) == .zero)
    #expect(RetryAfter.duration("Sun, 06 Nov 1994 08:50:00 GMT", unixSeconds: now) == .seconds(23))
    #expect(RetryAfter.duration("Sun, 06 Nov 1994 08:00:00 GMT", unixSeconds: now) == .zero)
    for value in ["", "-1", "1.5", "soon", "Sun, 99 Nov 1994 08:49:37 GMT", "99999999999999999999", "6 Nov 1994"] {
      #expect(RetryAfter.duration(value, unixSeconds: now) == nil)
    }
    // Nobody means a century.
    #expect(RetryAfter.duration("3153600000", unixSeconds: now) == .seconds(86_400))
  }
}
