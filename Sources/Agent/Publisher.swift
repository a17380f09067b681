// SPDX-License-Identifier: Apache-2.0

public import Dataplane
public import Policy
import SwerveABI

/// Brings the kernel's tables in line with the policy, change by change.
///
/// Endpoints keep their id, and with it their history, for as long as their service names them; what changes is
/// published by pointer swap, so that no decision sees half a change. The cost is linear in what changed.
public final class Publisher {
  /// What a change did to the kernel.
  public struct Report: Sendable, Equatable {
    public var published = 0
    public var removed = 0
    /// Endpoints that left; their connections are now stale.
    public var retiredEndpoints = 0
    /// Services the kernel has no room for: name and reason.
    public var refused: [String: String] = [:]
  }

  private let tables: Tables
  /// Nil where no relay reads them.
  private let responses: FallbackResponses?
  /// Services that fall back to another one, whose id may change.
  private var dependents: [String: Service] = [:]
  private var services: [String: PublishedService] = [:]
  private var images: SharedImages
  private var serviceIDs: IdentifierPool
  private var endpointIDs: IdentifierPool
  /// Ids of endpoints that left, until their last connection is closed.
  private var retired: [RetiredEndpoint]
  /// Services there was no room for, tried again when some is freed.
  private var waiting: [String: (service: Service, reason: String)] = [:]

  private struct RetiredEndpoint {
    let id: UInt32
    let since: ContinuousClock.Instant
  }

  /// A connect that selected an endpoint just before it left counts towards it when its SYN is sent, a moment later. For
  /// so long an id without connections is not given out again.
  private static let quarantine = Duration.seconds(1)

  /// Sets that are built and swapped in together: a lookup table takes up to 128 KiB until the kernel has it.
  private static let batch = 512

  /// Takes over what the kernel holds: a restarted agent continues where the last one stopped, be it half-way through a
  /// publication.
  ///
  /// - Parameters:
  ///   - isSameBuild: whether the sets were built by this build's rules; otherwise all are published anew.
  ///   - stateDirectory: where the relay finds fixed responses; nil to keep none.
  public init(
    _ tables: Tables, isSameBuild: Bool = true, stateDirectory: String? = nil
  ) throws(DataplaneError) {
    self.tables = tables
    responses = stateDirectory.map(FallbackResponses.init)
    var names: [UInt32: String] = [:]
    try tables.serviceInfos.forEach(count: Int(SWERVE_SERVICES_MAX)) { (id, info) throws(DataplaneError) in
      if info.name.0 != 0 { names[id] = info.serviceName }
    }
    // What an address leads to is known from the frontends alone: the record of a service is written before they are.
    var frontends: [UInt32: [Frontend]] = [:]
    for (frontend, id) in try tables.frontends.entries() {
      if names[id] == nil {
        try tables.frontends.remove(frontend)
      } else {
        frontends[id, default: []].append(.init(frontend))
      }
    }
    var found: [String: PublishedService] = [:]
    var images = SharedImages()
    for (id, name) in names {
      var service = PublishedService(
        id: id, frontends: frontends[id] ?? [], cells: try tables.endpointSets.read(id) ?? [])
      if !isSameBuild { service.loadBalancer = nil }
      service.policy = service.policy.map { images.shared($0) }
      found[name] = service
    }
    services = found
    self.images = images
    retired = []
    serviceIDs = IdentifierPool(limit: Int(SWERVE_SERVICES_MAX), taken: Set(names.keys))
    endpointIDs = IdentifierPool(limit: Int(SWERVE_ENDPOINTS_MAX))
    try recoverEndpoints()
  }

  /// Ids are taken by published endpoints, and by those that left under an earlier agent and still have connections. The
  /// latter may not have been retired: that is done again, as it does no harm.
  private func recoverEndpoints() throws(DataplaneError) {
    var taken = Set(services.values.flatMap { $0.members.map(\.id) })
    var left: [UInt32] = []
    try tables.endpointStates.forEach(count: Int(SWERVE_ENDPOINTS_MAX)) { (id, state) throws(DataplaneError) in
      if state.active != 0 && !taken.contains(id) { left.append(id) }
    }
    taken.formUnion(left)
    endpointIDs = IdentifierPool(limit: Int(SWERVE_ENDPOINTS_MAX), taken: taken)
    try retire(left)
  }

  /// A service with its endpoints that take new work; nil when it is not in the kernel.
  func target(_ name: String) -> OutlierWatch.Target? {
    services[name].map { service in
      OutlierWatch.Target(service: service.id, endpoints: service.members.filter { $0.weight > 0 }.map(\.id))
    }
  }

  /// Names of the services for whose id `isWanted`.
  func names(where isWanted: (UInt32) -> Bool) -> [String] {
    services.compactMap { isWanted($1.id) ? $0 : nil }
  }

  /// Names of all services in the kernel.
  public var names: Set<String> { Set(services.keys) }

  /// Whether a service is in request mode, so that a relay is needed.
  public var needsRelay: Bool { services.values.contains(where: \.isPerRequest) }

  /// Services the kernel had no room for, with the reason.
  public var refused: [String: String] { waiting.mapValues(\.reason) }

  /// Whether endpoints have left whose ids are not free yet.
  public var hasRetiredEndpoints: Bool { !retired.isEmpty }

  /// Connections that still count towards endpoints that have left.
  public func staleConnections() throws(DataplaneError) -> Int {
    var count = 0
    for endpoint in retired { count += Int(try tables.endpointStates.read(endpoint.id).active) }
    return count
  }

  /// Applies a change. What comes is published before what goes is removed, so that an address that moves from one
  /// service to another is answered at every moment.
  public func apply(_ change: PolicyChange) throws(DataplaneError) -> Report {
    var report = Report()
    let overtaken = Set(change.removed).union(change.upserted.map(\.name))
    let waitingBefore = waiting.values.map(\.service).filter { !overtaken.contains($0.name) }
    waiting = [:]
    try reclaim()
    try publish(change.upserted, &report)
    try remove(change.removed, &report)
    // A service that was fallen back to may have gone, and its id may be another's next.
    try publish(dependents.values.sorted { $0.name < $1.name }, &report)
    // There may be room now for what had none.
    let turnedAway = waiting.values.map(\.service) + waitingBefore
    waiting = [:]
    try reclaim()
    try publish(turnedAway.sorted { $0.name < $1.name }, &report)
    try publish(dependents.values.sorted { $0.name < $1.name }, &report)
    report.refused = refused
    return report
  }

  /// Takes back the ids whose last connection has closed.
  public func reclaim() throws(DataplaneError) {
    let now = ContinuousClock.now
    var kept: [RetiredEndpoint] = []
    for endpoint in retired {
      let isFree = try tables.endpointStates.read(endpoint.id).active == 0
      if isFree && now - endpoint.since >= Publisher.quarantine {
        endpointIDs.put(endpoint.id)
      } else {
        kept.append(endpoint)
      }
    }
    retired = kept
  }

  private func publish(_ wanted: [Service], _ report: inout Report) throws(DataplaneError) {
    var abandoned: [(frontend: Frontend, service: UInt32)] = []
    var rest = wanted[...]
    while !rest.isEmpty {
      var drafts: [Draft] = []
      while drafts.count < Publisher.batch, let service = rest.popFirst() {
        note(service)
        if services[service.name]?.isSame(as: service, fallback: fallback(of: service)) == true {
          services[service.name]?.share(service)
          continue
        }
        let match = (services[service.name] ?? PublishedService(id: 0)).match(service.endpoints)
        if let reason = shortage(for: service, newEndpoints: match.known.count { $0 == nil }) {
          waiting[service.name] = (service, reason)
        } else {
          drafts.append(try draft(service, match.known, leaving: match.leaving))
        }
      }
      try publish(drafts)
      for draft in drafts { abandoned += draft.abandonedFrontends.map { ($0, draft.published.id) } }
      report.published += drafts.count
      report.retiredEndpoints += drafts.reduce(0) { $0 + $1.leaving.count }
    }
    // Last, when all who take such an address over have it.
    for (frontend, service) in abandoned { try withdraw(frontend, from: service) }
  }

  /// A service as it will stand, and what of its former self goes.
  private struct Draft {
    var name: String
    var loadBalancer: LoadBalancer
    var settings: TrafficSettings
    var fallback: UInt32?
    var published: PublishedService
    /// Whether the service was given its id just now.
    var isNew: Bool
    /// Members that were given their id just now.
    var arriving: [EndpointSet.Member]
    var leaving: [EndpointSet.Member]
    /// Members that take no new work any more, or leave.
    var resting: [EndpointSet.Member]
    var abandonedFrontends: [Frontend]

    /// CLOSED since now, for endpoints that come to a service which has some: they warm up.
    var firstBreaker: UInt64 {
      guard !isNew, settings.warmup != nil, published.endpoints.count > arriving.count else { return 0 }
      return MonotonicTime.now() & ~UInt64(SWERVE_BREAKER_FLAGS.rawValue)
    }
  }

  /// States first, then the sets that name them, then the addresses that lead to those. What goes, goes last.
  private func publish(_ drafts: [Draft]) throws(DataplaneError) {
    guard !drafts.isEmpty else { return }
    try tables.serviceStates.write(drafts.filter(\.isNew).map { ($0.published.id, swerve_service_state()) })
    try tables.enlist(
      drafts.flatMap { draft in draft.arriving.map { ($0.id, $0.generation, draft.firstBreaker) } })
    for draft in drafts { writeResponse(of: draft) }
    try tables.endpointSets.publish(
      drafts.map { draft in
        let published = draft.published
        let cells = EndpointSet.cells(
          draft.loadBalancer, published.members, perRequest: published.isPerRequest, settings: draft.settings,
          fallback: draft.fallback)
        return (published.id, cells)
      })
    try tables.serviceInfos.write(
      drafts.map { ($0.published.id, swerve_service_info(name: $0.name, frontends: $0.published.frontends)) })
    try tables.frontends.update(
      drafts.flatMap { draft in draft.published.frontends.map { (swerve_frontend($0), draft.published.id) } })
    try retire(drafts.flatMap { $0.leaving.map(\.id) })
    for draft in drafts {
      for member in draft.resting { try tables.leave(endpoint: member.id, service: draft.published.id) }
    }
    try tables.announcePublication()
  }

  /// Gives ids to what is new. They are there: `shortage` was asked first.
  ///
  /// - Parameters:
  ///   - known: for each endpoint of the service the member it already is, nil where it is new.
  ///   - leaving: members the service no longer names.
  private func draft(
    _ service: Service, _ known: [EndpointSet.Member?], leaving: [EndpointSet.Member]
  ) throws(DataplaneError) -> Draft {
    let former = services[service.name]
    guard var published = former ?? serviceIDs.take().map({ PublishedService(id: $0) }) else {
      preconditionFailure("a service id was available")
    }
    var arriving: [EndpointSet.Member] = []
    var resting = leaving
    var members: [EndpointSet.Member] = []
    members.reserveCapacity(service.endpoints.count)
    for (endpoint, knownMember) in zip(service.endpoints, known) {
      guard var member = knownMember ?? endpointIDs.take().map({ EndpointSet.Member(endpoint, id: $0) }) else {
        continue
      }
      if member.weight > 0, endpoint.weight == 0, knownMember != nil { resting.append(member) }
      member.weight = endpoint.weight
      member.isStandby = endpoint.isStandby
      if knownMember == nil {
        member.generation = try tables.endpointStates.read(member.id).generation &+ 1
        arriving.append(member)
      }
      members.append(member)
    }
    published.members = members
    let abandoned = published.frontends.filter { !service.frontends.contains($0) }
    published.frontends = service.frontends
    published.loadBalancer = service.loadBalancer
    published.isPerRequest = service.isPerRequest
    let fallback = fallback(of: service)
    published.policy = images.shared(PolicyImage(service.settings, fallback: fallback))
    published.share(service)
    services[service.name] = published
    return Draft(
      name: service.name, loadBalancer: service.loadBalancer, settings: service.settings, fallback: fallback,
      published: published, isNew: former == nil, arriving: arriving, leaving: leaving, resting: resting,
      abandonedFrontends: abandoned)
  }

  // MARK: Fallbacks

  /// Remembers who falls back to whom.
  private func note(_ service: Service) {
    if case .service = service.settings.fallback {
      dependents[service.name] = service
    } else {
      dependents[service.name] = nil
    }
  }

  /// Id of the service that is asked when no endpoint of this one may be; nil while there is none.
  private func fallback(of service: Service) -> UInt32? {
    guard case .service(let name) = service.settings.fallback else { return nil }
    return services[name]?.id
  }

  /// Before the policy that names it is published. A response that cannot be written leaves the ordinary 503.
  private func writeResponse(of draft: Draft) {
    guard let responses else { return }
    if case .response(let bytes) = draft.settings.fallback {
      do { try responses.write(bytes, service: draft.published.id) } catch {
        responses.remove(service: draft.published.id)
      }
    } else if !draft.isNew {
      responses.remove(service: draft.published.id)
    }
  }

  /// Why the kernel cannot take the service, nil when it can.
  private func shortage(for service: Service, newEndpoints added: Int) -> String? {
    if services[service.name] == nil && serviceIDs.available == 0 {
      return "\(name(of: SWERVE_REASON_SERVICE_TABLE_FULL)): the node holds \(SWERVE_SERVICES_MAX) services"
    }
    if added > endpointIDs.available {
      return "\(name(of: SWERVE_REASON_ENDPOINT_TABLE_FULL)): \(added) endpoints are new, "
        + "\(endpointIDs.available) of \(SWERVE_ENDPOINTS_MAX) are free"
    }
    return nil
  }

  private func name(of reason: swerve_reason) -> String { String(cString: swerve_reason_name(reason.rawValue)) }

  /// Addresses first, then the sets, all with one swap.
  private func remove(_ names: [String], _ report: inout Report) throws(DataplaneError) {
    for name in names { dependents[name] = nil }
    let leaving = names.compactMap { services.removeValue(forKey: $0) }
    guard !leaving.isEmpty else { return }
    for service in leaving {
      for frontend in service.frontends { try withdraw(frontend, from: service.id) }
    }
    // A decision that read the address a moment ago still looks for the set.
    tables.waitForDecisions()
    try tables.endpointSets.empty(leaving.map(\.id))
    try tables.serviceInfos.write(leaving.map { ($0.id, swerve_service_info()) })
    for service in leaving {
      try retire(service.members.map(\.id))
      serviceIDs.put(service.id)
      responses?.remove(service: service.id)
      report.retiredEndpoints += service.endpoints.count
    }
    try tables.announcePublication()
    report.removed += leaving.count
  }

  /// Removes an address, unless it leads to another service by now.
  private func withdraw(_ frontend: Frontend, from service: UInt32) throws(DataplaneError) {
    let key = swerve_frontend(frontend)
    guard try tables.frontends.read(key) == service else { return }
    try tables.frontends.remove(key)
  }

  /// Ends the incarnation of endpoints that no published set names any more.
  private func retire(_ endpoints: [UInt32]) throws(DataplaneError) {
    for id in endpoints {
      try tables.retire(endpoint: id)
      retired.append(RetiredEndpoint(id: id, since: .now))
    }
  }
}
