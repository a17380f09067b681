// SPDX-License-Identifier: Apache-2.0

/// Receivers, processors, exporters and the pipelines that join them, in the Collector's words; validated.
public struct TelemetryConfiguration: Sendable {
  public var receivers: [ComponentID: OTLPReceiverSettings] = [:]
  public var processors: [ComponentID: ProcessorSettings] = [:]
  public var exporters: [ComponentID: ExporterKind] = [:]
  public var connectors: [ComponentID: RoutingSettings] = [:]
  public var extensions: [ComponentID: ExtensionSettings] = [:]
  public var pipelines: [PipelineSettings] = []

  public init() {}

  /// Bytes that telemetry may take at most: of the memory limiter in force.
  public var memoryLimitBytes: Int {
    let limits = extensions.values.compactMap { if case .memoryLimiter(let bytes) = $0 { bytes } else { nil } }
    let processors = processors.values.compactMap { if case .memoryLimiter(let bytes) = $0 { bytes } else { nil } }
    return (limits + processors).min() ?? Self.defaultMemoryLimitBytes
  }

  public static let defaultMemoryLimitBytes = 256 << 20
}

public enum ProcessorSettings: Sendable {
  case attributes([AttributeAction])
  case resource([AttributeAction])
  case resourceDetection([ResourceDetector], overrides: Bool)
  case probabilisticSampler(percentage: Double)
  /// Done by the exporters of the pipeline as they take from their queues: a request is acknowledged once it is in the
  /// queue, and not before it is joined with others.
  case batch(BatchSettings)
  case memoryLimiter(bytes: Int)
}

public enum ExporterKind: Sendable {
  case otlp(OTLPExporterSettings)
  /// Prints what comes, as `swerve otlp dump` does.
  case debug(DebugVerbosity)
  case nop
}

/// One far end with the queue before it.
public struct OTLPExporterSettings: Sendable {
  public var connection: ConnectionSettings
  public var delivery = DeliverySettings()
  public var queue = QueueSettings()

  public init(connection: ConnectionSettings) {
    self.connection = connection
  }
}

public struct QueueSettings: Hashable, Sendable {
  public var sizer = QueueSizer.requests
  /// In the sizer's unit.
  public var capacity = 1000
  /// A `file_storage` extension; nil keeps the queue in memory.
  public var storage: ComponentID?

  public init() {}
}

/// How much of a request is printed; the Collector's `debug` exporter.
public enum DebugVerbosity: String, CaseIterable, Sendable {
  /// One line for each request.
  case basic
  /// One line for each item.
  case normal
  /// Every field.
  case detailed
}

public enum ExtensionSettings: Sendable {
  /// Tokens of senders, in a file as the Kubernetes API server reads it.
  case bearerTokens(file: String)
  /// SPIFFE IDs that may send; patterns.
  case spiffe(allowed: [String])
  /// The header field that says the tenant.
  case tenantHeader(String)
  case fileStorage(FileStorageSettings)
  case memoryLimiter(bytes: Int)
}

public struct FileStorageSettings: Hashable, Sendable {
  public var directory: String
  /// Of one queue, in bytes.
  public var bytesMax = 1 << 30
  /// Whether every request is on the disk before it is acknowledged, and not only in the page cache.
  public var fsync = false

  public init(directory: String) {
    self.directory = directory
  }
}

public struct RoutingSettings: Sendable {
  public struct Rule: Sendable {
    public var condition: RoutingConnector.Condition
    public var pipelines: [String]
  }

  public var rules: [Rule] = []
  public var defaultPipelines: [String] = []

  public init() {}
}

public struct PipelineSettings: Sendable {
  /// `SIGNAL` or `SIGNAL/NAME`.
  public var name: String
  public var signal: Signal
  /// Receivers, and connectors whose rules name this pipeline.
  public var receivers: [ComponentID] = []
  public var processors: [ComponentID] = []
  /// Exporters and connectors.
  public var exporters: [ComponentID] = []

  public init(name: String, signal: Signal) {
    self.name = name
    self.signal = signal
  }
}
