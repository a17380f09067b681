// SPDX-License-Identifier: Apache-2.0

// Swerve's own kind: what Envoy has under these names and Istio does not offer, and what neither has.

enum TrafficPolicySpecField: String, FieldName {
  case host, port, outlierDetection, retryBudget, retryNonIdempotent, loadBalancer, fallback
  static let table = FieldTable<Self>()
  static let required: [Self] = [.host]
  var support: FieldSupport { .supported }
  var shape: Shape {
    switch self {
    case .host: .text
    case .port: .integer(1...65_535)
    case .outlierDetection: .object(ExtraOutlierDetectionField.self)
    case .retryBudget: .object(RetryBudgetField.self)
    case .retryNonIdempotent: .boolean
    case .loadBalancer: .object(ExtraLoadBalancerField.self)
    case .fallback: .object(FallbackField.self)
    }
  }
}

enum ExtraOutlierDetectionField: String, SettingField {
  case successRateMinimumHosts, successRateRequestVolume, successRateStdevFactor
  case failurePercentageThreshold, failurePercentageMinimumHosts, failurePercentageRequestVolume
  case maxEjectionTime, healthyPanicThreshold
  case consecutive5xxErrors, consecutiveGatewayErrors, consecutiveLocalOriginFailures
  case splitExternalLocalOriginErrors, interval, baseEjectionTime, maxEjectionPercent, minHealthPercent
  static let table = FieldTable<Self>()
  var support: FieldSupport {
    OutlierDetectionField(rawValue: rawValue) == nil
      ? .supported : .unsupported("it belongs in `spec.trafficPolicy.outlierDetection` of a DestinationRule")
  }
  var setting: Setting? { Setting(rawValue: "outlierDetection.\(rawValue)") }
}

enum RetryBudgetField: String, SettingField {
  case budgetPercent, minRetryConcurrency
  static let table = FieldTable<Self>()
  var support: FieldSupport { .supported }
  var setting: Setting? { Setting(rawValue: "retryBudget.\(rawValue)") }
}

enum ExtraLoadBalancerField: String, FieldName {
  case simple, choiceCount
  static let table = FieldTable<Self>()
  var support: FieldSupport { .supported }
  var shape: Shape {
    self == .simple ? .words(LoadBalancer.allCases.map(\.rawValue)) : .integer(2...2)
  }
}

enum FallbackField: String, FieldName {
  case service, response
  static let table = FieldTable<Self>()
  var support: FieldSupport { .supported }
  var shape: Shape { self == .service ? .text : .object(FallbackResponseField.self) }
}

enum FallbackResponseField: String, FieldName {
  case status, headers, body, bodyFile
  static let table = FieldTable<Self>()
  static let required: [Self] = [.status]
  var support: FieldSupport { .supported }
  var shape: Shape {
    switch self {
    case .status: .integer(200...599)
    case .headers: .map(.text)
    case .body, .bodyFile: .text
    }
  }
}
