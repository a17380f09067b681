// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Telemetry

/// The forms of Retry-After. When requests are sent again is in `ClientTableTests`.
@Suite struct RetryAfterTests {
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
