// SPDX-License-Identifier: Apache-2.0

import OTLP

/// Requests made with the builders: every kind of metric point, a span, a log record.
enum Samples {
  static func metrics() throws -> MessageBuilder<Metrics.ExportRequest.Builder> {
    try MessageBuilder<Metrics.ExportRequest.Builder> { fill($0) }
  }

  private static func fill(_ request: Metrics.ExportRequest.Builder) {
    let resource = request.resourceMetrics.append()
    resource.resource.attributes.append("service.name", "checkout")
    resource.resource.attributes.append("process.pid", 4_711)
    resource.resource.attributes.append("s", "t")
    resource.schemaUrl = "https://example.test/schema"
    let scope = resource.scopeMetrics.append()
    scope.scope.name = "library"
    scope.metrics.append {
      $0.name = "gauge"
      $0.gauge.dataPoints.append { point in
        point.timeUnixNano = 1_700_000_000_000_000_000
        point.asDouble = 0.25
        point.attributes.append("canary", true)
        point.exemplars.append { $0.traceId = [UInt8](1...16) }
      }
    }
    scope.metrics.append {
      $0.name = "sum"
      $0.unit = "{request}"
      $0.sum.isMonotonic = true
      $0.sum.aggregationTemporality = .cumulative
      $0.sum.dataPoints.append { $0.asInt = -3 }
      $0.sum.dataPoints.append { $0.asInt = .max }
    }
    scope.metrics.append {
      $0.histogram.dataPoints.append { point in
        point.count = 6
        point.sum = 1.5
        point.max = .infinity
        point.explicitBounds = [0.1, 1]
        point.bucketCounts = [1, 2, 3]
      }
    }
    scope.metrics.append {
      $0.exponentialHistogram.dataPoints.append { point in
        point.scale = -2
        point.positive.offset = -7
        point.positive.bucketCounts = [1, 300, 70_000]
      }
    }
    scope.metrics.append {
      $0.summary.dataPoints.append { $0.quantileValues.append { $0.quantile = 0.5 } }
    }
  }

  static func traces() throws -> MessageBuilder<Traces.ExportRequest.Builder> {
    try MessageBuilder<Traces.ExportRequest.Builder> { fill($0) }
  }

  private static func fill(_ request: Traces.ExportRequest.Builder) {
    request.resourceSpans.append().scopeSpans.append().spans.append { span in
      span.name = "GET /"
      span.kind = .client
      span.traceId = [UInt8](repeating: 0xab, count: 16)
      span.spanId = [1, 2, 3, 4, 5, 6, 7, 8]
      span.events.append { $0.attributes.append("ratio", 0.5) }
      span.status.code = .error
      span.status.message = "refused"
    }
  }

  static func logs() throws -> MessageBuilder<Logs.ExportRequest.Builder> {
    try MessageBuilder<Logs.ExportRequest.Builder> { fill($0) }
  }

  private static func fill(_ request: Logs.ExportRequest.Builder) {
    request.resourceLogs.append().scopeLogs.append().logRecords.append { record in
      record.severityNumber = .warn
      let list = record.body.arrayValue.values
      list.append { $0.stringValue = "Grüße \u{1} \"世界\"\n" }
      list.append { $0.bytesValue = [0, 255, 7, 9] }
      list.append { $0.kvlistValue.values.append("nested", "value") }
      list.append()
    }
  }
}
