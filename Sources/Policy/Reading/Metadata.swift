// SPDX-License-Identifier: Apache-2.0

/// What `metadata` says that matters: who the object is, its labels of interest and Swerve's annotations.
struct Metadata {
  var name: String?
  var namespace = "default"
  /// The label `kubernetes.io/service-name`.
  var serviceName: String?
  /// All labels; a subset of a DestinationRule selects endpoints by those of their EndpointSlice.
  var labels: [String: String] = [:]
  /// Values of `swerve.dev/*` annotations, by the part after the slash.
  var annotations: [String: Node] = [:]

  /// nil when the name is not known, which has been reported.
  var key: ObjectKey? { name.map { ObjectKey(namespace: namespace, name: $0) } }
}

/// Swerve's own words, for what Kubernetes has none.
enum Annotation: String, CaseIterable {
  case loadBalancer = "load-balancer"
  case weight = "weight"
  case weights = "weights"
  case zone = "zone"

  static let prefix = "swerve.dev/"

  static let onService: [Annotation] = [.loadBalancer]
  static let onEndpointSlice: [Annotation] = [.weight, .weights, .zone]

  var name: String { Self.prefix + rawValue }
}

extension Reader {
  static let serviceNameLabel = "kubernetes.io/service-name"

  /// - Parameters:
  ///   - nameRule: what a name of this kind has to look like.
  ///   - annotations: Swerve's annotations that mean something on this kind.
  func metadata(_ node: Node, nameRule: NameRule, annotations: [Annotation]) -> Metadata {
    var metadata = Metadata()
    var hasName = false
    mapping(node, MetadataField.self) { field, value in
      switch field {
      case .name:
        hasName = !isNull(value)
        metadata.name = name(value, nameRule)
      case .namespace: metadata.namespace = name(value, .label) ?? metadata.namespace
      case .labels:
        stringPairs(value) { key, value in
          let label = tree.string(tree[key])
          if label == Self.serviceNameLabel {
            metadata.serviceName = name(value, .label)
          } else if !isNull(value), NameRule.isLabel(key: label, value: tree.string(value)) {
            metadata.labels[label] = tree.string(value)
          }
        }
      case .annotations:
        stringPairs(value) { key, value in
          readAnnotation(key, value, known: annotations, into: &metadata)
        }
      default: return
      }
    }
    if !hasName { missing("name", in: node) }
    return metadata
  }

  /// A mapping of free keys to strings; Kubernetes refuses other values, so a number here is a mistake.
  func stringPairs(_ node: Node, _ visit: (NodeID, Node) -> Void) {
    guard expect(node, .mapping, "a mapping") else { return }
    pairs(node) { key, value in
      if isNull(value) || string(value) != nil { visit(key, value) }
    }
  }

  private func readAnnotation(_ key: NodeID, _ value: Node, known: [Annotation], into metadata: inout Metadata) {
    let name = tree.string(tree[key])
    guard name.hasPrefix(Annotation.prefix) else { return }
    if let annotation = known.first(where: { $0.name == name }) {
      metadata.annotations[annotation.rawValue] = value
    } else if Annotation.allCases.contains(where: { $0.name == name }) {
      let kind = Annotation.onService.contains { $0.name == name } ? "a Service" : "an EndpointSlice"
      error(at: tree[key].position, "`\(name)` belongs on \(kind)")
    } else {
      error(
        at: tree[key].position, "unknown annotation `\(Excerpt.plain(name))`",
        suggestion: suggestion(for: name, among: known.map(\.name)))
    }
  }
}
