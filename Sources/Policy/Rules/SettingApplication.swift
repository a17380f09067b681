// SPDX-License-Identifier: Apache-2.0

extension TrafficSettings {
  /// Puts one value in force.
  mutating func apply(_ assignment: Assignment, namespace: String) {
    let setting = assignment.setting
    switch assignment.value {
    case .number(let number), .milliseconds(let number):
      if let path = setting.numberPath { self[keyPath: path] = number } else { applyPart(setting, number) }
    case .flag(let flag): applyFlag(setting, flag)
    case .real(let value): if setting == .warmupAggression { warmup?.aggression = value }
    case .conditions(let conditions):
      request.retryOn = conditions.union(request.retryOn.intersection(.nonIdempotent))
    case .fallback(let rule): fallback = rule.meaning(namespace: namespace)
    case .loadBalancer: return
    }
  }

  /// Numbers of what is off until one of its values is given.
  private mutating func applyPart(_ setting: Setting, _ number: UInt32) {
    switch setting {
    case .warmupDuration: warmup = Warmup(durationMilliseconds: number)
    case .warmupMinimumPercent: warmup?.minimumPercent = number
    case .successRateMinimumHosts: changeSuccessRate { $0.minimumHosts = number }
    case .successRateRequestVolume: changeSuccessRate { $0.requestVolume = number }
    case .successRateStdevFactor: changeSuccessRate { $0.stdevFactor = number }
    case .failurePercentageThreshold: changeFailurePercentage { $0.thresholdPercent = number }
    case .failurePercentageMinimumHosts: changeFailurePercentage { $0.minimumHosts = number }
    case .failurePercentageRequestVolume: changeFailurePercentage { $0.requestVolume = number }
    case .budgetPercent: changeBudget { $0.budgetPercent = number }
    case .minRetryConcurrency: changeBudget { $0.minRetryConcurrency = number }
    default: return
    }
  }

  private mutating func applyFlag(_ setting: Setting, _ flag: Bool) {
    switch setting {
    case .outlierDetection: outlierDetection = .istioDefaults
    case .splitExternalLocalOriginErrors: outlierDetection.splitExternalLocalOriginErrors = flag
    case .retryIgnorePreviousHosts: request.retryIgnorePreviousHosts = flag
    case .retryNonIdempotent:
      if flag { request.retryOn.insert(.nonIdempotent) } else { request.retryOn.remove(.nonIdempotent) }
    default: return
    }
  }

  private mutating func changeSuccessRate(_ change: (inout SuccessRate) -> Void) {
    var value = outlierDetection.successRate ?? SuccessRate()
    change(&value)
    outlierDetection.successRate = value
  }

  private mutating func changeFailurePercentage(_ change: (inout FailurePercentage) -> Void) {
    var value = outlierDetection.failurePercentage ?? FailurePercentage()
    change(&value)
    outlierDetection.failurePercentage = value
  }

  private mutating func changeBudget(_ change: (inout RetryBudget) -> Void) {
    var value = request.retryBudget ?? RetryBudget()
    change(&value)
    request.retryBudget = value
  }
}

extension TrafficSettings.OutlierDetection {
  /// What is in force for whatever an `outlierDetection` leaves out: Istio's reference, and Envoy's for the longest
  /// ejection.
  static let istioDefaults = {
    var defaults = Self()
    defaults.consecutive5xxErrors = 5
    defaults.consecutiveGatewayErrors = 0
    defaults.consecutiveLocalOriginFailures = 5
    defaults.splitExternalLocalOriginErrors = false
    defaults.intervalMilliseconds = 10_000
    defaults.baseEjectionTimeMilliseconds = 30_000
    defaults.maxEjectionTimeMilliseconds = 300_000
    defaults.maxEjectionPercent = 10
    defaults.healthyPanicThresholdPercent = 0
    return defaults
  }()
}
