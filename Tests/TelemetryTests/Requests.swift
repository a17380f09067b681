// SPDX-License-Identifier: Apache-2.0

import NIOCore
import OTLP
import Telemetry

/// Small requests of each signal.
enum Requests {
  /// One data point for each service.
  static func metrics(services: [String] = ["checkout"]) throws -> ByteBuffer {
    let message = try MessageBuilder<Metrics.ExportRequest.Builder> { request in
      for service in services {
        request.resourceMetrics.append { resource in
          resource.resource.attributes.append("service.name", service)
          resource.scopeMetrics.append().metrics.append { metric in
            metric.name = "requests"
            metric.sum.dataPoints.append { point in
              point.asInt = 1
              point.attributes.append("zone", "a")
            }
          }
        }
      }
    }
    return ByteBuffer(bytes: try message.protobuf())
  }

  /// Spans of so many traces, whose ids end in their number spread over all values.
  static func traces(count: Int) throws -> ByteBuffer {
    let message = try MessageBuilder<Traces.ExportRequest.Builder> { request in
      let scope = request.resourceSpans.append().scopeSpans.append()
      for index in 0..<count {
        scope.spans.append { span in
          let random = UInt64(index) &* 0x9E37_79B9_7F4A_7C15
          span.traceId =
            [UInt8](repeating: 1, count: 8) + (0..<8).map { UInt8(truncatingIfNeeded: random >> (56 - 8 * $0)) }
          span.spanId = [UInt8](repeating: 2, count: 8)
          span.name = "GET"
        }
      }
    }
    return ByteBuffer(bytes: try message.protobuf())
  }
}
