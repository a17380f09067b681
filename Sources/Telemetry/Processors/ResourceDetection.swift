// SPDX-License-Identifier: Apache-2.0

import Foundation

/// What is known of this node, in the words of the Collector's `resourcedetection` processor.
public enum ResourceDetector: String, CaseIterable, Sendable {
  /// `OTEL_RESOURCE_ATTRIBUTES` and `OTEL_SERVICE_NAME` (OpenTelemetry's general SDK configuration).
  case env
  /// `host.name`, `host.id`, `host.arch` and `os.type`.
  case system
  /// `k8s.node.name` and the like from `K8S_NODE_NAME`, `K8S_CLUSTER_NAME`, `K8S_NAMESPACE_NAME`, `K8S_POD_NAME`, as the
  /// downward API puts them into a DaemonSet's environment.
  case k8snode

  /// Attributes with their values, sorted by name.
  public func attributes(_ environment: [String: String], _ host: HostFacts) -> [(key: String, value: String)] {
    switch self {
    case .env: Self.fromEnvironment(environment)
    case .system: host.attributes
    case .k8snode: Self.fromDownwardAPI(environment)
    }
  }

  /// `key=value,key=value` with values percent-encoded, as in W3C Baggage. What is malformed is left out.
  private static func fromEnvironment(_ environment: [String: String]) -> [(key: String, value: String)] {
    var attributes: [String: String] = [:]
    for pair in (environment["OTEL_RESOURCE_ATTRIBUTES"] ?? "").split(separator: ",") {
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let key = parts[0].trimmingCharacters(in: .whitespaces)
      guard parts.count == 2, !key.isEmpty else { continue }
      let value = parts[1].trimmingCharacters(in: .whitespaces)
      attributes[key] = value.removingPercentEncoding ?? value
    }
    if let name = environment["OTEL_SERVICE_NAME"], !name.isEmpty { attributes["service.name"] = name }
    return attributes.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  private static func fromDownwardAPI(_ environment: [String: String]) -> [(key: String, value: String)] {
    ["cluster", "namespace", "node", "pod"].compactMap { object in
      let value = environment["K8S_\(object.uppercased())_NAME"] ?? ""
      return value.isEmpty ? nil : ("k8s.\(object).name", value)
    }
  }
}

/// Facts of the machine.
public struct HostFacts: Sendable {
  public var attributes: [(key: String, value: String)]

  public init(attributes: [(key: String, value: String)]) {
    self.attributes = attributes
  }

  /// Of the machine this runs on.
  public static func current() -> HostFacts {
    var facts: [(String, String)] = [("host.arch", architecture)]
    let id = (try? String(contentsOfFile: "/etc/machine-id", encoding: .utf8))?.trimmingCharacters(in: .newlines)
    if let id, !id.isEmpty { facts.append(("host.id", id)) }
    facts.append(("host.name", ProcessInfo.processInfo.hostName))
    facts.append(("os.type", "linux"))
    return HostFacts(attributes: facts)
  }

  /// As OpenTelemetry's semantic conventions name it.
  private static var architecture: String {
    #if arch(x86_64)
      "amd64"
    #elseif arch(arm64)
      "arm64"
    #else
      "unknown"
    #endif
  }
}

/// Adds what is known of this node to every resource: the Collector's `resourcedetection` processor.
public struct ResourceDetectionProcessor: Processor {
  private let actions: [AttributeAction]

  /// Detects once, here.
  ///
  /// - Parameters:
  ///   - detectors: in order; of several values for one key the first counts.
  ///   - overrides: whether a value that the sender has set is replaced.
  ///   - environment: of the process.
  public init(
    _ detectors: [ResourceDetector], overrides: Bool, environment: [String: String], host: HostFacts = .current()
  ) {
    var seen: Set<String> = []
    actions = detectors.flatMap { $0.attributes(environment, host) }.compactMap { attribute in
      guard seen.insert(attribute.key).inserted else { return nil }
      return AttributeAction(overrides ? .upsert : .insert, attribute.key, .text(attribute.value))
    }
  }

  public func process(_ request: TelemetryRequest, _ context: ReceiveContext) -> Bool {
    ResourceProcessor(actions).process(request, context)
  }
}
