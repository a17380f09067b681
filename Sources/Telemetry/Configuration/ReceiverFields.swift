// SPDX-License-Identifier: Apache-2.0

import Policy

/// A field of the telemetry configuration that is read.
protocol TelemetryField: FieldName, Hashable {}

extension TelemetryField {
  var support: FieldSupport { .supported }
}

extension Shape {
  /// From a millisecond to a day.
  static let interval = Shape.nanoseconds(1_000_000...86_400_000_000_000)
  /// Mebibytes, a tebibyte at most.
  static let mebibytes = Shape.integer(1...1 << 20)
}

enum RootField: String, TelemetryField {
  case receivers, processors, exporters, connectors, extensions, service
  static let table = FieldTable<Self>()
  static let required: [Self] = [.receivers, .exporters, .service]
}

enum ServiceField: String, TelemetryField {
  case extensions, pipelines, telemetry
  static let table = FieldTable<Self>()
  static let required: [Self] = [.pipelines]
  var support: FieldSupport {
    self == .telemetry ? .unsupported("logging and metrics of the agent are set where it is started") : .supported
  }
}

enum PipelineField: String, TelemetryField {
  case receivers, processors, exporters
  static let table = FieldTable<Self>()
  static let required: [Self] = [.receivers, .exporters]
}

// MARK: The receiver

enum ReceiverField: String, TelemetryField {
  case protocols
  case tenantLimits = "tenant_limits"
  static let table = FieldTable<Self>()
  static let required: [Self] = [.protocols]
}

enum ProtocolsField: String, TelemetryField {
  case grpc, http
  static let table = FieldTable<Self>()
}

enum ServerField: String, TelemetryField {
  case endpoint, tls, auth, keepalive
  case maxReceiveMebibytes = "max_recv_msg_size_mib"
  case maxRequestBytes = "max_request_body_size"
  case maxConcurrentStreams = "max_concurrent_streams"
  case maxConnections = "max_connections"
  case idleTimeout = "idle_timeout"
  case includeMetadata = "include_metadata"
  case readBufferSize = "read_buffer_size"
  case writeBufferSize = "write_buffer_size"
  case transport, cors
  case tracesPath = "traces_url_path"
  case metricsPath = "metrics_url_path"
  case logsPath = "logs_url_path"
  static let table = FieldTable<Self>()
  var support: FieldSupport {
    switch self {
    // Metadata is always there, and buffers have the size they need.
    case .includeMetadata, .readBufferSize, .writeBufferSize: .ignored
    case .transport: .unsupported("receivers listen on TCP")
    case .cors: .unsupported("browsers send through a collector of their own")
    case .tracesPath, .metricsPath, .logsPath: .unsupported("the paths are those of the specification")
    default: .supported
    }
  }
  var shape: Shape {
    switch self {
    case .maxReceiveMebibytes: .integer(1...1024)
    case .maxRequestBytes: .integer(1...1 << 30)
    case .maxConcurrentStreams: .integer(1...1 << 20)
    case .maxConnections: .integer(1...1 << 20)
    case .idleTimeout: .interval
    default: .anything
    }
  }
}

enum ServerTLSField: String, TelemetryField {
  case certificateFile = "cert_file"
  case keyFile = "key_file"
  case clientAuthorityFile = "client_ca_file"
  case minimumVersion = "min_version"
  case reloadInterval = "reload_interval"
  case clientAuthorityReload = "client_ca_file_reload"
  static let table = FieldTable<Self>()
  static let required: [Self] = [.certificateFile, .keyFile]
  var support: FieldSupport { self == .clientAuthorityReload ? .ignored : .supported }
  var shape: Shape { self == .reloadInterval ? .interval : .text }
}

enum AuthField: String, TelemetryField {
  case authenticator
  static let table = FieldTable<Self>()
  static let required: [Self] = [.authenticator]
}

enum ServerKeepaliveField: String, TelemetryField {
  case serverParameters = "server_parameters"
  case enforcementPolicy = "enforcement_policy"
  static let table = FieldTable<Self>()
  var support: FieldSupport {
    self == .enforcementPolicy ? .unsupported("pings are answered, and floods of them end the connection") : .supported
  }
}

enum ServerParametersField: String, TelemetryField {
  case time, timeout
  case idleMax = "max_connection_idle"
  case ageMax = "max_connection_age"
  case ageGrace = "max_connection_age_grace"
  static let table = FieldTable<Self>()
  var support: FieldSupport {
    self == .ageGrace ? .unsupported("requests under way are always ended") : .supported
  }
  var shape: Shape { .interval }
}

enum TenantLimitsField: String, TelemetryField {
  case defaultLimit = "default"
  case overrides
  static let table = FieldTable<Self>()
}

enum TenantLimitField: String, TelemetryField {
  case requestsPerSecond = "requests_per_second"
  case bytesPerSecond = "bytes_per_second"
  case burst
  static let table = FieldTable<Self>()
  var shape: Shape { self == .burst ? .interval : .number(0.001...1e12) }
}
