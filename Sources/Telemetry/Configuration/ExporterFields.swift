// SPDX-License-Identifier: Apache-2.0

import Policy

enum ExporterField: String, TelemetryField {
  case endpoint, tls, headers, timeout, compression, encoding, keepalive, auth
  case metricsEndpoint = "metrics_endpoint"
  case tracesEndpoint = "traces_endpoint"
  case logsEndpoint = "logs_endpoint"
  case profilesEndpoint = "profiles_endpoint"
  case retry = "retry_on_failure"
  case queue = "sending_queue"
  case balancer = "balancer_name"
  case proxy = "proxy_url"
  case waitForReady = "wait_for_ready"
  case readBufferSize = "read_buffer_size"
  case writeBufferSize = "write_buffer_size"
  static let table = FieldTable<Self>()
  static let required: [Self] = [.endpoint]
  var support: FieldSupport {
    switch self {
    // Requests go round robin over all addresses of the endpoint, and wait in the queue until it is there.
    case .balancer, .waitForReady, .readBufferSize, .writeBufferSize, .keepalive: .ignored
    case .auth: .unsupported("put the token into headers: authorization: Bearer ${env:TOKEN}")
    case .proxy: .unsupported("connections are made directly")
    default: .supported
    }
  }
  var shape: Shape { self == .timeout ? .interval : .anything }

  static let signalEndpoints: [(field: Self, signal: Signal)] = [
    (.metricsEndpoint, .metrics), (.tracesEndpoint, .traces), (.logsEndpoint, .logs), (.profilesEndpoint, .profiles),
  ]
}

enum ClientTLSField: String, TelemetryField {
  case insecure
  case insecureSkipVerify = "insecure_skip_verify"
  case authorityFile = "ca_file"
  case certificateFile = "cert_file"
  case keyFile = "key_file"
  case serverName = "server_name_override"
  case minimumVersion = "min_version"
  case reloadInterval = "reload_interval"
  static let table = FieldTable<Self>()
  var support: FieldSupport {
    switch self {
    case .serverName: .unsupported("the host of the endpoint is the name")
    case .minimumVersion: .unsupported("TLS 1.2 and 1.3 are spoken")
    // Files are looked at before every connection.
    case .reloadInterval: .ignored
    default: .supported
    }
  }
}

enum RetryField: String, TelemetryField {
  case enabled, multiplier
  case initialInterval = "initial_interval"
  case maxInterval = "max_interval"
  case maxElapsedTime = "max_elapsed_time"
  case randomizationFactor = "randomization_factor"
  static let table = FieldTable<Self>()
  var shape: Shape {
    switch self {
    case .enabled: .boolean
    case .multiplier: .number(1...100)
    case .randomizationFactor: .number(0...1)
    case .initialInterval, .maxInterval: .interval
    case .maxElapsedTime: .nanoseconds(0...86_400_000_000_000)
    }
  }
}

enum QueueField: String, TelemetryField {
  case enabled, sizer, batch, storage
  case consumers = "num_consumers"
  case size = "queue_size"
  case blockOnOverflow = "block_on_overflow"
  case waitForResult = "wait_for_result"
  static let table = FieldTable<Self>()
  var support: FieldSupport {
    switch self {
    case .blockOnOverflow: .unsupported("a full queue refuses, and the sender tries again")
    case .waitForResult: .unsupported("a request is acknowledged once it is in the queue; storage makes that last")
    case .enabled: .unsupported("there is always a queue; make it small")
    default: .supported
    }
  }
  var shape: Shape {
    switch self {
    case .consumers: .integer(1...1000)
    case .size: .integer(1...1 << 40)
    default: .anything
    }
  }
}

enum QueueBatchField: String, TelemetryField {
  case sizer
  case minSize = "min_size"
  case maxSize = "max_size"
  case flushTimeout = "flush_timeout"
  static let table = FieldTable<Self>()
  var shape: Shape {
    switch self {
    case .sizer: .words(QueueSizer.allCases.map(\.rawValue))
    case .minSize, .maxSize: .integer(0...1 << 40)
    case .flushTimeout: .interval
    }
  }
}
