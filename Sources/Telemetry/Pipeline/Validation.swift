// SPDX-License-Identifier: Apache-2.0

import OTLP

/// What became of a request's items.
public struct TakenItems: Hashable, Sendable {
  public var accepted = 0
  /// Items that no backend could store; the rest of their request was taken (OTLP, "Partial Success").
  public var rejected = 0
  /// For people; empty without rejected items.
  public var message = ""
}

extension TelemetryRequest {
  /// Takes out what the data model does not allow: spans without a trace id of 16 and a span id of 8 bytes, and log
  /// records with ids of another length.
  ///
  /// - Returns: how many items were taken out.
  func removeInvalidItems() -> Int {
    var removed = 0
    switch self {
    case .traces(let request):
      request.resourceSpans.forEach {
        $0.scopeSpans.forEach { removed += $0.spans.removeAll { !$0.view(Traces.Span.self).hasValidIDs } }
      }
    case .logs(let request):
      request.resourceLogs.forEach {
        $0.scopeLogs.forEach { removed += $0.logRecords.removeAll { !$0.view(Logs.LogRecord.self).hasValidIDs } }
      }
    case .metrics, .profiles: break
    }
    return removed
  }

  /// Why items were taken out, for the sender.
  static func rejectionMessage(_ signal: Signal) -> String {
    switch signal {
    case .traces: "spans need a trace id of 16 bytes and a span id of 8 bytes, not all zero"
    case .logs: "ids of log records have 16 bytes (trace) and 8 bytes (span), or are empty"
    case .metrics, .profiles: ""
    }
  }
}

extension Traces.Span {
  fileprivate var hasValidIDs: Bool {
    traceId.count == 16 && spanId.count == 8 && !traceId.isAllZero && !spanId.isAllZero
  }
}

extension Logs.LogRecord {
  fileprivate var hasValidIDs: Bool {
    (traceId.isEmpty || traceId.count == 16) && (spanId.isEmpty || spanId.count == 8)
  }
}

extension Bytes {
  fileprivate var isAllZero: Bool {
    for index in 0..<count where span.unsafeLoad(fromByteOffset: index, as: UInt8.self) != 0 { return false }
    return true
  }
}
