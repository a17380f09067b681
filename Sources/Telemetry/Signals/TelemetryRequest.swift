// SPDX-License-Identifier: Apache-2.0

public import OTLP

/// An export request of any signal that was read and may still be changed. It lives in the decoder that read it.
public enum TelemetryRequest: ~Escapable {
  case metrics(Metrics.ExportRequest.Builder)
  case traces(Traces.ExportRequest.Builder)
  case logs(Logs.ExportRequest.Builder)
  case profiles(Profiles.ExportRequest.Builder)
}

extension TelemetryRequest {
  public func protobuf() throws(OTLPError) -> [UInt8] {
    switch self {
    case .metrics(let request): try request.protobuf()
    case .traces(let request): try request.protobuf()
    case .logs(let request): try request.protobuf()
    case .profiles(let request): try request.protobuf()
    }
  }

  /// Takes all resources out for which the closure says so, with everything they have.
  public func removeResources(where isUnwanted: (List<Common.KeyValue>?) -> Bool) {
    switch self {
    case .metrics(let request):
      request.resourceMetrics.removeAll { isUnwanted($0.view(Metrics.ResourceMetrics.self).resource?.attributes) }
    case .traces(let request):
      request.resourceSpans.removeAll { isUnwanted($0.view(Traces.ResourceSpans.self).resource?.attributes) }
    case .logs(let request):
      request.resourceLogs.removeAll { isUnwanted($0.view(Logs.ResourceLogs.self).resource?.attributes) }
    case .profiles(let request):
      request.resourceProfiles.removeAll { isUnwanted($0.view(Profiles.ResourceProfiles.self).resource?.attributes) }
    }
  }

  public func forEachResource(_ body: (Common.Resource.Builder) -> Void) {
    switch self {
    case .metrics(let request): request.resourceMetrics.forEach { body($0.resource) }
    case .traces(let request): request.resourceSpans.forEach { body($0.resource) }
    case .logs(let request): request.resourceLogs.forEach { body($0.resource) }
    case .profiles(let request): request.resourceProfiles.forEach { body($0.resource) }
    }
  }

  /// The attributes of every data point, span and log record. Profiles have theirs in a table all of them share, and are
  /// left alone.
  public func forEachItemAttributes(_ body: (BuilderList<Common.KeyValue.Builder>) -> Void) {
    switch self {
    case .metrics(let request):
      request.resourceMetrics.forEach { $0.scopeMetrics.forEach { $0.metrics.forEach { $0.forEachAttributes(body) } } }
    case .traces(let request):
      request.resourceSpans.forEach { $0.scopeSpans.forEach { $0.spans.forEach { body($0.attributes) } } }
    case .logs(let request):
      request.resourceLogs.forEach { $0.scopeLogs.forEach { $0.logRecords.forEach { body($0.attributes) } } }
    case .profiles: break
    }
  }
}

extension Metrics.Metric.Builder {
  fileprivate func forEachAttributes(_ body: (BuilderList<Common.KeyValue.Builder>) -> Void) {
    switch view(Metrics.Metric.self).data {
    case .gauge: gauge.dataPoints.forEach { body($0.attributes) }
    case .sum: sum.dataPoints.forEach { body($0.attributes) }
    case .histogram: histogram.dataPoints.forEach { body($0.attributes) }
    case .exponentialHistogram: exponentialHistogram.dataPoints.forEach { body($0.attributes) }
    case .summary: summary.dataPoints.forEach { body($0.attributes) }
    case nil: break
    }
  }
}
