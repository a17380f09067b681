// SPDX-License-Identifier: Apache-2.0

/// All policy files together: the services in force and what contradicts between files.
///
/// Pure and incremental. Replacing a file costs time in proportion to that file and the Services it touches, however
/// many others are loaded. The state depends only on the files, not on the order in which they came; the one exception
/// is a policy beyond the kernel's limits, where what is in force stays and newcomers wait.
public struct PolicyStore: Sendable {
  /// The services in force, by name.
  public private(set) var services: [String: Service] = [:]

  private var files: [String: ParsedFile] = [:]
  private var objects = ObjectIndex()
  private var rules = RuleIndex()
  /// Services in force that fall back on another one.
  private var fallbacks = FallbackGraph()
  private let node: NodeContext
  private var claims = Claims()
  /// Services that are not in force, because an earlier one has their VIP or there is no room.
  private var waiting: [String: Service] = [:]
  private var waitingForRoom: Set<String> = []
  private var usage = KernelUsage()
  private var objectDiagnostics: [ObjectKey: [Diagnostic]] = [:]
  private var serviceDiagnostics: [String: [Diagnostic]] = [:]

  /// - Parameters:
  ///   - zone: of the node, as EndpointSlices have it, for locality load balancing; nil when it is not known.
  ///   - isLive: whether the policy steers this node, which should know its zone then, and is not only looked at.
  public init(zone: String? = nil, isLive: Bool = false) {
    node = NodeContext(zone: zone, isLive: isLive)
  }

  /// The services in force, sorted by name.
  public var sortedServices: [Service] { services.values.sorted { $0.name < $1.name } }

  public var fileCount: Int { files.count }

  /// Endpoints over all services in force; one of two services counts twice.
  public var endpointCount: Int { usage.endpoints }

  /// The version of a file that is in force.
  public func file(path: String) -> ParsedFile? { files[path] }

  /// What contradicts between files, sorted by place. What is wrong within a file is in its `ParsedFile`.
  public var diagnostics: [Diagnostic] {
    var all = objectDiagnostics.values.flatMap { $0 }
    all += serviceDiagnostics.values.flatMap { $0 }
    all += rules.contradictions(rule(at:))
    all += rules.unmatchedWildcards(objects.services, rule(at:))
    all += fallbackErrors(path: nil)
    return all.sorted()
  }

  /// The contradictions that are the fault of one file.
  public func errors(path: String) -> [Diagnostic] {
    guard let file = files[path] else { return [] }
    var errors: [Diagnostic] = []
    for key in Self.keys(of: file) {
      errors += objectDiagnostics[key] ?? []
      for name in objects[key].names { errors += serviceDiagnostics[name] ?? [] }
    }
    if !file.rules.isEmpty {
      errors += rules.contradictions(of: file.rules, rule(at:))
      errors += fallbackErrors(path: path)
    }
    return errors.filter { $0.severity == .error && $0.location.file == path }.sorted()
  }

  /// The policy of services in force, with where each value comes from.
  ///
  /// - Parameter name: `namespace/name:port` as the kernel knows it, or less: without the port, without the namespace.
  /// - Returns: every service the name fits, sorted by name; none when it fits none.
  public func explanations(of name: String) -> [Explanation] {
    services.keys.filter { KernelName.fits($0, name) }.sorted().compactMap { full in
      guard let service = services[full], let key = KernelName.key(of: full),
        let placed = self.services(of: key).first,
        let port = placed.object.ports.first(where: { KernelName.of(key, $0, family: nil) == KernelName.plain(full) })
      else { return nil }
      return Explanation(service, EffectivePolicy(of: placed, port: port, rules: ruleSet(of: key)))
    }
  }

  /// The name of a service in force that is nearest to one that does not exist.
  public func suggestion(for name: String) -> String? {
    let names = services.keys.flatMap { full in [full] + KernelName.shortForms(of: full) }
    return Suggestion.nearest(to: name, among: Set(names).sorted())
  }

  /// Puts a file in force in place of its previous version. A file with errors is not: nothing changes.
  public mutating func replace(_ file: ParsedFile) -> PolicyChange {
    apply(replacing: [file], removing: [])
  }

  /// Forgets a file. An unknown path is not an error.
  public mutating func remove(path: String) -> PolicyChange {
    apply(replacing: [], removing: [path])
  }

  /// Many files as one change.
  public mutating func apply(replacing changed: [ParsedFile], removing removed: [String]) -> PolicyChange {
    var touched: Set<ObjectKey> = []
    for path in removed { touched.formUnion(detach(path)) }
    for file in changed where !file.hasErrors {
      touched.formUnion(detach(file.path))
      touched.formUnion(attach(file))
    }
    return settle(touched)
  }

  // MARK: Files

  private static func keys(of file: ParsedFile) -> Set<ObjectKey> {
    var keys = Set(file.services.lazy.map(\.key))
    for slice in file.slices { keys.insert(slice.service) }
    for rule in file.rules {
      for case .service(let key) in rule.hosts.map(\.pattern) { keys.insert(key) }
    }
    return keys
  }

  /// What has to be settled when a file comes or goes. A wildcard concerns every Service it matches.
  private func touched(by file: ParsedFile) -> Set<ObjectKey> {
    var keys = Self.keys(of: file)
    for rule in file.rules {
      for host in rule.hosts {
        guard case .suffix = host.pattern else { continue }
        keys.formUnion(objects.services.lazy.filter { host.pattern.matches($0) })
      }
    }
    return keys
  }

  private mutating func attach(_ file: ParsedFile) -> Set<ObjectKey> {
    files[file.path] = file
    objects.insert(file)
    for (index, rule) in file.rules.enumerated() { rules.insert(rule, at: ObjectPlace(path: file.path, index: index)) }
    return touched(by: file)
  }

  private mutating func detach(_ path: String) -> Set<ObjectKey> {
    guard let file = files.removeValue(forKey: path) else { return [] }
    let touched = touched(by: file)
    rules.remove(file.rules, path: path)
    objects.remove(file, keys: Self.keys(of: file))
    return touched
  }

  private func fallbackErrors(path: String?) -> [Diagnostic] {
    fallbacks.errors(
      path: path, known: { services[$0] != nil || waiting[$0] != nil }, names: { Array(services.keys) + waiting.keys })
  }

  private func rule(at place: ObjectPlace) -> RuleObject? { files[place.path]?.rules[place.index] }

  private func ruleSet(of key: ObjectKey) -> RuleSet {
    let placed = rules.concerning(key).compactMap { place in rule(at: place).map { Placed(object: $0, place: place) } }
    return RuleSet(placed, for: key)
  }

  private func services(of key: ObjectKey) -> [Placed<ServiceObject>] {
    objects[key].services.compactMap { place in
      files[place.path].map { Placed(object: $0.services[place.index], place: place) }
    }
  }

  private func slices(of key: ObjectKey) -> [Placed<SliceObject>] {
    objects[key].slices.compactMap { place in
      files[place.path].map { Placed(object: $0.slices[place.index], place: place) }
    }
  }

  // MARK: Settling

  /// What was in force when settling began, of the services looked at.
  private struct Before {
    var names: Set<String> = []
    var services: [String: Service] = [:]
  }

  /// Resolves the touched Services again and decides who is in force.
  private mutating func settle(_ touched: Set<ObjectKey>) -> PolicyChange {
    if touched.isEmpty { return PolicyChange() }
    var before = Before()
    var frontends: Set<Frontend> = []
    for key in touched {
      for name in objects[key].names {
        guard let service = withdraw(name, noting: &before) else { continue }
        frontends.formUnion(service.frontends)
        claims.remove(service)
        fallbacks.remove(name)
        waiting[name] = nil
      }
      var resolution = Resolver.resolve(
        services: services(of: key), slices: slices(of: key), rules: ruleSet(of: key), key: key, node: node)
      if objects[key].services.isEmpty { resolution.diagnostics += rules.withoutService(key, rule(at:)) }
      objectDiagnostics[key] = resolution.diagnostics.isEmpty ? nil : resolution.diagnostics
      objects.setNames(resolution.candidates.map(\.service.name), of: key)
      for candidate in resolution.candidates {
        waiting[candidate.service.name] = candidate.service
        claims.insert(candidate)
        if case .service(let target) = candidate.service.settings.fallback, let origin = candidate.fallbackOrigin {
          fallbacks.insert(candidate.service.name, target: target, origin: origin)
        }
        frontends.formUnion(candidate.service.frontends)
      }
    }
    var contenders = waitingForRoom
    for frontend in frontends { contenders.formUnion(claims.names(on: frontend)) }
    admit(contenders, noting: &before)
    // Everyone waits for a moment; do not keep the memory for that.
    if waiting.isEmpty { waiting = [:] }
    return change(since: before)
  }

  /// Takes a service out of force, to be admitted again or dropped; its value, in force or not.
  private mutating func withdraw(_ name: String, noting before: inout Before) -> Service? {
    if before.names.insert(name).inserted, let service = services[name] { before.services[name] = service }
    serviceDiagnostics[name] = nil
    waitingForRoom.remove(name)
    guard let service = services.removeValue(forKey: name) else { return waiting[name] }
    usage.remove(service)
    waiting[name] = service
    return service
  }

  private mutating func admit(_ contenders: Set<String>, noting before: inout Before) {
    var withdrawn: [(place: ObjectPlace, service: Service)] = []
    withdrawn.reserveCapacity(contenders.count)
    for name in contenders {
      guard let service = withdraw(name, noting: &before), let first = service.frontends.first,
        let claim = claims.claim(on: first, by: name)
      else { continue }
      withdrawn.append((claim.place, service))
    }
    withdrawn.sort { ($0.place, $0.service.name) < ($1.place, $1.service.name) }
    for (_, service) in withdrawn {
      let obstacles = conflicts(of: service)
      if !obstacles.isEmpty {
        serviceDiagnostics[service.name] = obstacles
      } else if let reason = usage.reasonAgainst(service) {
        waitingForRoom.insert(service.name)
        serviceDiagnostics[service.name] = [
          Diagnostic(severity: .error, location: service.source, field: "", message: "\(service.name): \(reason)")
        ]
      } else {
        usage.add(service)
        services[service.name] = service
        waiting[service.name] = nil
      }
    }
  }

  private func conflicts(of service: Service) -> [Diagnostic] {
    service.frontends.compactMap { frontend in
      guard let holder = claims.holder(of: frontend), holder.name != service.name,
        let own = claims.claim(on: frontend, by: service.name)
      else { return nil }
      return Diagnostic(
        severity: .error, location: own.position.location(in: own.place.path), field: own.field,
        message: "\(frontend) of \(service.name) is already the address of \(holder.name), "
          + "\(holder.position.location(in: holder.place.path))")
    }
  }

  private func change(since before: Before) -> PolicyChange {
    var change = PolicyChange()
    for name in before.names.sorted() {
      let old = before.services[name]
      if let new = services[name] {
        if old?.hasSameMeaning(as: new) != true { change.upserted.append(new) }
      } else if old != nil {
        change.removed.append(name)
      }
    }
    return change
  }
}

extension Array where Element: Comparable {
  /// Keeps a sorted array sorted. Files mostly come in order, so the end is tried first.
  mutating func insertSorted(_ element: Element) {
    var index = count
    while index > 0, self[index - 1] > element { index -= 1 }
    insert(element, at: index)
  }
}
