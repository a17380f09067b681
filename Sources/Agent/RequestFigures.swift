// SPDX-License-Identifier: Apache-2.0

import Dataplane
import Foundation
import SwerveABI

extension NodeSnapshot {
  /// What the requests of an endpoint were like, since the relay gave it its pool.
  public struct RequestFigures: Codable, Sendable {
    /// Sent and not answered to the end.
    public var inFlight: UInt32
    /// Complete responses by status class, "1xx" to "5xx". Zero counts are left out.
    public var responses: [String: UInt64] = [:]
    /// Requests without a complete response.
    public var failed: UInt64 = 0
    /// From the head of the request to the end of the response; nil before the first one. Upper bounds of the kernel's
    /// buckets, which are 9 % wide.
    public var p50Microseconds: Double?
    public var p99Microseconds: Double?
  }
}

extension NodeSnapshot.RequestFigures {
  /// - Parameter pool: nil for an endpoint without a pool.
  init(inFlight: UInt32, _ pool: swerve_pool?) {
    self.inFlight = inFlight
    guard let pool else { return }
    failed = pool.failed
    withUnsafeBytes(of: pool.responses) { bytes in
      for (statusClass, count) in bytes.bindMemory(to: UInt64.self).enumerated() where count > 0 {
        responses["\(statusClass)xx"] = count
      }
    }
    let histogram = withUnsafeBytes(of: pool.latency) { LatencyHistogram(Array($0.bindMemory(to: UInt64.self))) }
    p50Microseconds = histogram.nanoseconds(quantile: 0.5).map { $0 / 1000 }
    p99Microseconds = histogram.nanoseconds(quantile: 0.99).map { $0 / 1000 }
  }

  /// The figures of an endpoint; its pool may be another one's by now.
  init(_ endpoint: swerve_endpoint, _ state: swerve_endpoint_state, _ tables: Tables) throws(DataplaneError) {
    var pool: swerve_pool?
    if state.pool > 0, state.pool <= SWERVE_POOLS_MAX {
      let record = try tables.pools.read(state.pool - 1)
      if record.endpoint == endpoint.id && record.generation == endpoint.generation { pool = record }
    }
    self.init(inFlight: state.in_flight, pool)
  }
}

/// Latencies by bucket, as the kernel counts them; see SWERVE_LATENCY_SCALE.
struct LatencyHistogram {
  let buckets: [UInt64]

  init(_ buckets: [UInt64]) {
    self.buckets = buckets
  }

  /// The upper bound of the bucket that holds the quantile, in nanoseconds; nil without a sample.
  func nanoseconds(quantile: Double) -> Double? {
    let total = buckets.reduce(0, +)
    guard total > 0 else { return nil }
    let rank = max(1, (quantile * Double(total)).rounded(.up))
    var seen = 0.0
    for (bucket, count) in buckets.enumerated() {
      seen += Double(count)
      if seen >= rank { return LatencyHistogram.bound(bucket) }
    }
    return nil
  }

  /// Upper bound of a bucket, in nanoseconds.
  static func bound(_ bucket: Int) -> Double {
    let stepsPerOctave = Double(1 << SWERVE_LATENCY_SCALE)
    return exp2(Double(SWERVE_LATENCY_OCTAVE_MIN) + Double(bucket + 1) / stepsPerOctave)
  }
}
