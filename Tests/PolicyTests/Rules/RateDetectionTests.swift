// SPDX-License-Identifier: Apache-2.0

import Policy
import SwerveABI
import Testing

/// Endpoints that stand out among the others by their rates, worked by hand.
@Suite struct RateDetectionTests {
  private typealias Sample = RateDetection.Sample

  private func detection(
    rate: Bool = false, percentage: Bool = false, hosts: UInt32 = 5, volume: UInt32 = 100
  ) -> RateDetection {
    var detection = TrafficSettings.OutlierDetection()
    if rate {
      var rule = TrafficSettings.SuccessRate()
      rule.minimumHosts = hosts
      rule.requestVolume = volume
      detection.successRate = rule
    }
    if percentage {
      var rule = TrafficSettings.FailurePercentage()
      rule.minimumHosts = hosts
      rule.requestVolume = volume
      detection.failurePercentage = rule
    }
    return RateDetection(detection: detection)
  }

  /// Endpoints of 100 requests each, with so many failures.
  private func samples(_ failures: [UInt64]) -> [RateDetection.Sample] {
    failures.map { Sample(successes: 100 - $0, failures: $0) }
  }

  @Test func withoutARuleNobodyIsAnOutlier() {
    #expect(detection().outliers(among: samples([0, 0, 0, 0, 100])).isEmpty)
  }

  /// Nine of 100 % and one of 50 %: mean 95, deviation 15, threshold 95 - 1.9 * 15 = 66.5.
  @Test func whoseSuccessRateIsFarBelowTheOthersIsAnOutlier() throws {
    let found = detection(rate: true).outliers(among: samples([0, 0, 0, 50, 0, 0, 0, 0, 0, 0]))
    #expect(found.map(\.index) == [3] && found.map(\.cause) == [SWERVE_CAUSE_SUCCESS_RATE])
  }

  /// Four of 100 % and one of 0 %: mean 80, deviation 40, threshold 4: one of five is always far enough away. Of two among
  /// five none is: mean 60, deviation 49, threshold below zero.
  @Test func halfOfThemFailingAreNoOutliers() {
    #expect(detection(rate: true).outliers(among: samples([0, 0, 0, 0, 100])).map(\.index) == [4])
    #expect(detection(rate: true).outliers(among: samples([0, 0, 0, 100, 100])).isEmpty)
  }

  @Test func equalsAreNoOutliersHoweverBadTheyAre() {
    #expect(detection(rate: true).outliers(among: samples([100, 100, 100, 100, 100])).isEmpty)
  }

  @Test(arguments: [true, false]) func fewRequestsSayNothing(byRate: Bool) {
    var samples = samples([0, 0, 0, 0, 0, 0])
    samples[5] = Sample(successes: 0, failures: 99)
    let detection = detection(rate: byRate, percentage: !byRate)
    #expect(detection.outliers(among: samples).isEmpty)
    samples[5] = Sample(successes: 0, failures: 100)
    #expect(detection.outliers(among: samples).map(\.index) == [5])
  }

  @Test(arguments: [true, false]) func fewEndpointsSayNothing(byRate: Bool) {
    let detection = detection(rate: byRate, percentage: !byRate)
    #expect(detection.outliers(among: samples([0, 0, 0, 100])).isEmpty)
    #expect(detection.outliers(among: samples([0, 0, 0, 0, 100])).map(\.index) == [4])
  }

  @Test func aShareOfFailuresAtTheThresholdIsAnOutlier() {
    let found = detection(percentage: true).outliers(among: samples([84, 85, 86, 0, 100]))
    #expect(found.map(\.index) == [1, 2, 4])
    #expect(found.allSatisfy { $0.cause == SWERVE_CAUSE_FAILURE_PERCENTAGE })
  }

  @Test func whoStandsOutByBothIsNamedOnce() {
    let found = detection(rate: true, percentage: true).outliers(among: samples([0, 0, 0, 0, 100]))
    #expect(found.map(\.index) == [4] && found.map(\.cause) == [SWERVE_CAUSE_SUCCESS_RATE])
  }

  @Test func endpointsWithoutRequestsAreNoVoters() {
    let idle = Array(repeating: Sample(successes: 0, failures: 0), count: 10)
    #expect(detection(rate: true, percentage: true, hosts: 0, volume: 0).outliers(among: idle).isEmpty)
  }
}
