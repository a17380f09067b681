// SPDX-License-Identifier: Apache-2.0

/// Whom a rule is about: one Service, or all whose full name ends alike.
enum HostPattern: Hashable, Sendable {
  case service(ObjectKey)
  /// `*` and what follows it, which may be nothing.
  case suffix(String)

  private static let domain = "svc.cluster.local"

  /// The full name of a Service in the cluster.
  static func name(of key: ObjectKey) -> String { "\(key.name).\(key.namespace).\(domain)" }

  /// Istio's forms: `name`, `name.namespace`, `name.namespace.svc`, the full name, or one of these with `*` in front.
  ///
  /// - Returns: nil when the text cannot be the name of a Service.
  init?(_ text: String, namespace: String) {
    if text.hasPrefix("*") {
      guard let suffix = Self.suffix(text.dropFirst()) else { return nil }
      self = .suffix(suffix)
      return
    }
    let labels = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard labels.allSatisfy({ NameRule.label.complaint(about: $0) == nil }) else { return nil }
    let rest = labels.dropFirst(2).joined(separator: ".")
    guard let name = labels.first, rest.isEmpty || rest == "svc" || rest == Self.domain else { return nil }
    self = .service(ObjectKey(namespace: labels.count > 1 ? labels[1] : namespace, name: name))
  }

  /// The end of full names that `rest` stands for, which may leave out the domain of the cluster.
  private static func suffix(_ rest: Substring) -> String? {
    if rest.isEmpty { return "" }
    guard rest.first == "." || rest.first == "-" else { return nil }
    let labels = rest.dropFirst().split(separator: ".", omittingEmptySubsequences: false)
    guard labels.allSatisfy({ NameRule.label.complaint(about: String($0)) == nil }) else { return nil }
    if rest.hasSuffix(".\(domain)") || rest == ".cluster.local" || rest == ".local" { return String(rest) }
    guard rest.first == ".", labels.count <= 2, labels.count == 1 || labels[1] == "svc" else { return nil }
    return ".\(labels[0]).\(domain)"
  }

  func matches(_ key: ObjectKey) -> Bool {
    switch self {
    case .service(let service): service == key
    case .suffix(let suffix): Self.name(of: key).hasSuffix(suffix)
    }
  }

  /// The longer the part that has to agree, the more it is about this Service.
  var specificity: Int {
    switch self {
    case .service: .max
    case .suffix(let suffix): suffix.utf8.count
    }
  }
}

extension HostPattern: CustomStringConvertible {
  var description: String {
    switch self {
    case .service(let key): Self.name(of: key)
    case .suffix(let suffix): "*\(suffix)"
    }
  }
}
