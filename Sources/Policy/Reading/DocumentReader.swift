// SPDX-License-Identifier: Apache-2.0

/// The kinds of objects that Swerve reads, with the API group and version each comes from.
private enum ObjectKind: String, CaseIterable {
  case service = "Service"
  case endpointSlice = "EndpointSlice"
  case list = "List"
  case serviceList = "ServiceList"
  case endpointSliceList = "EndpointSliceList"

  var apiVersion: String {
    switch self {
    case .service, .list, .serviceList: "v1"
    case .endpointSlice, .endpointSliceList: "discovery.k8s.io/v1"
    }
  }

  /// What the items of a list are when they do not say, as in answers of the Kubernetes API.
  var itemKind: ObjectKind? {
    switch self {
    case .serviceList: .service
    case .endpointSliceList: .endpointSlice
    default: nil
    }
  }

  var isList: Bool { self == .list || itemKind != nil }
}

extension Reader {
  /// One YAML document: an object, a list of objects, or nothing.
  func document(_ node: Node, services: inout [ServiceObject], slices: inout [SliceObject]) {
    if isNull(node) { return }
    guard expect(node, .mapping, "a Kubernetes object") else { return }
    guard let kind = kind(of: node, implied: nil) else { return }
    guard kind.isList else { return object(node, kind, services: &services, slices: &slices) }
    mapping(node, ListField.self) { field, value in
      guard field == .items else { return }
      sequence(value) { _, item in
        guard expect(item, .mapping, "a Kubernetes object"), let itemKind = self.kind(of: item, implied: kind.itemKind)
        else { return }
        if itemKind.isList {
          error(at: item.position, "a list inside a list")
        } else {
          object(item, itemKind, services: &services, slices: &slices)
        }
      }
    }
  }

  private func object(
    _ node: Node, _ kind: ObjectKind, services: inout [ServiceObject], slices: inout [SliceObject]
  ) {
    if kind == .service {
      if let service = service(node) { services.append(service) }
    } else if let slice = endpointSlice(node) {
      slices.append(slice)
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
    if let apiVersion, apiVersion.text != known.apiVersion {
      within("apiVersion") {
        unsupported(
          at: apiVersion.position,
          "`\(Excerpt.plain(apiVersion.text))` is not supported: \(known.rawValue) is of `\(known.apiVersion)`")
      }
      return nil
    }
    return apiVersion == nil ? nil : known
  }

  private func unknownKind(_ text: String, at position: Position) {
    within("kind") {
      if let nearest = Suggestion.nearest(to: text, among: ObjectKind.allCases.map(\.rawValue)) {
        error(at: position, "unknown kind `\(Excerpt.plain(text))`", suggestion: nearest)
      } else {
        unsupported(
          at: position, "`\(Excerpt.plain(text))` is not supported: Service, EndpointSlice and List are")
      }
    }
  }
}
