// SPDX-License-Identifier: Apache-2.0

import OTLP

extension Metrics.ExportRequest {
  /// `  http.server.request.duration{method="GET"} count=3 sum=1.5 s, histogram, cumulative`
  func appendLines(to lines: inout [String]) {
    resourceMetrics.forEach { $0.scopeMetrics.forEach { $0.metrics.forEach { $0.appendLines(to: &lines) } } }
  }
}

extension Metrics.Metric {
  fileprivate func appendLines(to lines: inout [String]) {
    switch data {
    case .gauge(let gauge): append(gauge.dataPoints, "gauge", to: &lines)
    case .sum(let sum):
      let kind = "sum, \(sum.aggregationTemporality.word)" + (sum.isMonotonic ? ", monotonic" : "")
      append(sum.dataPoints, kind, to: &lines)
    case .histogram(let histogram):
      let kind = "histogram, \(histogram.aggregationTemporality.word)"
      histogram.dataPoints.forEach { lines.append(line($0.attributes, $0.figures, kind)) }
    case .exponentialHistogram(let histogram):
      let kind = "exponential histogram, \(histogram.aggregationTemporality.word)"
      histogram.dataPoints.forEach { lines.append(line($0.attributes, $0.figures, kind)) }
    case .summary(let summary):
      summary.dataPoints.forEach { lines.append(line($0.attributes, "count=\($0.count) sum=\($0.sum)", "summary")) }
    case nil: lines.append("  \(ValueText.plain(name.string)): no data")
    }
  }

  private func append(_ points: List<Metrics.NumberDataPoint>, _ kind: String, to lines: inout [String]) {
    points.forEach { point in
      let number =
        switch point.value {
        case .asInt(let number): "\(number)"
        case .asDouble(let number): "\(number)"
        case nil: "no value"
        }
      lines.append(line(point.attributes, number, kind))
    }
  }

  private func line(_ attributes: List<Common.KeyValue>, _ figures: String, _ kind: String) -> String {
    let unit = unit.isEmpty || unit == "1" ? "" : " " + ValueText.plain(unit.string)
    return "  \(ValueText.plain(name.string))\(ValueText.attributes(attributes)) \(figures)\(unit), \(kind)"
  }
}

extension Metrics.HistogramDataPoint {
  fileprivate var figures: String { Figures.text(count, sum, min, max) }
}

extension Metrics.ExponentialHistogramDataPoint {
  fileprivate var figures: String { Figures.text(count, sum, min, max) + " scale=\(scale)" }
}

private enum Figures {
  static func text(_ count: UInt64, _ sum: Double?, _ min: Double?, _ max: Double?) -> String {
    var text = "count=\(count)"
    for (name, value) in [("sum", sum), ("min", min), ("max", max)] {
      if let value { text += " \(name)=\(value)" }
    }
    return text
  }
}

extension Metrics.AggregationTemporality {
  fileprivate var word: String {
    switch self {
    case .delta: "delta"
    case .cumulative: "cumulative"
    default: "no temporality"
    }
  }
}
