// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Testbed

@Suite struct StatisticsTests {
  @Test func medianIsTheMiddleOrTheMeanOfTheTwoInTheMiddle() {
    #expect(Statistics.median([]) == nil)
    #expect(Statistics.median([3, 1, 2]) == 2)
    #expect(Statistics.median([4, 1, 2, 3]) == 2.5)
  }

  @Test func percentileIsTheNearestRank() {
    let values = (1...100).map(Double.init)
    #expect(Statistics.percentile(0.5, of: values) == 50)
    #expect(Statistics.percentile(0.99, of: values) == 99)
    #expect(Statistics.percentile(0, of: values) == 1)
    #expect(Statistics.percentile(1, of: values) == 100)
    #expect(Statistics.percentile(0.5, of: []) == nil)
  }

  @Test func ratiosAreTakenRoundByRound() {
    #expect(Statistics.ratios([1, 4, 9], to: [2, 2, 0]) == [0.5, 2])
  }
}
