// SPDX-License-Identifier: Apache-2.0

/// The policy in force for one service, value by value, with the place each comes from.
public struct Explanation: Codable, Sendable {
  public struct Value: Codable, Sendable {
    /// Path of the field in the kind that has it; see `Setting`.
    public let setting: String
    public let value: String
    /// nil: nobody gives it, so the default is in force.
    public let source: SourceLocation?
  }

  /// As the kernel knows it.
  public let service: String
  public let source: SourceLocation
  public let frontends: [Frontend]
  public let isPerRequest: Bool
  public let endpointCount: Int
  public let standbyCount: Int
  public let values: [Value]
}

extension Explanation {
  init(_ service: Service, _ policy: EffectivePolicy) {
    self.service = service.name
    source = service.source
    frontends = service.frontends
    isPerRequest = service.isPerRequest
    endpointCount = service.endpoints.count { $0.weight > 0 }
    standbyCount = service.endpoints.count(where: \.isStandby)
    values = Setting.allCases.compactMap { setting in
      guard let text = setting.text(policy, service) else { return nil }
      return Value(setting: setting.rawValue, value: text, source: setting.origin(policy, service)?.location)
    }
  }
}

extension Setting {
  /// The value in force, for people; nil when there is nothing to tell because what it is part of is off.
  fileprivate func text(_ policy: EffectivePolicy, _ service: Service) -> String? {
    let settings = service.settings
    switch self {
    case .loadBalancer: return service.loadBalancer.rawValue
    case .subset: return policy.subsetName ?? "all endpoints"
    case .locality: return policy.locality.map(Self.text) ?? "off"
    case .outlierDetection:
      return policy.origins[.outlierDetection] == nil ? "connection failures only" : "on"
    case .minHealthPercent: return nil
    case .warmupDuration, .warmupMinimumPercent, .warmupAggression: return text(settings.warmup)
    case .retryOn:
      let text = RetryWord.text(settings.request.retryOn)
      return text.isEmpty ? "nothing" : text
    case .retryNonIdempotent: return "\(settings.request.retryOn.contains(.nonIdempotent))"
    case .retryIgnorePreviousHosts: return "\(settings.request.retryIgnorePreviousHosts)"
    case .splitExternalLocalOriginErrors: return "\(settings.outlierDetection.splitExternalLocalOriginErrors)"
    case .budgetPercent: return settings.request.retryBudget.map { "\($0.budgetPercent) %" } ?? "off"
    case .minRetryConcurrency: return settings.request.retryBudget.map { "\($0.minRetryConcurrency)" }
    case .fallback: return Self.text(settings.fallback)
    case .successRateMinimumHosts, .successRateRequestVolume, .successRateStdevFactor:
      return text(settings.outlierDetection.successRate)
    case .failurePercentageThreshold, .failurePercentageMinimumHosts, .failurePercentageRequestVolume:
      return text(settings.outlierDetection.failurePercentage)
    default: return numberPath.map { number(settings[keyPath: $0]) }
    }
  }

  /// The panic threshold has a name in Istio and one in Envoy; whichever was read last is in force.
  fileprivate func origin(_ policy: EffectivePolicy, _ service: Service) -> Origin? {
    switch self {
    case .healthyPanicThreshold: policy.origins[self] ?? policy.origins[.minHealthPercent]
    case .fallback: service.settings.fallback == nil ? nil : policy.origins[self]
    default: policy.origins[self]
    }
  }

  private func number(_ value: UInt32) -> String {
    if value == 0, let word = wordForZero { return word }
    switch self {
    case .maxConnections where value == .max: return "no limit"
    case .maxEjectionPercent, .healthyPanicThreshold: return "\(value) %"
    default:
      if case .duration = shape { return Self.duration(value) }
      return "\(value)"
    }
  }

  private var wordForZero: String? {
    switch self {
    case .consecutive5xxErrors, .consecutiveGatewayErrors, .consecutiveLocalOriginFailures: "off"
    case .maxRequestsPerConnection, .maxConnectionDuration, .tcpIdleTimeout, .timeout, .perTryTimeout: "no limit"
    case .healthyPanicThreshold: "never"
    default: nil
    }
  }

  private func text(_ warmup: TrafficSettings.Warmup?) -> String? {
    guard let warmup else { return self == .warmupDuration ? "off" : nil }
    switch self {
    case .warmupDuration: return Self.duration(warmup.durationMilliseconds)
    case .warmupMinimumPercent: return "\(warmup.minimumPercent) %"
    default: return "\(warmup.aggression)"
    }
  }

  private func text(_ rate: TrafficSettings.SuccessRate?) -> String? {
    guard let rate else { return self == .successRateStdevFactor ? "off" : nil }
    switch self {
    case .successRateMinimumHosts: return "\(rate.minimumHosts)"
    case .successRateRequestVolume: return "\(rate.requestVolume)"
    default: return "\(rate.stdevFactor)"
    }
  }

  private func text(_ percentage: TrafficSettings.FailurePercentage?) -> String? {
    guard let percentage else { return self == .failurePercentageThreshold ? "off" : nil }
    switch self {
    case .failurePercentageMinimumHosts: return "\(percentage.minimumHosts)"
    case .failurePercentageRequestVolume: return "\(percentage.requestVolume)"
    default: return "\(percentage.thresholdPercent) %"
    }
  }

  private static func text(_ locality: LocalityRule) -> String {
    if !locality.isEnabled { return "off" }
    return locality.isFailover ? "own zone first" : "distribute"
  }

  private static func text(_ fallback: TrafficSettings.Fallback?) -> String {
    switch fallback {
    case nil: "none"
    case .service(let name): name
    case .response(let message):
      "response \(String(decoding: message.prefix(12).suffix(3), as: UTF8.self)), \(message.count) bytes"
    }
  }

  /// `1.5s`, `250ms`, `10m`: the largest unit that gives a short number.
  static func duration(_ milliseconds: UInt32) -> String {
    for (unit, size) in [("h", UInt32(3_600_000)), ("m", 60_000), ("s", 1000)] {
      if milliseconds >= size, milliseconds % size == 0 { return "\(milliseconds / size)\(unit)" }
    }
    return "\(milliseconds)ms"
  }
}
