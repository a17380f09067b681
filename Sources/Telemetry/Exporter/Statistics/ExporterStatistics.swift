// SPDX-License-Identifier: Apache-2.0

/// What an exporter has done, after OpenTelemetry's semantic conventions for SDKs ("OpenTelemetry SDK metrics"), which
/// have one metric for each signal: `otel.sdk.exporter.span.exported` and so on.
public struct ExporterStatistics: Hashable, Sendable {
  /// Of one signal, in items.
  public struct Items: Hashable, Sendable {
    /// `otel.sdk.exporter.{span,log,metric_data_point}.exported` without `error.type`.
    public var exported = 0
    /// The same metric with `error.type`: given up, refused for good, or `rejected` in a partial success.
    public var failed: [String: Int] = [:]
    /// `otel.sdk.exporter.{span,log,metric_data_point}.inflight`: being sent, or waiting to be sent again.
    public var inflight = 0

    public init() {}
  }

  public var items: [Signal: Items] = [:]
  /// `otel.sdk.exporter.operation.duration` in seconds; one attempt each. By `error.type`, empty for success.
  public var operationDuration: [String: DurationHistogram] = [:]
  /// Attempts after the first.
  public var retries = 0
  /// Answers with a partial success, warnings included.
  public var partialSuccesses = 0
  /// `otel.sdk.processor.*.queue.{size,capacity}` and what the queue has refused.
  public var queue = QueueCounts()
  /// What an earlier process had left; nil without a queue on disk.
  public var recovery: DiskRecovery?
  /// What was left at the end; nil until then.
  public var remainder: QueueRemainder?

  public init() {}
}

/// How long operations took.
public struct DurationHistogram: Hashable, Sendable {
  /// Upper bounds, inclusive, in seconds.
  public static let bounds: [Double] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

  /// One more than there are bounds.
  public private(set) var buckets = [Int](repeating: 0, count: bounds.count + 1)
  public private(set) var sumSeconds = 0.0

  public init() {}

  public var count: Int { buckets.reduce(0, +) }

  public mutating func add(_ duration: Duration) {
    let seconds = duration.inSeconds
    buckets[Self.bounds.firstIndex { seconds <= $0 } ?? Self.bounds.count] += 1
    sumSeconds += seconds
  }
}

extension Signal {
  /// The part of `otel.sdk.exporter.*.exported` that names the items. Profiles have none in the conventions yet.
  public var exporterMetricName: String {
    switch self {
    case .metrics: "metric_data_point"
    case .traces: "span"
    case .logs: "log"
    case .profiles: "profile"
    }
  }
}
