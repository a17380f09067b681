// SPDX-License-Identifier: Apache-2.0

import OTLP

/// Keeps a share of all traces, and the log records that belong to them: the Collector's `probabilistic_sampler`.
///
/// Whether a trace is kept depends on its id alone, the same way at every node: the last 56 bits of a trace id are
/// random (W3C Trace Context, level 2), and a trace is kept when they are not below a threshold (OpenTelemetry
/// specification, "TraceState: Probability Sampling").
public struct ProbabilisticSampler: Processor {
  /// Of 2^56.
  private let threshold: UInt64

  /// - Parameter percentage: of the traces that are kept, from 0 to 100.
  public init(percentage: Double) {
    let rejected = (1 - min(max(percentage, 0), 100) / 100) * Double(1 << 56)
    threshold = UInt64(rejected.rounded())
  }

  public func process(_ request: TelemetryRequest, _ context: ReceiveContext) -> Bool {
    var removed = 0
    switch request {
    case .traces(let request):
      request.resourceSpans.forEach {
        $0.scopeSpans.forEach { removed += $0.spans.removeAll { !keeps($0.view(Traces.Span.self).traceId) } }
      }
    case .logs(let request):
      request.resourceLogs.forEach {
        $0.scopeLogs.forEach { removed += $0.logRecords.removeAll { !keeps($0.view(Logs.LogRecord.self).traceId) } }
      }
    case .metrics, .profiles: break
    }
    return removed > 0
  }

  /// What belongs to no trace is kept.
  private func keeps(_ traceID: Bytes) -> Bool {
    guard traceID.count == 16 else { return true }
    var randomness: UInt64 = 0
    for index in 9..<16 {
      randomness = randomness << 8 | UInt64(traceID.span.unsafeLoad(fromByteOffset: index, as: UInt8.self))
    }
    return randomness >= threshold
  }
}
