// SPDX-License-Identifier: Apache-2.0

import NIOCore
import OTLP

/// Telemetry of a service that does not exist, for trying receivers and pipelines: what an SDK would send, with
/// attributes of the semantic conventions.
public struct TestTelemetry: Sendable {
  /// `service.name`.
  public var service: String
  /// Further attributes of the resource.
  public var attributes: [(key: String, value: String)]

  public init(service: String = "swerve-test", attributes: [(key: String, value: String)] = []) {
    self.service = service
    self.attributes = attributes
  }

  /// One request with so many data points, spans or log records.
  ///
  /// - Parameters:
  ///   - number: of the request; ids are made of it and of `run`.
  ///   - run: tells the ids of two runs apart.
  ///   - now: Unix time in nanoseconds.
  public func request(
    _ signal: Signal, number: Int, itemCount: Int, run: UInt64, now: UInt64
  ) throws -> EncodedRequest {
    let bytes =
      switch signal {
      case .metrics: try metrics(itemCount, number, now)
      case .traces: try traces(itemCount, IDs(run: run, request: number), now)
      case .logs: try logs(itemCount, IDs(run: run, request: number), now)
      case .profiles: throw TelemetryError("test telemetry has no profiles; send metrics, traces or logs")
      }
    return EncodedRequest(signal: signal, protobuf: ByteBuffer(bytes: bytes), itemCount: itemCount)
  }

  private static let methods = ["GET", "POST", "PUT", "DELETE"]
  private static let statuses: [Int64] = [200, 200, 200, 404, 503]

  private func describe(_ resource: Common.Resource.Builder) {
    resource.attributes.append("service.name", service)
    resource.attributes.append("telemetry.sdk.name", "swerve")
    for attribute in attributes { resource.attributes.append(attribute.key, attribute.value) }
  }

  /// Counters and latency histograms of routes, in turn.
  private func metrics(_ count: Int, _ number: Int, _ now: UInt64) throws -> [UInt8] {
    try MessageBuilder<Metrics.ExportRequest.Builder> { request in
      let resource = request.resourceMetrics.append()
      describe(resource.resource)
      let scope = resource.scopeMetrics.append()
      scope.scope.name = "swerve otlp send"
      let requests = scope.metrics.append()
      requests.name = "http.server.requests"
      requests.unit = "{request}"
      requests.sum.isMonotonic = true
      requests.sum.aggregationTemporality = .cumulative
      let duration = scope.metrics.append()
      duration.name = "http.server.request.duration"
      duration.unit = "s"
      duration.exponentialHistogram.aggregationTemporality = .cumulative
      for index in 0..<count {
        if index % 2 == 0 {
          requests.sum.dataPoints.append { point in
            point.timeUnixNano = now
            point.asInt = Int64(number + 1)
            label(point.attributes, index)
          }
        } else {
          duration.exponentialHistogram.dataPoints.append { point in
            point.timeUnixNano = now
            fill(point, number + 1)
            label(point.attributes, index)
          }
        }
      }
    }.protobuf()
  }

  /// Latencies around 10 ms: buckets of scale 2 are powers of 2^(1/4) seconds.
  private func fill(_ point: Metrics.ExponentialHistogramDataPoint.Builder, _ scale: Int) {
    let counts: [UInt64] = [1, 4, 9, 12, 7, 3, 1, 1].map { $0 * UInt64(scale) }
    point.scale = 2
    point.positive.offset = -30
    point.positive.bucketCounts = counts
    point.count = counts.reduce(0, +)
    point.sum = 0.011 * Double(point.count)
  }

  private func label(_ attributes: BuilderList<Common.KeyValue.Builder>, _ index: Int) {
    attributes.append("http.request.method", Self.methods[index % Self.methods.count])
    attributes.append("http.response.status_code", Self.statuses[index % Self.statuses.count])
    attributes.append("http.route", "/items/\(index / 2)")
  }

  /// Traces of a server's span with up to three of its client below it.
  private func traces(_ count: Int, _ ids: IDs, _ now: UInt64) throws -> [UInt8] {
    try MessageBuilder<Traces.ExportRequest.Builder> { request in
      let resource = request.resourceSpans.append()
      describe(resource.resource)
      let scope = resource.scopeSpans.append()
      scope.scope.name = "swerve otlp send"
      for index in 0..<count {
        scope.spans.append { span in
          let isRoot = index % 4 == 0
          span.traceId = ids.trace(index / 4)
          span.spanId = ids.span(index)
          if !isRoot { span.parentSpanId = ids.span(index - index % 4) }
          span.name = isRoot ? "GET /items/{id}" : "GET"
          span.kind = isRoot ? .server : .client
          span.startTimeUnixNano = now - UInt64(isRoot ? 12_000_000 : 4_000_000)
          span.endTimeUnixNano = now
          label(span.attributes, index)
          if Self.statuses[index % Self.statuses.count] >= 500 { span.status.code = .error }
        }
      }
    }.protobuf()
  }

  private func logs(_ count: Int, _ ids: IDs, _ now: UInt64) throws -> [UInt8] {
    try MessageBuilder<Logs.ExportRequest.Builder> { request in
      let resource = request.resourceLogs.append()
      describe(resource.resource)
      let scope = resource.scopeLogs.append()
      scope.scope.name = "swerve otlp send"
      for index in 0..<count {
        scope.logRecords.append { record in
          let isError = Self.statuses[index % Self.statuses.count] >= 500
          record.timeUnixNano = now
          record.observedTimeUnixNano = now
          record.severityNumber = isError ? .error : .info
          record.body.stringValue = isError ? "the warehouse does not answer" : "item \(index) sold"
          record.traceId = ids.trace(index / 4)
          record.spanId = ids.span(index)
          label(record.attributes, index)
        }
      }
    }.protobuf()
  }
}

/// Ids that do not come twice: of traces 16 bytes, of spans 8.
private struct IDs {
  var run: UInt64
  var request: Int

  func trace(_ index: Int) -> [UInt8] { bytes(run) + bytes(mixed(index)) }

  func span(_ index: Int) -> [UInt8] { bytes(mixed(index + 1) ^ run | 1) }

  /// A finalizer of splitmix64 (Steele, Lea and Flood 2014), so that a sampler sees random bits.
  private func mixed(_ index: Int) -> UInt64 {
    var bits = UInt64(truncatingIfNeeded: request) << 32 ^ UInt64(truncatingIfNeeded: index)
    bits = (bits ^ bits >> 30) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ bits >> 27) &* 0x94D0_49BB_1331_11EB
    return bits ^ bits >> 31
  }

  private func bytes(_ number: UInt64) -> [UInt8] {
    withUnsafeBytes(of: number.bigEndian) { [UInt8]($0) }
  }
}
