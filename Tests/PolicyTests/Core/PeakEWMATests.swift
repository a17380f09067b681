// SPDX-License-Identifier: Apache-2.0

import Foundation
import SwerveCore
import Testing

@testable import Policy

@Suite struct PeakEWMATests {
  /// tau ln 2 for tau = 10 s, as the core rounds it.
  static let halfLife: UInt64 = 6_931_000_000
  static let bound: UInt64 = 1 << 47

  /// (average, sample, elapsed) and the new average, worked by hand: w * average + (1 - w) * sample.
  @Test(
    arguments: [
      (1_000_000, 0, 0, 1_000_000),
      (1_000_000, 0, halfLife, 500_000),
      (1_000_000, 0, 2 * halfLife, 250_000),
      (1_000_000, 200_000, halfLife, 600_000),
      (1_000_000, 200_000, 3 * halfLife, 300_000),
      // Half a half-life: the chord is 3/4 where the curve is 0.7071.
      (1_000_000, 0, halfLife / 2, 750_000),
      (1_000_000, 600_000, halfLife / 2, 900_000),
      (1_000_000, 100, 16 * halfLife, 100),
      (1_000_000, 100, .max, 100),
      (0, 0, 5, 0),
    ] as [(UInt64, UInt64, UInt64, UInt64)])
  func lowSamplePullsTheAverageDown(average: UInt64, sample: UInt64, elapsed: UInt64, result: UInt64) {
    #expect(swerve_native_peak_ewma(average, sample, elapsed) == result)
  }

  @Test(arguments: [0, 1, halfLife, .max]) func peakTakesOverAtOnce(elapsed: UInt64) {
    #expect(swerve_native_peak_ewma(1_000_000, 1_000_001, elapsed) == 1_000_001)
    #expect(swerve_native_peak_ewma(0, 5, elapsed) == 5)
    #expect(swerve_native_peak_ewma(77, 77, elapsed) == 77)
  }

  /// The weight of the past is at most 6.2 % above e^(-dt/tau), and below it by no more than its unit, 1/65536.
  @Test func decayFollowsTheExponential() throws {
    let average = Double(1 << 40)
    for step in 0..<1600 as Range<UInt64> {
      let elapsed = step * Self.halfLife / 100
      let weight = Double(swerve_native_peak_ewma(1 << 40, 0, elapsed)) / average
      let exact = exp(-Double(elapsed) / 10e9)
      // The half-life is rounded to a millisecond, which makes up to 0.1 % after sixteen of them.
      try #require(weight <= exact * 1.063, "after \(elapsed) ns")
      try #require(weight >= exact * 0.999 - 1 / 65536, "after \(elapsed) ns")
    }
  }

  @Test func decayIsExactAtEveryHalfLife() throws {
    for halvings in 0..<16 as Range<UInt64> {
      try #require(swerve_native_peak_ewma(1 << 40, 0, halvings * Self.halfLife) == (1 << 40) >> halvings)
    }
    #expect(swerve_native_peak_ewma(1 << 40, 0, 16 * Self.halfLife) == 0)
  }

  @Test func decayNeverRises() throws {
    var last = UInt64.max
    for step in 0..<4000 as Range<UInt64> {
      let average = swerve_native_peak_ewma(1 << 40, 0, step * Self.halfLife / 200)
      try #require(average <= last)
      last = average
    }
  }

  @Test func longTimesAreClipped() {
    #expect(swerve_native_peak_ewma(0, Self.bound - 1, 0) == Self.bound - 1)
    #expect(swerve_native_peak_ewma(0, Self.bound, 0) == Self.bound - 1)
    #expect(swerve_native_peak_ewma(0, .max, 0) == Self.bound - 1)
    #expect(swerve_native_peak_ewma(.max, 0, 0) == Self.bound - 1)
    #expect(swerve_native_peak_ewma(.max, 0, Self.halfLife) == (Self.bound - 1) / 2)
    #expect(swerve_native_peak_ewma(.max, Self.bound - 2, 0) == Self.bound - 1)
  }
}
