// SPDX-License-Identifier: Apache-2.0

import Policy

enum AttributesField: String, TelemetryField {
  case actions, include, exclude
  static let table = FieldTable<Self>()
  static let required: [Self] = [.actions]
  var support: FieldSupport {
    self == .actions ? .supported : .unsupported("put what is to be changed into a pipeline of its own")
  }
}

enum ResourceField: String, TelemetryField {
  case attributes
  static let table = FieldTable<Self>()
  static let required: [Self] = [.attributes]
}

enum ActionField: String, TelemetryField {
  case key, value, action
  case fromAttribute = "from_attribute"
  case fromContext = "from_context"
  case pattern
  case convertedType = "converted_type"
  static let table = FieldTable<Self>()
  static let required: [Self] = [.key, .action]
  var support: FieldSupport {
    switch self {
    case .fromContext, .pattern, .convertedType: .unsupported("values are literals or come from another attribute")
    default: .supported
    }
  }
}

enum ResourceDetectionField: String, TelemetryField {
  case detectors
  case overrides = "override"
  case timeout
  static let table = FieldTable<Self>()
  static let required: [Self] = [.detectors]
  /// Nothing is asked over the network.
  var support: FieldSupport { self == .timeout ? .ignored : .supported }
}

enum SamplerField: String, TelemetryField {
  case samplingPercentage = "sampling_percentage"
  case mode
  case hashSeed = "hash_seed"
  case samplingPrecision = "sampling_precision"
  case failClosed = "fail_closed"
  static let table = FieldTable<Self>()
  static let required: [Self] = [.samplingPercentage]
  var support: FieldSupport {
    switch self {
    case .samplingPercentage: .supported
    case .mode: .ignored
    default: .unsupported("the random bits of the trace id decide, the same way everywhere")
    }
  }
  var shape: Shape { .number(0...100) }
}

enum BatchField: String, TelemetryField {
  case sendBatchSize = "send_batch_size"
  case sendBatchMaxSize = "send_batch_max_size"
  case timeout
  case metadataKeys = "metadata_keys"
  static let table = FieldTable<Self>()
  var support: FieldSupport {
    self == .metadataKeys ? .unsupported("requests of different tenants are never joined") : .supported
  }
  var shape: Shape { self == .timeout ? .interval : .integer(0...1_000_000) }
}

enum MemoryLimiterField: String, TelemetryField {
  case limitMebibytes = "limit_mib"
  case checkInterval = "check_interval"
  case spikeLimitMebibytes = "spike_limit_mib"
  case limitPercentage = "limit_percentage"
  case spikeLimitPercentage = "spike_limit_percentage"
  static let table = FieldTable<Self>()
  static let required: [Self] = [.limitMebibytes]
  var support: FieldSupport {
    switch self {
    case .limitMebibytes: .supported
    // Memory is counted as it is taken: nothing is checked from time to time.
    case .checkInterval, .spikeLimitMebibytes: .ignored
    case .limitPercentage, .spikeLimitPercentage: .unsupported("write limit_mib")
    }
  }
  var shape: Shape { .mebibytes }
}

// MARK: Connectors and extensions

enum RoutingField: String, TelemetryField {
  case table_ = "table"
  case defaultPipelines = "default_pipelines"
  case errorMode = "error_mode"
  case matchOnce = "match_once"
  static let table = FieldTable<Self>()
  static let required: [Self] = [.table_]
  var support: FieldSupport {
    switch self {
    case .errorMode: .ignored
    case .matchOnce: .unsupported("the first rule that fits has the request")
    default: .supported
    }
  }
}

enum RoutingRuleField: String, TelemetryField {
  case context, condition, pipelines, statement, action
  static let table = FieldTable<Self>()
  static let required: [Self] = [.condition, .pipelines]
  var support: FieldSupport {
    switch self {
    // The condition says what it looks at.
    case .context: .ignored
    case .statement: .unsupported("write a condition")
    case .action: .unsupported("what a rule takes is moved")
    default: .supported
    }
  }
}

enum BearerTokenField: String, TelemetryField {
  case filename, token, tokens, scheme, header
  static let table = FieldTable<Self>()
  static let required: [Self] = [.filename]
  var support: FieldSupport {
    switch self {
    case .filename: .supported
    case .token, .tokens: .unsupported("tokens belong into a file: filename, with TOKEN,USER,UID on each line")
    case .scheme, .header: .unsupported("tokens come as authorization: Bearer TOKEN")
    }
  }
}

enum SPIFFEField: String, TelemetryField {
  case allow
  static let table = FieldTable<Self>()
  static let required: [Self] = [.allow]
}

enum TenantHeaderField: String, TelemetryField {
  case header
  static let table = FieldTable<Self>()
  static let required: [Self] = [.header]
}

enum FileStorageField: String, TelemetryField {
  case directory, fsync, timeout, compaction
  case maxMebibytes = "max_size_mib"
  case createDirectory = "create_directory"
  static let table = FieldTable<Self>()
  static let required: [Self] = [.directory]
  var support: FieldSupport {
    switch self {
    // The directory is always made; whole segments go once they are sent.
    case .timeout, .compaction, .createDirectory: .ignored
    default: .supported
    }
  }
  var shape: Shape { .mebibytes }
}

enum DebugField: String, TelemetryField {
  case verbosity
  case samplingInitial = "sampling_initial"
  case samplingThereafter = "sampling_thereafter"
  case useInternalLogger = "use_internal_logger"
  static let table = FieldTable<Self>()
  var support: FieldSupport { self == .verbosity ? .supported : .ignored }
}
