// SPDX-License-Identifier: Apache-2.0

/// What becomes of a field that Kubernetes, Istio or Swerve knows.
package enum FieldSupport {
  /// Read, checked and put in force.
  case supported
  /// Accepted whatever it holds, because it cannot change what Swerve does.
  case ignored
  /// An error that says why, or a warning with `allowUnsupported`.
  case unsupported(String)
}

/// The fields of one type of an API: every name of its reference, so that all others are mistakes.
package protocol FieldName: RawRepresentable<String>, CaseIterable, Sendable {
  var support: FieldSupport { get }
  var shape: Shape { get }
  /// Fields that every value of the type has.
  static var required: [Self] { get }
  static var table: FieldTable<Self> { get }
}

extension FieldName {
  package var shape: Shape { .anything }
  package static var required: [Self] { [] }
}

/// Finds a field by the bytes of its name, without making a string of them.
package struct FieldTable<Name: FieldName>: Sendable {
  private let entries: [(name: [UInt8], field: Name)]

  package init() {
    entries = Name.allCases.map { (Array($0.rawValue.utf8), $0) }
  }

  package func field(named text: UnsafeBufferPointer<UInt8>) -> Name? {
    for entry in entries where entry.name.count == text.count && entry.name[0] == text[0] {
      if entry.name.elementsEqual(text) { return entry.field }
    }
    return nil
  }
}

enum ObjectField: String, FieldName {
  case apiVersion, kind, metadata, spec, status
  static let table = FieldTable<Self>()
  var support: FieldSupport { self == .status ? .ignored : .supported }
}

enum ListField: String, FieldName {
  case apiVersion, kind, metadata, items
  static let table = FieldTable<Self>()
  var support: FieldSupport { self == .metadata ? .ignored : .supported }
}

package enum MetadataField: String, FieldName {
  case name, namespace, labels, annotations
  case generateName, selfLink, uid, resourceVersion, generation, creationTimestamp, deletionTimestamp
  case deletionGracePeriodSeconds, ownerReferences, finalizers, managedFields
  package static let table = FieldTable<Self>()
  package static let required: [Self] = [.name]
  package var support: FieldSupport {
    switch self {
    case .name, .namespace, .labels, .annotations: .supported
    default: .ignored
    }
  }
  package var shape: Shape {
    switch self {
    case .name, .namespace: .text
    case .labels, .annotations: .map(.text)
    default: .anything
    }
  }
}

enum ServiceSpecField: String, FieldName {
  case ports, type, clusterIP, clusterIPs, externalIPs, externalName, sessionAffinity, sessionAffinityConfig
  case publishNotReadyAddresses, externalTrafficPolicy, internalTrafficPolicy, trafficDistribution
  case selector, loadBalancerIP, loadBalancerSourceRanges, healthCheckNodePort, ipFamilies, ipFamilyPolicy
  case allocateLoadBalancerNodePorts, loadBalancerClass
  static let table = FieldTable<Self>()
  var support: FieldSupport {
    switch self {
    case .selector, .loadBalancerIP, .loadBalancerSourceRanges, .healthCheckNodePort, .ipFamilies, .ipFamilyPolicy,
      .allocateLoadBalancerNodePorts, .loadBalancerClass:
      .ignored
    case .trafficDistribution:
      .unsupported("`localityLbSetting` of a DestinationRule is what prefers endpoints by zone")
    default: .supported
    }
  }
  var shape: Shape {
    switch self {
    case .ports: .list(.object(ServicePortField.self))
    case .type: .words(["ClusterIP", "NodePort", "LoadBalancer"])
    case .clusterIP, .externalName: .text
    case .clusterIPs, .externalIPs: .list(.text)
    case .sessionAffinity: .words(["None", "ClientIP"])
    case .sessionAffinityConfig: .object(SessionAffinityField.self)
    case .publishNotReadyAddresses: .boolean
    case .externalTrafficPolicy, .internalTrafficPolicy: .words(["Cluster"])
    default: .anything
    }
  }
}

enum ServicePortField: String, FieldName {
  case name, port, `protocol`, appProtocol, targetPort, nodePort
  static let table = FieldTable<Self>()
  static let required: [Self] = [.port]
  var support: FieldSupport { self == .nodePort ? .ignored : .supported }
  var shape: Shape {
    switch self {
    case .name, .appProtocol: .text
    case .port: .integer(1...65_535)
    case .protocol: .words([TransportProtocol.tcp.rawValue])
    case .targetPort, .nodePort: .anything
    }
  }
}

enum SessionAffinityField: String, FieldName {
  case clientIP
  static let table = FieldTable<Self>()
  var support: FieldSupport { .supported }
  var shape: Shape { .object(ClientIPField.self) }
}

enum ClientIPField: String, FieldName {
  case timeoutSeconds
  static let table = FieldTable<Self>()
  var support: FieldSupport { .supported }
  var shape: Shape { .integer(1...86_400) }
}

enum SliceField: String, FieldName {
  case apiVersion, kind, metadata, addressType, endpoints, ports
  static let table = FieldTable<Self>()
  static let required: [Self] = [.metadata, .addressType]
  var support: FieldSupport { .supported }
  var shape: Shape {
    switch self {
    case .apiVersion: .words(ObjectKind.endpointSlice.apiVersions)
    case .kind: .words([ObjectKind.endpointSlice.rawValue])
    case .metadata: .object(MetadataField.self)
    case .addressType: .words(["IPv4", "IPv6"])
    case .endpoints: .list(.object(SliceEndpointField.self))
    case .ports: .list(.object(SlicePortField.self))
    }
  }
}

enum SliceEndpointField: String, FieldName {
  case addresses, conditions, nodeName, zone, hostname, targetRef, deprecatedTopology, hints
  static let table = FieldTable<Self>()
  static let required: [Self] = [.addresses]
  var support: FieldSupport {
    switch self {
    case .targetRef, .deprecatedTopology: .ignored
    case .hints: .unsupported("`localityLbSetting` of a DestinationRule is what prefers endpoints by zone")
    default: .supported
    }
  }
  var shape: Shape {
    switch self {
    case .addresses: .list(.text)
    case .conditions: .object(ConditionsField.self)
    case .nodeName, .zone, .hostname: .text
    default: .anything
    }
  }
}

enum ConditionsField: String, FieldName {
  case ready, serving, terminating
  static let table = FieldTable<Self>()
  var support: FieldSupport { .supported }
  var shape: Shape { .boolean }
}

enum SlicePortField: String, FieldName {
  case name, port, `protocol`, appProtocol
  static let table = FieldTable<Self>()
  static let required: [Self] = [.port]
  var support: FieldSupport { .supported }
  var shape: Shape {
    switch self {
    case .name, .appProtocol: .text
    case .port: .integer(1...65_535)
    case .protocol: .words([TransportProtocol.tcp.rawValue])
    }
  }
}
