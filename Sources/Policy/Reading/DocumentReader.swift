// SPDX-License-Identifier: Apache-2.0

/// What one file holds.
struct FileObjects: Sendable {
  var services: [ServiceObject] = []
  var slices: [SliceObject] = []
  var rules: [RuleObject] = []
}

/// The kinds of objects that Swerve reads, with the API group and versions each comes from.
enum ObjectKind: String, CaseIterable {
  case service = "Service"
  case endpointSlice = "EndpointSlice"
  case destinationRule = "DestinationRule"
  case virtualService = "VirtualService"
  case trafficPolicy = "TrafficPolicy"
  case list = "List"
  case serviceList = "ServiceList"
  case endpointSliceList = "EndpointSliceList"
  case destinationRuleList = "DestinationRuleList"
  case virtualServiceList = "VirtualServiceList"
  case trafficPolicyList = "TrafficPolicyList"

  /// The one to write first.
  var apiVersions: [String] {
    switch self {
    case .service, .list, .serviceList: ["v1"]
    case .endpointSlice, .endpointSliceList: ["discovery.k8s.io/v1"]
    case .destinationRule, .destinationRuleList, .virtualService, .virtualServiceList:
      ["networking.istio.io/v1", "networking.istio.io/v1beta1", "networking.istio.io/v1alpha3"]
    case .trafficPolicy, .trafficPolicyList: ["swerve.dev/v1alpha1"]
    }
  }

  /// What the items of a list are when they do not say, as in answers of the Kubernetes API.
  var itemKind: ObjectKind? {
    switch self {
    case .serviceList: .service
    case .endpointSliceList: .endpointSlice
    case .destinationRuleList: .destinationRule
    case .virtualServiceList: .virtualService
    case .trafficPolicyList: .trafficPolicy
    default: nil
    }
  }

  var isList: Bool { self == .list || itemKind != nil }
}

extension Reader {
  /// One YAML document: an object, a list of objects, or nothing.
  func document(_ node: Node, into objects: inout FileObjects) {
    if isNull(node) { return }
    guard expect(node, .mapping, "a Kubernetes object") else { return }
    guard let kind = kind(of: node, implied: nil) else { return }
    guard kind.isList else { return object(node, kind, into: &objects) }
    mapping(node, ListField.self) { field, value in
      guard field == .items else { return }
      sequence(value) { _, item in
        guard expect(item, .mapping, "a Kubernetes object"), let itemKind = self.kind(of: item, implied: kind.itemKind)
        else { return }
        if itemKind.isList {
          error(at: item.position, "a list inside a list")
        } else {
          object(item, itemKind, into: &objects)
        }
      }
    }
  }

  private func object(_ node: Node, _ kind: ObjectKind, into objects: inout FileObjects) {
    switch kind {
    case .service: if let service = service(node) { objects.services.append(service) }
    case .endpointSlice: if let slice = endpointSlice(node) { objects.slices.append(slice) }
    case .destinationRule: if let rule = destinationRule(node) { objects.rules.append(rule) }
    case .virtualService: if let rule = virtualService(node) { objects.rules.append(rule) }
    case .trafficPolicy: if let rule = trafficPolicy(node) { objects.rules.append(rule) }
    default: return
    }
  }

  /// What `apiVersion` and `kind` say; nil when it is nothing that Swerve reads, which has been reported.
  private func kind(of node: Node, implied: ObjectKind?) -> ObjectKind? {
    var apiVersion: (text: String, position: Position)?
    var kind: (text: String, position: Position)?
    pairs(node) { key, value in
      switch tree.string(tree[key]) {
      case "apiVersion": apiVersion = string(value).map { ($0, value.position) }
      case "kind": kind = string(value).map { ($0, value.position) }
      default: return
      }
    }
    if kind == nil, let implied { return implied }
    if apiVersion == nil { missing("apiVersion", in: node) }
    guard let kind else {
      missing("kind", in: node)
      return nil
    }
    guard let known = ObjectKind(rawValue: kind.text) else {
      unknownKind(kind.text, at: kind.position)
      return nil
    }
    if let apiVersion, !known.apiVersions.contains(apiVersion.text) {
      within("apiVersion") {
        unsupported(
          at: apiVersion.position,
          "`\(Excerpt.plain(apiVersion.text))` is not supported: \(known.rawValue) is of `\(known.apiVersions[0])`")
      }
      return nil
    }
    return apiVersion == nil ? nil : known
  }

  private func unknownKind(_ text: String, at position: Position) {
    within("kind") {
      if text == "Scenario" {
        unsupported(at: position, "`Scenario` is for the simulator, not a policy: `swerve sim check` takes the file")
      } else if let nearest = suggestion(for: text, among: ObjectKind.allCases.map(\.rawValue)) {
        error(at: position, "unknown kind `\(Excerpt.plain(text))`", suggestion: nearest)
      } else {
        unsupported(
          at: position,
          "`\(Excerpt.plain(text))` is not supported: Service, EndpointSlice, DestinationRule, VirtualService, "
            + "TrafficPolicy and List are")
      }
    }
  }
}
