// SPDX-License-Identifier: Apache-2.0

/// What only one object over all files may be.
private enum RuleClaim: Hashable, Sendable {
  case name(RuleKind, ObjectKey)
  /// - owner: the namespace of the rule for a wildcard; for a Service only whether it is the Service's own, because no
  ///   other namespace comes before another.
  case host(RuleKind, HostPattern, owner: String, port: UInt16?)
}

extension RuleObject {
  fileprivate var claims: [RuleClaim] {
    var port: UInt16?
    if case .trafficPolicy(let policy) = content { port = policy.port }
    return [.name(kind, key)]
      + hosts.map { host in
        var owner = key.namespace
        if case .service(let service) = host.pattern, service.namespace != owner { owner = "" }
        return .host(kind, host.pattern, owner: owner, port: port)
      }
  }
}

extension RuleObject {
  fileprivate func warning(at host: RuleHost, _ place: ObjectPlace, _ message: String) -> Diagnostic {
    Diagnostic(
      severity: .warning, location: host.position.location(in: place.path),
      field: kind == .virtualService ? "spec.hosts" : "spec.host", message: message)
  }
}

/// Which rules concern which Services: those that name it and those that name the end of its name.
struct RuleIndex: Sendable {
  private var exact: [ObjectKey: [ObjectPlace]] = [:]
  private var suffixes: [String: [ObjectPlace]] = [:]
  private var claims: [RuleClaim: [ObjectPlace]] = [:]
  /// Claims of more than one object.
  private var contested: Set<RuleClaim> = []

  mutating func insert(_ rule: RuleObject, at place: ObjectPlace) {
    for host in rule.hosts {
      switch host.pattern {
      case .service(let key): exact[key, default: []].insertSorted(place)
      case .suffix(let suffix): suffixes[suffix, default: []].insertSorted(place)
      }
    }
    for claim in rule.claims {
      claims[claim, default: []].insertSorted(place)
      if claims[claim]?.count ?? 0 > 1 { contested.insert(claim) }
    }
  }

  /// Forgets all rules of a file, however many of them are about the same Service.
  mutating func remove(_ rules: [RuleObject], path: String) {
    for pattern in Set(rules.lazy.flatMap(\.hosts).map(\.pattern)) {
      switch pattern {
      case .service(let key): exact.drop(path, of: key)
      case .suffix(let suffix): suffixes.drop(path, of: suffix)
      }
    }
    for claim in Set(rules.lazy.flatMap(\.claims)) {
      claims.drop(path, of: claim)
      if claims[claim]?.count ?? 0 < 2 { contested.remove(claim) }
    }
  }

  /// Those that name the Service, in order.
  func naming(_ key: ObjectKey) -> [ObjectPlace] { exact[key] ?? [] }

  /// All that concern the Service.
  func concerning(_ key: ObjectKey) -> [ObjectPlace] {
    let named = naming(key)
    if suffixes.isEmpty { return named }
    let name = HostPattern.name(of: key)
    return named + suffixes.lazy.filter { name.hasSuffix($0.key) }.flatMap(\.value)
  }

  /// Warnings about rules that name a Service which does not exist.
  func withoutService(_ key: ObjectKey, _ rule: (ObjectPlace) -> RuleObject?) -> [Diagnostic] {
    naming(key).compactMap { place in
      guard let rule = rule(place), let host = rule.hosts.first(where: { $0.pattern == .service(key) }) else {
        return nil
      }
      return rule.warning(at: host, place, "without effect: there is no Service \(key)")
    }
  }

  /// Warnings about wildcards that match no Service.
  func unmatchedWildcards(
    _ services: some Collection<ObjectKey>, _ rule: (ObjectPlace) -> RuleObject?
  ) -> [Diagnostic] {
    suffixes.flatMap { suffix, places -> [Diagnostic] in
      let pattern = HostPattern.suffix(suffix)
      if services.contains(where: { pattern.matches($0) }) { return [] }
      return places.compactMap { place in
        guard let rule = rule(place), let host = rule.hosts.first(where: { $0.pattern == pattern }) else { return nil }
        return rule.warning(at: host, place, "without effect: no Service matches `\(pattern)`")
      }
    }
  }

  /// Two objects that say the same thing about the same: the first in order has its way, the others are at fault.
  ///
  /// - Parameter own: look only at what these rules claim; nil for all.
  func contradictions(of own: [RuleObject]? = nil, _ rule: (ObjectPlace) -> RuleObject?) -> [Diagnostic] {
    let suspects = own.map { contested.intersection($0.flatMap(\.claims)) } ?? contested
    return suspects.flatMap { claim -> [Diagnostic] in
      guard let places = claims[claim], let first = places.first, let winner = rule(first) else { return [] }
      let location = winner.position.location(in: first.path)
      return places.dropFirst().compactMap { place in
        guard let loser = rule(place) else { return nil }
        return Self.contradiction(claim, loser, place, first: "\(location)")
      }
    }
  }

  private static func contradiction(
    _ claim: RuleClaim, _ loser: RuleObject, _ place: ObjectPlace, first: String
  ) -> Diagnostic {
    switch claim {
    case .name(let kind, let key):
      return Diagnostic(
        severity: .error, location: loser.position.location(in: place.path), field: "metadata.name",
        message: "\(kind.rawValue) \(key) is already defined at \(first)")
    case .host(let kind, let pattern, _, let port):
      let position = loser.hosts.first { $0.pattern == pattern }?.position ?? loser.position
      let portText = port.map { " and port \($0)" } ?? ""
      return Diagnostic(
        severity: .error, location: position.location(in: place.path),
        field: kind == .virtualService ? "spec.hosts" : "spec.host",
        message: "`\(pattern)`\(portText) already has a \(kind.rawValue), \(first)")
    }
  }
}

extension Dictionary where Value == [ObjectPlace] {
  fileprivate mutating func drop(_ path: String, of key: Key) {
    self[key]?.removeAll { $0.path == path }
    if self[key]?.isEmpty == true { self[key] = nil }
  }
}
