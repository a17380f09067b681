// SPDX-License-Identifier: Apache-2.0

// The types of Istio's destination_rule.proto, each with all its fields.

enum DestinationRuleField: String, FieldName {
  case host, trafficPolicy, subsets, exportTo, workloadSelector
  static let table = FieldTable<Self>()
  static let required: [Self] = [.host]
  var support: FieldSupport {
    self == .workloadSelector
      ? .unsupported("there is no proxy per workload; all workloads of the node have one policy") : .supported
  }
  var shape: Shape {
    switch self {
    case .host: .text
    case .trafficPolicy: .object(PolicyGroupsField.self)
    case .subsets: .list(.object(SubsetField.self))
    case .exportTo: .list(.words(ExportTo.allCases.map(\.rawValue)))
    case .workloadSelector: .anything
    }
  }
}

enum ExportTo: String, CaseIterable {
  case everyone = "*"
  case ownNamespace = "."
}

enum PolicyGroupsField: String, FieldName {
  case connectionPool, outlierDetection, loadBalancer, tls, portLevelSettings, tunnel, proxyProtocol, retryBudget
  static let table = FieldTable<Self>()
  var support: FieldSupport {
    switch self {
    case .tunnel: .unsupported("connections go to endpoints directly")
    case .proxyProtocol: .unsupported("endpoints see connections as applications make them")
    case .retryBudget: .unsupported("`spec.retryBudget` of a swerve.dev/v1alpha1 TrafficPolicy is the place for it")
    default: .supported
    }
  }
  var shape: Shape {
    switch self {
    case .connectionPool: .object(ConnectionPoolField.self)
    case .outlierDetection: .object(OutlierDetectionField.self)
    case .loadBalancer: .object(LoadBalancerField.self)
    case .tls: .object(TLSField.self)
    case .portLevelSettings: .list(.object(PortPolicyField.self))
    default: .anything
    }
  }
}

enum PortPolicyField: String, FieldName {
  case port, connectionPool, outlierDetection, loadBalancer, tls
  static let table = FieldTable<Self>()
  static let required: [Self] = [.port]
  var support: FieldSupport { .supported }
  var shape: Shape {
    switch self {
    case .port: .object(PortSelectorField.self)
    case .connectionPool: .object(ConnectionPoolField.self)
    case .outlierDetection: .object(OutlierDetectionField.self)
    case .loadBalancer: .object(LoadBalancerField.self)
    case .tls: .object(TLSField.self)
    }
  }
}

enum PortSelectorField: String, FieldName {
  case number
  static let table = FieldTable<Self>()
  static let required: [Self] = [.number]
  var support: FieldSupport { .supported }
  var shape: Shape { .integer(1...65_535) }
}

enum TLSField: String, FieldName {
  case mode, clientCertificate, privateKey, caCertificates, credentialName, subjectAltNames, sni
  case insecureSkipVerify, caCrl
  static let table = FieldTable<Self>()
  var support: FieldSupport {
    self == .mode ? .supported : .unsupported("Swerve does not encrypt; applications do")
  }
  var shape: Shape { self == .mode ? .words([TLSMode.disable.rawValue]) : .anything }
}

enum TLSMode: String, CaseIterable {
  case disable = "DISABLE"
  case simple = "SIMPLE"
  case mutual = "MUTUAL"
  case istioMutual = "ISTIO_MUTUAL"
}

enum ConnectionPoolField: String, FieldName {
  case tcp, http
  static let table = FieldTable<Self>()
  var support: FieldSupport { .supported }
  var shape: Shape { self == .tcp ? .object(TCPSettingsField.self) : .object(HTTPSettingsField.self) }
}

enum TCPSettingsField: String, SettingField {
  case maxConnections, connectTimeout, tcpKeepalive, maxConnectionDuration, idleTimeout
  static let table = FieldTable<Self>()
  var support: FieldSupport {
    switch self {
    case .tcpKeepalive: .unsupported("applications set the options of their own sockets")
    default: .supported
    }
  }
  var setting: Setting? {
    switch self {
    case .maxConnections: .maxConnections
    case .connectTimeout: .connectTimeout
    case .maxConnectionDuration: .maxConnectionDuration
    case .idleTimeout: .tcpIdleTimeout
    case .tcpKeepalive: nil
    }
  }
}

enum HTTPSettingsField: String, SettingField {
  case http1MaxPendingRequests, http2MaxRequests, maxRequestsPerConnection, maxRetries, idleTimeout
  case h2UpgradePolicy, useClientProtocol, maxConcurrentStreams, http2KeepAlive
  static let table = FieldTable<Self>()
  var support: FieldSupport {
    switch self {
    case .maxConcurrentStreams, .http2KeepAlive: .unsupported("requests are HTTP/1.1, which has no streams")
    // The protocol stays what the client speaks.
    case .useClientProtocol: .ignored
    default: .supported
    }
  }
  var setting: Setting? {
    switch self {
    case .http1MaxPendingRequests: .maxPendingRequests
    case .http2MaxRequests: .maxRequests
    case .maxRequestsPerConnection: .maxRequestsPerConnection
    case .maxRetries: .maxRetries
    case .idleTimeout: .idleTimeout
    default: nil
    }
  }
  var shape: Shape {
    if let shape = setting?.shape { return shape }
    return self == .h2UpgradePolicy ? .words(["DEFAULT", "DO_NOT_UPGRADE"]) : .anything
  }
}

enum H2UpgradePolicy: String, CaseIterable {
  case standard = "DEFAULT"
  case never = "DO_NOT_UPGRADE"
  case upgrade = "UPGRADE"
}

enum OutlierDetectionField: String, SettingField {
  case consecutive5xxErrors, consecutiveGatewayErrors, consecutiveLocalOriginFailures
  case splitExternalLocalOriginErrors, interval, baseEjectionTime, maxEjectionPercent, minHealthPercent
  case consecutiveErrors, outlierDetectionHttpErrorCodes
  static let table = FieldTable<Self>()
  var support: FieldSupport {
    switch self {
    case .consecutiveErrors:
      .unsupported("Istio has replaced it; write `consecutive5xxErrors` or `consecutiveGatewayErrors`")
    case .outlierDetectionHttpErrorCodes: .unsupported("5xx and gateway errors are told apart, not single codes")
    default: .supported
    }
  }
  var setting: Setting? { Setting(rawValue: "outlierDetection.\(rawValue)") }
}

enum SubsetField: String, FieldName {
  case name, labels, trafficPolicy
  static let table = FieldTable<Self>()
  static let required: [Self] = [.name]
  var support: FieldSupport { .supported }
  var shape: Shape {
    switch self {
    case .name: .text
    case .labels: .map(.text)
    case .trafficPolicy: .object(PolicyGroupsField.self)
    }
  }
}
