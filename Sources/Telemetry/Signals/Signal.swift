// SPDX-License-Identifier: Apache-2.0

/// What OTLP carries.
public enum Signal: String, CaseIterable, Sendable, Codable {
  case metrics
  case traces
  case logs
  case profiles

  /// The gRPC method that takes it (opentelemetry-proto, `collector/*_service.proto`).
  public var exportMethod: String {
    switch self {
    case .metrics: "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export"
    case .traces: "/opentelemetry.proto.collector.trace.v1.TraceService/Export"
    case .logs: "/opentelemetry.proto.collector.logs.v1.LogsService/Export"
    case .profiles: "/opentelemetry.proto.collector.profiles.v1development.ProfilesService/Export"
    }
  }

  /// The path of OTLP/HTTP.
  public var path: String {
    switch self {
    case .metrics: "/v1/metrics"
    case .traces: "/v1/traces"
    case .logs: "/v1/logs"
    case .profiles: "/v1development/profiles"
    }
  }

  /// What one item is called, as in the Collector's own metrics.
  public var item: String {
    switch self {
    case .metrics: "data point"
    case .traces: "span"
    case .logs: "log record"
    case .profiles: "profile"
    }
  }
}
