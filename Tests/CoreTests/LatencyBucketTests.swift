// SPDX-License-Identifier: Apache-2.0

import Foundation
import SwerveABI
import SwerveCore
import Testing

/// The kernel's buckets are OTLP's: (base^i, base^(i+1)] with base = 2^(1/8).
@Suite struct LatencyBucketTests {
  private static let count = Int(SWERVE_LATENCY_BUCKETS)

  /// Upper bound of a bucket in nanoseconds.
  private func bound(_ bucket: Int) -> Double {
    pow(2, Double(SWERVE_LATENCY_OCTAVE_MIN) + Double(bucket + 1) / 8)
  }

  @Test func everyBoundParts() {
    for bucket in 0..<Self.count - 1 {
      // Bounds within an octave are kept in 16 bits.
      let below = UInt64(bound(bucket) * (1 - 2e-5)), above = UInt64(bound(bucket) * (1 + 2e-5)) + 2
      #expect(swerve_native_latency_bucket(below) == bucket, "\(below) ns")
      #expect(swerve_native_latency_bucket(above) == bucket + 1, "\(above) ns")
    }
  }

  @Test func aPowerOfTwoBelongsToTheBucketItBounds() {
    for octave in 11..<36 {
      let value = UInt64(1) << UInt64(octave)
      #expect(swerve_native_latency_bucket(value) == UInt32((octave - 10) * 8 - 1))
      #expect(swerve_native_latency_bucket(value + 1) == UInt32((octave - 10) * 8))
    }
  }

  @Test func whatIsBeyondFallsIntoTheFirstAndTheLast() {
    for value: UInt64 in [0, 1, 1023, 1024] { #expect(swerve_native_latency_bucket(value) == 0) }
    for value: UInt64 in [1 << 36 + 1, 1 << 40, .max] {
      #expect(swerve_native_latency_bucket(value) == UInt32(Self.count - 1))
    }
  }
}
