// SPDX-License-Identifier: Apache-2.0

import Policy

/// The policy file of a swarm's case: the objects that make a service of the scenario's endpoint groups, and settings
/// of its traffic, each of which can be left out by itself.
public struct PolicySketch: Hashable, Sendable {
  public var settings: [Setting] = []

  /// One value of the file.
  public struct Setting: Hashable, Sendable {
    var object: Object
    /// Below the object's `spec`; of a VirtualService below its only route.
    var path: [String]
    var value: JSONValue
  }

  enum Object: CaseIterable {
    case destinationRule, virtualService, trafficPolicy
  }

  mutating func set(_ object: Object, _ path: String, _ value: JSONValue) {
    settings.append(Setting(object: object, path: path.split(separator: ".").map(String.init), value: value))
  }

  // MARK: Text

  private static let istio = "networking.istio.io/v1"

  func text(for scenario: Scenario) -> String {
    var documents = [service(scenario)] + scenario.endpoints.enumerated().map(slice)
    for object in Object.allCases {
      let settings = settings.filter { $0.object == object }
      if !settings.isEmpty { documents.append(rule(object, settings)) }
    }
    return documents.map { document in
      var yaml = YAMLText()
      yaml.mapping(document)
      return yaml.text
    }.joined(separator: "---\n")
  }

  private typealias Document = [(key: String, value: JSONValue)]

  private func service(_ scenario: Scenario) -> Document {
    var port: Document = [("name", .string("http")), ("port", .integer(80))]
    if scenario.clients.mode == .request { port.append(("appProtocol", .string("http"))) }
    return [
      ("apiVersion", .string("v1")), ("kind", .string("Service")),
      ("metadata", .object([("name", .string("web"))])),
      ("spec", .object([("clusterIP", .string("127.95.0.1")), ("ports", .array([.object(port)]))])),
    ]
  }

  private func slice(_ number: Int, _ group: EndpointGroup) -> Document {
    var metadata: Document = [
      ("name", .string("web-\(group.name)")),
      ("labels", .object([("kubernetes.io/service-name", .string("web"))])),
    ]
    if group.weight != 1 {
      metadata.append(("annotations", .object([("swerve.dev/weight", .string("\(group.weight)"))])))
    }
    let endpoints = (0..<group.count).map { index in
      let address = JSONValue.string("127.96.\(number).\(index + 1)")
      let zone = group.zone.map { [(key: "zone", value: JSONValue.string($0))] } ?? []
      return JSONValue.object([("addresses", .array([address]))] + zone)
    }
    return [
      ("apiVersion", .string("discovery.k8s.io/v1")), ("kind", .string("EndpointSlice")),
      ("metadata", .object(metadata)), ("addressType", .string("IPv4")),
      ("ports", .array([.object([("name", .string("http")), ("port", .integer(8080))])])),
      ("endpoints", .array(endpoints)),
    ]
  }

  private func rule(_ object: Object, _ settings: [Setting]) -> Document {
    var tree = Tree()
    for setting in settings { tree.insert(setting.path[...], setting.value) }
    let members = tree.members
    let spec: Document
    let (version, kind): (String, String)
    switch object {
    case .destinationRule:
      (version, kind, spec) = (Self.istio, "DestinationRule", [("host", .string("web"))] + members)
    case .virtualService:
      let destination = JSONValue.object([("destination", .object([("host", .string("web"))]))])
      (version, kind) = (Self.istio, "VirtualService")
      spec = [
        ("hosts", .array([.string("web")])),
        ("http", .array([.object(members + [("route", .array([destination]))])])),
      ]
    case .trafficPolicy:
      (version, kind, spec) = ("swerve.dev/v1alpha1", "TrafficPolicy", [("host", .string("web"))] + members)
    }
    return [
      ("apiVersion", .string(version)), ("kind", .string(kind)), ("metadata", .object([("name", .string("web"))])),
      ("spec", .object(spec)),
    ]
  }

  /// Mappings in mappings, in the order in which their members came.
  private struct Tree {
    private indirect enum Branch {
      case leaf(JSONValue)
      case tree(Tree)
    }
    private var branches: [(key: String, branch: Branch)] = []

    mutating func insert(_ path: ArraySlice<String>, _ value: JSONValue) {
      guard let key = path.first else { return }
      let place = branches.firstIndex { $0.key == key }
      if path.count == 1 {
        if let place { branches[place].branch = .leaf(value) } else { branches.append((key, .leaf(value))) }
        return
      }
      var inner = Tree()
      if let place, case .tree(let known) = branches[place].branch { inner = known }
      inner.insert(path.dropFirst(), value)
      if let place { branches[place].branch = .tree(inner) } else { branches.append((key, .tree(inner))) }
    }

    var members: Document {
      branches.map { key, branch in
        switch branch {
        case .leaf(let value): (key, value)
        case .tree(let tree): (key, .object(tree.members))
        }
      }
    }
  }
}
