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
  private var services: [String: PublishedService] = [:]
  private var serviceIDs: IdentifierPool
  private var endpointIDs: IdentifierPool
  /// Ids of endpoints that left, until their last connection is closed.
  private var retired: [UInt32] = []
  /// Services there was no room for, tried again when some is freed.
  private var waiting: [String: (service: Service, reason: String)] = [:]

  /// Takes over what the kernel holds: a restarted agent continues where the last one stopped.
  public init(_ tables: Tables) throws(DataplaneError) {
    self.tables = tables
    let infos = try tables.serviceInfos.readAll(count: Int(SWERVE_SERVICES_MAX))
    var taken: Set<UInt32> = []
    for (index, info) in infos.enumerated() where info.name.0 != 0 {
      let id = UInt32(index)
      guard let found = PublishedService(id: id, info: info, cells: try tables.endpointSets.read(id)) else { continue }
      services[info.serviceName] = found
      taken.formUnion(found.endpoints.values.map(\.id))
    }
    serviceIDs = IdentifierPool(limit: Int(SWERVE_SERVICES_MAX), taken: Set(services.values.map(\.id)))
    // What left under an earlier agent may still have connections: such an id must not be given out yet.
    for id in 0..<UInt32(SWERVE_ENDPOINTS_MAX) where !taken.contains(id) && tables.endpointStates[id].active != 0 {
      retired.append(id)
      taken.insert(id)
    }
    endpointIDs = IdentifierPool(limit: Int(SWERVE_ENDPOINTS_MAX), taken: taken)
  }

  /// Names of all services in the kernel.
  public var names: Set<String> { Set(services.keys) }

  /// Endpoints in the kernel, over all services.
  public var endpointCount: Int { services.values.reduce(0) { $0 + $1.endpoints.count } }

  /// Services the kernel had no room for, with the reason.
  public var refused: [String: String] { waiting.mapValues(\.reason) }

  /// Connections that still count towards endpoints that have left.
  public var staleConnections: Int {
    retired.reduce(0) { $0 + Int(tables.endpointStates[$1].active) }
  }

  /// Applies a change. What comes is published before what goes is removed, so that an address that moves from one
  /// service to another is answered at every moment.
  public func apply(_ change: PolicyChange) throws(DataplaneError) -> Report {
    var report = Report()
    let overtaken = Set(change.removed).union(change.upserted.map(\.name))
    let waitingBefore = waiting.values.map(\.service).filter { !overtaken.contains($0.name) }
    waiting = [:]
    reclaim()
    try publish(change.upserted, &report)
    let claimed = Set(change.upserted.filter { waiting[$0.name] == nil }.flatMap(\.frontends))
    for name in change.removed {
      guard let service = services.removeValue(forKey: name) else { continue }
      try remove(service, keeping: claimed)
      report.removed += 1
      report.retiredEndpoints += service.endpoints.count
    }
    // There may be room now for what had none.
    let turnedAway = waiting.values.map(\.service) + waitingBefore
    waiting = [:]
    reclaim()
    try publish(turnedAway.sorted { $0.name < $1.name }, &report)
    report.refused = refused
    return report
  }

  private func publish(_ wanted: [Service], _ report: inout Report) throws(DataplaneError) {
    var drafts: [Draft] = []
    for service in wanted where services[service.name]?.policy?.hasSameMeaning(as: service) != true {
      if let reason = shortage(for: service) {
        waiting[service.name] = (service, reason)
        continue
      }
      drafts.append(draft(service))
    }
    guard !drafts.isEmpty else { return }
    try tables.endpointSets.publish(drafts.map { ($0.published.id, $0.cells) })
    try tables.serviceInfos.write(
      drafts.map { ($0.published.id, swerve_service_info(name: $0.name, frontends: $0.published.frontends)) })
    try tables.frontends.update(
      drafts.flatMap { draft in draft.published.frontends.map { (swerve_frontend($0), draft.published.id) } })
    let claimed = Set(drafts.flatMap(\.published.frontends))
    for draft in drafts {
      for frontend in draft.abandonedFrontends where !claimed.contains(frontend) {
        try tables.frontends.remove(swerve_frontend(frontend))
      }
      retire(draft.leaving)
      report.retiredEndpoints += draft.leaving.count
    }
    report.published += drafts.count
  }

  /// A service as it will stand, and what of its former self goes.
  private struct Draft {
    var name: String
    var published: PublishedService
    var cells: [swerve_cell]
    var leaving: [PublishedService.Identity]
    var abandonedFrontends: [Frontend]
  }

  /// Gives ids to what is new and builds the set. The ids are there: `shortage(for:)` was asked first.
  private func draft(_ service: Service) -> Draft {
    let former = services[service.name] ?? serviceIDs.take().map(PublishedService.init(id:))
    guard var published = former else { preconditionFailure("a service id was available") }
    var leaving = published.endpoints
    let abandoned = published.frontends.filter { !service.frontends.contains($0) }
    published.endpoints = [:]
    published.frontends = service.frontends
    published.policy = service
    var members: [EndpointSet.Member] = []
    members.reserveCapacity(service.endpoints.count)
    for endpoint in service.endpoints {
      let key = PublishedService.EndpointKey(endpoint)
      guard let identity = leaving.removeValue(forKey: key) ?? enlist(published.id) else { continue }
      published.endpoints[key] = identity
      members.append(
        EndpointSet.Member(
          address: endpoint.address, port: endpoint.port, weight: endpoint.weight, id: identity.id,
          generation: identity.generation))
    }
    services[service.name] = published
    return Draft(
      name: service.name, published: published, cells: EndpointSet.cells(service.loadBalancer, members),
      leaving: Array(leaving.values), abandonedFrontends: abandoned)
  }

  private func enlist(_ service: UInt32) -> PublishedService.Identity? {
    guard let id = endpointIDs.take() else { return nil }
    return PublishedService.Identity(id: id, generation: tables.enlist(endpoint: id, service: service))
  }

  /// Why the kernel cannot take the service, nil when it can.
  private func shortage(for service: Service) -> String? {
    let former = services[service.name]
    let known = former?.endpoints ?? [:]
    let added = service.endpoints.reduce(0) { $0 + (known[PublishedService.EndpointKey($1)] == nil ? 1 : 0) }
    if former == nil && serviceIDs.available == 0 {
      return "service_table_full: the node holds \(SWERVE_SERVICES_MAX) services"
    }
    if added > endpointIDs.available {
      return "endpoint_table_full: \(added) endpoints are new, \(endpointIDs.available) of \(SWERVE_ENDPOINTS_MAX) are free"
    }
    return nil
  }

  private func remove(_ service: PublishedService, keeping claimed: Set<Frontend>) throws(DataplaneError) {
    for frontend in service.frontends where !claimed.contains(frontend) {
      try tables.frontends.remove(swerve_frontend(frontend))
    }
    try tables.endpointSets.remove(service.id)
    try tables.serviceInfos.write(service.id, swerve_service_info())
    retire(Array(service.endpoints.values))
    serviceIDs.put(service.id)
  }

  /// Ends the incarnation of endpoints that no published set names any more.
  private func retire(_ endpoints: [PublishedService.Identity]) {
    for endpoint in endpoints {
      tables.retire(endpoint: endpoint.id)
      retired.append(endpoint.id)
    }
  }

  /// Takes back the ids whose last connection has closed.
  private func reclaim() {
    let closed = retired.filter { tables.endpointStates[$0].active == 0 }
    guard !closed.isEmpty else { return }
    retired.removeAll { tables.endpointStates[$0].active == 0 }
    for id in closed { endpointIDs.put(id) }
  }
}
