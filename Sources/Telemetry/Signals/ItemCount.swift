// SPDX-License-Identifier: Apache-2.0

import OTLP

extension TelemetryRequest {
  /// Data points, spans, log records or profiles.
  public var itemCount: Int {
    switch self {
    case .metrics(let request): request.view(Metrics.ExportRequest.self).pointCount
    case .traces(let request): request.view(Traces.ExportRequest.self).spanCount
    case .logs(let request): request.view(Logs.ExportRequest.self).recordCount
    case .profiles(let request): request.view(Profiles.ExportRequest.self).profileCount
    }
  }
}

extension Metrics.ExportRequest {
  var pointCount: Int {
    var count = 0
    resourceMetrics.forEach { $0.scopeMetrics.forEach { $0.metrics.forEach { count += $0.pointCount } } }
    return count
  }
}

extension Metrics.Metric {
  var pointCount: Int {
    switch data {
    case .gauge(let gauge): gauge.dataPoints.count
    case .sum(let sum): sum.dataPoints.count
    case .histogram(let histogram): histogram.dataPoints.count
    case .exponentialHistogram(let histogram): histogram.dataPoints.count
    case .summary(let summary): summary.dataPoints.count
    case nil: 0
    }
  }
}

extension Traces.ExportRequest {
  var spanCount: Int {
    var count = 0
    resourceSpans.forEach { $0.scopeSpans.forEach { count += $0.spans.count } }
    return count
  }
}

extension Logs.ExportRequest {
  var recordCount: Int {
    var count = 0
    resourceLogs.forEach { $0.scopeLogs.forEach { count += $0.logRecords.count } }
    return count
  }
}

extension Profiles.ExportRequest {
  var profileCount: Int {
    var count = 0
    resourceProfiles.forEach { $0.scopeProfiles.forEach { count += $0.profiles.count } }
    return count
  }
}
