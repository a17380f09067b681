// SPDX-License-Identifier: Apache-2.0

/// How an exporter takes requests from its queue and insists on their delivery, with the Collector's defaults.
public struct DeliverySettings: Hashable, Sendable {
  /// Requests that are sent at the same time: `sending_queue.num_consumers`.
  public var numConsumers = 10
  /// `sending_queue.batch`; nil sends requests as they came.
  public var batch: BatchSettings?
  /// `retry_on_failure`.
  public var retry = RetryPolicy()
  /// For one attempt.
  public var timeout = Duration.seconds(10)
  /// For sending what is left when the process ends.
  public var drainTimeout = Duration.seconds(5)

  public init() {}
}
