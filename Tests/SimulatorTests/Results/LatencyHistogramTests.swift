// SPDX-License-Identifier: Apache-2.0

import Simulator
import Testing

@Suite struct LatencyHistogramTests {
  @Test func percentilesAreRightWithinHalfAPercent() {
    var histogram = LatencyHistogram()
    for i in 1...10_000 { histogram.add(UInt64(i) * 10_000) }
    for percent in [1.0, 50, 90, 99, 99.9] {
      let exact = percent / 100 * 1e8
      #expect(abs(Double(histogram.percentile(percent)) - exact) / exact < 0.004)
    }
  }

  @Test func theSmallestAndTheLargestHaveAPlace() {
    var histogram = LatencyHistogram(precisionBits: 4)
    histogram.add(0)
    histogram.add(.max)
    #expect(histogram.total == 2)
    #expect(histogram.percentile(1) < 1024)
    #expect(histogram.percentile(100) >= 1 << 43)
  }

  @Test func theCumulativeDistributionEndsAtOne() {
    var histogram = LatencyHistogram()
    for value in [UInt64(2_000), 3_000, 3_000, 900_000] { histogram.add(value) }
    #expect(histogram.cumulative.last?.share == 1)
    #expect(histogram.cumulative.map(\.nanoseconds) == histogram.cumulative.map(\.nanoseconds).sorted())
  }
}
