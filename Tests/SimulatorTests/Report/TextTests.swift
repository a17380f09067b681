// SPDX-License-Identifier: Apache-2.0

import Simulator
import Testing

@Suite struct TextTests {
  @Test(arguments: [
    (UInt64(0), "0 s"), (950, "950 ns"), (1_000, "1 µs"), (41_300_000, "41.3 ms"), (50_000_000, "50 ms"),
    (999_400_000, "999 ms"), (999_600_000, "1 s"), (1_500_000_000, "1.5 s"), (240_000_000_000, "240 s"),
    (7_200_000_000_000, "7,200 s"), (1_234_567, "1.23 ms"),
  ])
  func durationsHaveThreeDigitsAndAUnitThatFits(nanoseconds: UInt64, text: String) {
    #expect(Text.duration(nanoseconds) == text)
  }

  @Test func differencesKeepTheirSign() {
    #expect(Text.duration(-1_500_000.0) == "-1.5 ms")
    #expect(Text.number(-0.001, decimals: 2) == "0")
  }

  @Test func sharesAndCounts() {
    #expect(Text.percent(0) == "0 %")
    #expect(Text.percent(1) == "100 %")
    #expect(Text.percent(0.998) == "99.8 %")
    #expect(Text.percent(175_971.0 / 176_000) == "99.984 %")
    #expect(Text.percent(0.0133333) == "1.33 %")
    #expect(Text.percent(0.0000123) == "0.00123 %")
    #expect(Text.count(59_204) == "59,204")
    #expect(Text.count(-1_000) == "-1,000")
    #expect(Text.count(7) == "7")
    #expect(Text.count(1, of: "request") == "1 request")
    #expect(Text.count(1_000, of: "request") == "1,000 requests")
    #expect(Text.number(.infinity, decimals: 1) == "–")
    #expect(Text.significant(9.999) == "10")
    #expect(Text.percentile(99.9) == "p99.9")
    #expect(Text.list(["a", "b", "c"]) == "a, b and c")
  }
}
