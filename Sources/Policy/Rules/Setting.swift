// SPDX-License-Identifier: Apache-2.0

/// One value of a service's policy that a file may give, by its path in the kind that has it: below `trafficPolicy` of a
/// DestinationRule, `http[0]` of a VirtualService or `spec` of a TrafficPolicy. `swerve explain` lists them in this order.
public enum Setting: String, CaseIterable, Codable, Sendable {
  case maxConnections = "connectionPool.tcp.maxConnections"
  case connectTimeout = "connectionPool.tcp.connectTimeout"
  case maxConnectionDuration = "connectionPool.tcp.maxConnectionDuration"
  case tcpIdleTimeout = "connectionPool.tcp.idleTimeout"
  case maxPendingRequests = "connectionPool.http.http1MaxPendingRequests"
  case maxRequests = "connectionPool.http.http2MaxRequests"
  case maxRequestsPerConnection = "connectionPool.http.maxRequestsPerConnection"
  case maxRetries = "connectionPool.http.maxRetries"
  case idleTimeout = "connectionPool.http.idleTimeout"

  /// That there is an `outlierDetection` at all, which changes the defaults of the values below.
  case outlierDetection = "outlierDetection"
  case consecutive5xxErrors = "outlierDetection.consecutive5xxErrors"
  case consecutiveGatewayErrors = "outlierDetection.consecutiveGatewayErrors"
  case consecutiveLocalOriginFailures = "outlierDetection.consecutiveLocalOriginFailures"
  case splitExternalLocalOriginErrors = "outlierDetection.splitExternalLocalOriginErrors"
  case interval = "outlierDetection.interval"
  case baseEjectionTime = "outlierDetection.baseEjectionTime"
  case maxEjectionPercent = "outlierDetection.maxEjectionPercent"
  case minHealthPercent = "outlierDetection.minHealthPercent"
  case maxEjectionTime = "outlierDetection.maxEjectionTime"
  case healthyPanicThreshold = "outlierDetection.healthyPanicThreshold"
  case successRateMinimumHosts = "outlierDetection.successRateMinimumHosts"
  case successRateRequestVolume = "outlierDetection.successRateRequestVolume"
  case successRateStdevFactor = "outlierDetection.successRateStdevFactor"
  case failurePercentageThreshold = "outlierDetection.failurePercentageThreshold"
  case failurePercentageMinimumHosts = "outlierDetection.failurePercentageMinimumHosts"
  case failurePercentageRequestVolume = "outlierDetection.failurePercentageRequestVolume"

  case loadBalancer = "loadBalancer"
  case warmupDuration = "loadBalancer.warmup.duration"
  case warmupMinimumPercent = "loadBalancer.warmup.minimumPercent"
  case warmupAggression = "loadBalancer.warmup.aggression"
  case locality = "loadBalancer.localityLbSetting"

  case subset = "subset"
  case timeout = "timeout"
  case retryAttempts = "retries.attempts"
  case perTryTimeout = "retries.perTryTimeout"
  case retryOn = "retries.retryOn"
  case retryIgnorePreviousHosts = "retries.retryIgnorePreviousHosts"
  case retryBackoff = "retries.backoff"

  case retryNonIdempotent = "retryNonIdempotent"
  case budgetPercent = "retryBudget.budgetPercent"
  case minRetryConcurrency = "retryBudget.minRetryConcurrency"
  case fallback = "fallback"
}

/// A value as a policy file gives it, checked.
enum SettingValue: Hashable, Sendable {
  case number(UInt32)
  case milliseconds(UInt32)
  case flag(Bool)
  case real(Double)
  case loadBalancer(LoadBalancer)
  case conditions(TrafficSettings.RetryConditions)
  case fallback(FallbackRule)
}

/// One setting of one object, with where it is written.
struct Assignment: Sendable {
  let setting: Setting
  let value: SettingValue
  let position: Position
}

extension Setting {
  /// What the value looks like; nil for what is read by hand.
  var shape: Shape? {
    switch self {
    case .maxConnections, .maxPendingRequests, .maxRequests, .maxRetries: .integer(0...Int(Int32.max))
    case .maxRequestsPerConnection: .integer(0...(1 << 29))
    case .retryAttempts: .integer(0...100)
    case .consecutive5xxErrors, .consecutiveGatewayErrors, .consecutiveLocalOriginFailures:
      .integer(0...Int(UInt32.max))
    case .connectTimeout, .maxConnectionDuration, .tcpIdleTimeout, .idleTimeout, .interval, .baseEjectionTime,
      .maxEjectionTime, .warmupDuration,
      .perTryTimeout, .retryBackoff:
      .duration(millisecondsMin: 1)
    case .timeout: .duration(millisecondsMin: 0)
    case .maxEjectionPercent, .minHealthPercent, .healthyPanicThreshold, .warmupMinimumPercent: .integer(0...100)
    case .failurePercentageThreshold, .budgetPercent: .integer(1...100)
    case .successRateMinimumHosts, .failurePercentageMinimumHosts: .integer(1...32_768)
    case .successRateRequestVolume, .failurePercentageRequestVolume, .minRetryConcurrency:
      .integer(1...Int(Int32.max))
    case .successRateStdevFactor: .integer(1...100_000)
    case .warmupAggression: .number(1...1_000_000)
    case .splitExternalLocalOriginErrors, .retryIgnorePreviousHosts, .retryNonIdempotent: .boolean
    case .outlierDetection, .loadBalancer, .locality, .subset, .retryOn, .fallback: nil
    }
  }

  /// In protobuf an integer of 0 is one that was not given, and Istio takes its default then.
  var isDefaultWhenZero: Bool {
    switch self {
    case .maxConnections, .maxPendingRequests, .maxRequests, .maxRetries, .maxEjectionPercent: true
    default: false
    }
  }

  /// Where a plain number lives.
  var numberPath: WritableKeyPath<TrafficSettings, UInt32>? {
    switch self {
    case .maxConnections: \.maxConnections
    case .connectTimeout: \.connectTimeoutMilliseconds
    case .maxConnectionDuration: \.maxConnectionDurationMilliseconds
    case .tcpIdleTimeout: \.tcpIdleTimeoutMilliseconds
    case .maxPendingRequests: \.maxPendingRequests
    case .maxRequests: \.maxRequests
    case .maxRequestsPerConnection: \.maxRequestsPerConnection
    case .maxRetries: \.request.maxRetries
    case .idleTimeout: \.idleTimeoutMilliseconds
    case .consecutive5xxErrors: \.outlierDetection.consecutive5xxErrors
    case .consecutiveGatewayErrors: \.outlierDetection.consecutiveGatewayErrors
    case .consecutiveLocalOriginFailures: \.outlierDetection.consecutiveLocalOriginFailures
    case .interval: \.outlierDetection.intervalMilliseconds
    case .baseEjectionTime: \.outlierDetection.baseEjectionTimeMilliseconds
    case .maxEjectionPercent: \.outlierDetection.maxEjectionPercent
    case .minHealthPercent, .healthyPanicThreshold: \.outlierDetection.healthyPanicThresholdPercent
    case .maxEjectionTime: \.outlierDetection.maxEjectionTimeMilliseconds
    case .timeout: \.request.timeoutMilliseconds
    case .retryAttempts: \.request.retryAttempts
    case .perTryTimeout: \.request.perTryTimeoutMilliseconds
    case .retryBackoff: \.request.retryBackoffMilliseconds
    default: nil
    }
  }

  /// Whether it concerns requests, which a port in connection mode has none of.
  var isOfRequests: Bool {
    switch self {
    case .maxPendingRequests, .maxRequests, .maxRequestsPerConnection, .maxRetries, .idleTimeout, .timeout,
      .retryAttempts, .perTryTimeout, .retryOn, .retryIgnorePreviousHosts, .retryBackoff, .retryNonIdempotent,
      .budgetPercent, .minRetryConcurrency, .fallback, .successRateMinimumHosts, .successRateRequestVolume,
      .successRateStdevFactor, .failurePercentageThreshold, .failurePercentageMinimumHosts,
      .failurePercentageRequestVolume, .consecutiveGatewayErrors:
      true
    default: false
    }
  }
}
