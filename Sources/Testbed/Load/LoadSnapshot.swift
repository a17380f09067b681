// SPDX-License-Identifier: Apache-2.0

/// Counts of a ``LoadClient`` so far. The difference of two snapshots is what happened in between.
public struct LoadSnapshot: Sendable {
  /// CLOCK_MONOTONIC of the reading.
  public internal(set) var takenNanoseconds: UInt64 = 0
  public internal(set) var succeeded = 0
  public internal(set) var failed = 0
  /// Connections made.
  public internal(set) var connects = 0
  /// Connections that broke after they had worked.
  public internal(set) var broken = 0
  public internal(set) var endpoints: [String: EndpointCount] = [:]
  public internal(set) var failures: [LoadSample.Failure: Int] = [:]

  /// What one endpoint answered.
  public struct EndpointCount: Sendable, Equatable {
    public internal(set) var responses = 0
    public internal(set) var latencySumNanoseconds: UInt64 = 0

    /// Nil before the first response.
    public var meanLatency: Duration? {
      responses == 0 ? nil : .nanoseconds(Int64(latencySumNanoseconds) / Int64(responses))
    }
  }

  mutating func add(_ sample: LoadSample) {
    if sample.connected { connects += 1 }
    if let failure = sample.failure {
      failed += 1
      failures[failure, default: 0] += 1
      if sample.brokeConnection { broken += 1 }
      return
    }
    succeeded += 1
    let name = sample.endpoint ?? "unnamed"
    endpoints[name, default: EndpointCount()].responses += 1
    endpoints[name, default: EndpointCount()].latencySumNanoseconds += sample.latencyNanoseconds
  }
}
