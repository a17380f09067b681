// SPDX-License-Identifier: Apache-2.0

import Policy
import Testing

/// A Service `default/web` with two ports and three endpoints, and rules for it.
enum RuleFixtures {
  static let service = Fixtures.service(port: "{name: http, port: 80, appProtocol: http}, {name: db, port: 81}")
  static let slices =
    slice(
      "web-1", labels: "version: v1", endpoints: "{addresses: [127.0.1.1], zone: a}, {addresses: [127.0.1.2], zone: b}")
    + slice("web-2", labels: "version: v2", endpoints: "{addresses: [127.0.1.3], zone: c}")
  static let web = service + slices

  static func slice(_ name: String, labels: String, endpoints: String) -> String {
    """
    ---
    apiVersion: discovery.k8s.io/v1
    kind: EndpointSlice
    metadata: {name: \(name), labels: {kubernetes.io/service-name: web, \(labels)}}
    addressType: IPv4
    ports: [{name: http, port: 8080}, {name: db, port: 8081}]
    endpoints: [\(endpoints)]

    """
  }

  static func destinationRule(
    _ policy: String, host: String = "web", name: String = "web", namespace: String = "default", extra: String = ""
  ) -> String {
    """
    ---
    apiVersion: networking.istio.io/v1
    kind: DestinationRule
    metadata: {name: \(name), namespace: \(namespace)}
    spec: {host: "\(host)", trafficPolicy: {\(policy)}\(extra.isEmpty ? "" : ", " + extra)}

    """
  }

  static func virtualService(_ route: String, destination: String = "host: web", name: String = "web") -> String {
    """
    ---
    apiVersion: networking.istio.io/v1
    kind: VirtualService
    metadata: {name: \(name)}
    spec: {hosts: [web], http: [{route: [{destination: {\(destination)}}], \(route)}]}

    """
  }

  static func trafficPolicy(_ spec: String, host: String = "web", name: String = "web") -> String {
    """
    ---
    apiVersion: swerve.dev/v1alpha1
    kind: TrafficPolicy
    metadata: {name: \(name)}
    spec: {host: \(host), \(spec)}

    """
  }

  /// A policy of one file that has no errors.
  static func store(_ texts: String..., zone: String? = nil) throws -> PolicyStore {
    let file = Fixtures.parse(texts.joined())
    try #require(!file.hasErrors, "\(file.diagnostics)")
    var store = PolicyStore(zone: zone)
    _ = store.replace(file)
    try #require(!store.diagnostics.contains { $0.severity == .error }, "\(store.diagnostics)")
    return store
  }

  /// The service of the port `http`.
  static func http(_ texts: String..., zone: String? = nil) throws -> Service {
    let store = try store(web, texts.joined(), zone: zone)
    return try #require(store.services["default/web:http"])
  }

  static func diagnostics(_ texts: String..., zone: String? = nil) -> [String] {
    let file = Fixtures.parse(texts.joined())
    var store = PolicyStore(zone: zone)
    _ = store.replace(file)
    return (file.diagnostics + store.diagnostics).map { diagnostic in
      diagnostic.severity.rawValue + ": " + diagnostic.field + ": " + diagnostic.message
    }
  }
}
