// SPDX-License-Identifier: Apache-2.0

// The types of Istio's virtual_service.proto as far as they are read, each with all its fields.

enum VirtualServiceField: String, FieldName {
  case hosts, http, gateways, tls, tcp, exportTo
  static let table = FieldTable<Self>()
  static let required: [Self] = [.hosts]
  var support: FieldSupport {
    switch self {
    case .tls: .unsupported("connections are not routed by what TLS says")
    case .tcp: .unsupported("a service has one set of endpoints; give another Service for another set")
    default: .supported
    }
  }
  var shape: Shape {
    switch self {
    case .hosts: .list(.text)
    case .http: .list(.object(HTTPRouteField.self))
    case .gateways: .list(.words(["mesh"]))
    case .exportTo: .list(.words(ExportTo.allCases.map(\.rawValue)))
    case .tls, .tcp: .anything
    }
  }
}

enum HTTPRouteField: String, FieldName {
  case name, route, timeout, retries
  case match, redirect, directResponse, delegate, rewrite, fault, mirror, mirrors, mirrorPercent, mirrorPercentage
  case corsPolicy, headers
  static let table = FieldTable<Self>()
  static let required: [Self] = [.route]
  var support: FieldSupport {
    switch self {
    case .name: .ignored
    case .route, .timeout, .retries: .supported
    case .match: .unsupported("all requests of a service take one route")
    case .redirect: .unsupported("requests go to endpoints and nowhere else")
    case .directResponse:
      .unsupported("requests go to endpoints; `spec.fallback.response` of a TrafficPolicy answers when none may")
    case .delegate: .unsupported("a VirtualService stands for itself")
    case .rewrite, .headers, .corsPolicy: .unsupported("requests and responses are passed on as they are")
    case .fault: .unsupported("no faults are injected")
    case .mirror, .mirrors, .mirrorPercent, .mirrorPercentage: .unsupported("a request goes to one endpoint")
    }
  }
  var shape: Shape {
    switch self {
    case .name: .text
    case .route: .list(.object(RouteField.self))
    case .timeout: .duration(millisecondsMin: 0)
    case .retries: .object(RetriesField.self)
    default: .anything
    }
  }

  /// Without these, what is left of a route would say something about other requests than it was written for.
  static let selecting: Set<String> = Set([match, redirect, directResponse, delegate].map(\.rawValue))
}

enum RouteField: String, FieldName {
  case destination, weight, headers
  static let table = FieldTable<Self>()
  static let required: [Self] = [.destination]
  var support: FieldSupport {
    self == .headers ? .unsupported("requests and responses are passed on as they are") : .supported
  }
  var shape: Shape {
    switch self {
    case .destination: .object(DestinationField.self)
    case .weight: .integer(0...Int(Int32.max))
    case .headers: .anything
    }
  }
}

enum DestinationField: String, FieldName {
  case host, subset, port
  static let table = FieldTable<Self>()
  static let required: [Self] = [.host]
  var support: FieldSupport { .supported }
  var shape: Shape { self == .port ? .object(PortSelectorField.self) : .text }
}

enum RetriesField: String, SettingField {
  case attempts, perTryTimeout, retryOn, retryIgnorePreviousHosts, backoff, retryRemoteLocalities
  static let table = FieldTable<Self>()
  var support: FieldSupport {
    self == .retryRemoteLocalities
      ? .unsupported("a retry goes where a first attempt would; `localityLbSetting` decides between zones") : .supported
  }
  var setting: Setting? {
    switch self {
    case .attempts: .retryAttempts
    case .perTryTimeout: .perTryTimeout
    case .retryIgnorePreviousHosts: .retryIgnorePreviousHosts
    case .backoff: .retryBackoff
    case .retryOn, .retryRemoteLocalities: nil
    }
  }
  var shape: Shape { setting?.shape ?? (self == .retryOn ? .text : .anything) }
}
