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

  /// Sets that are built and swapped in together: a lookup table takes up to 128 KiB until the kernel has it.
  private static let batch = 512

  /// Takes over what the kernel holds: a restarted agent continues where the last one stopped.
  public init(_ tables: Tables) throws(DataplaneError) {
    self.tables = tables
    var found: [String: PublishedService] = [:]
    try tables.serviceInfos.forEach(count: Int(SWERVE_SERVICES_MAX)) { (id, info) throws(DataplaneError) in
      guard info.name.0 != 0 else { return }
      found[info.serviceName] = PublishedService(id: id, info: info, cells: try tables.endpointSets.read(id) ?? [])
    }
    var taken = Set(found.values.flatMap { $0.members.map(\.id) })
    // What left under an earlier agent may still have connections: such an id must not be given out yet.
    var left: [UInt32] = []
    try tables.endpointStates.forEach(count: Int(SWERVE_ENDPOINTS_MAX)) { (id, state) throws(DataplaneError) in
      if state.active != 0 && !taken.contains(id) { left.append(id) }
    }
    taken.formUnion(left)
    services = found
    retired = left
    serviceIDs = IdentifierPool(limit: Int(SWERVE_SERVICES_MAX), taken: Set(found.values.map(\.id)))
    endpointIDs = IdentifierPool(limit: Int(SWERVE_ENDPOINTS_MAX), taken: taken)
  }

  /// Names of all services in the kernel.
  public var names: Set<String> { Set(services.keys) }

  /// Services the kernel had no room for, with the reason.
  public var refused: [String: String] { waiting.mapValues(\.reason) }

  /// Connections that still count towards endpoints that have left.
  public func staleConnections() throws(DataplaneError) -> Int {
    var count = 0
    for id in retired { count += Int(try tables.endpointStates.read(id).active) }
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
    let claimed = Set(change.upserted.filter { waiting[$0.name] == nil }.flatMap(\.frontends))
    for name in change.removed {
      guard let service = services.removeValue(forKey: name) else { continue }
      try remove(service, keeping: claimed)
      report.removed += 1
      report.retiredEndpoints += service.members.count
    }
    // There may be room now for what had none.
    let turnedAway = waiting.values.map(\.service) + waitingBefore
    waiting = [:]
    try reclaim()
    try publish(turnedAway.sorted { $0.name < $1.name }, &report)
    report.refused = refused
    return report
  }

  private func publish(_ wanted: [Service], _ report: inout Report) throws(DataplaneError) {
    let claimed = Set(wanted.flatMap(\.frontends))
    var rest = wanted[...]
    while !rest.isEmpty {
      var drafts: [Draft] = []
      while drafts.count < Publisher.batch, let service = rest.popFirst() {
        if services[service.name]?.isSame(as: service) == true { continue }
        if let reason = shortage(for: service) {
          waiting[service.name] = (service, reason)
        } else {
          drafts.append(try draft(service))
        }
      }
      try publish(drafts, claimed)
      report.published += drafts.count
      report.retiredEndpoints += drafts.reduce(0) { $0 + $1.leaving.count }
    }
  }

  /// A service as it will stand, and what of its former self goes.
  private struct Draft {
    var name: String
    var loadBalancer: LoadBalancer
    var published: PublishedService
    /// Members that were given their id just now.
    var arriving: [EndpointSet.Member]
    var leaving: [EndpointSet.Member]
    var abandonedFrontends: [Frontend]
  }

  /// States first, then the sets that name them, then the addresses that lead to those. What goes, goes last.
  private func publish(_ drafts: [Draft], _ claimed: Set<Frontend>) throws(DataplaneError) {
    guard !drafts.isEmpty else { return }
    try tables.enlist(
      drafts.flatMap { draft in draft.arriving.map { ($0.id, $0.generation, draft.published.id) } })
    try tables.endpointSets.publish(
      drafts.map { ($0.published.id, EndpointSet.cells($0.loadBalancer, $0.published.members)) })
    try tables.serviceInfos.write(
      drafts.map { ($0.published.id, swerve_service_info(name: $0.name, frontends: $0.published.frontends)) })
    try tables.frontends.update(
      drafts.flatMap { draft in draft.published.frontends.map { (swerve_frontend($0), draft.published.id) } })
    for draft in drafts {
      for frontend in draft.abandonedFrontends where !claimed.contains(frontend) {
        try tables.frontends.remove(swerve_frontend(frontend))
      }
      try retire(draft.leaving)
    }
  }

  /// Gives ids to what is new. They are there: `shortage(for:)` was asked first.
  private func draft(_ service: Service) throws(DataplaneError) -> Draft {
    guard var published = services[service.name] ?? serviceIDs.take().map(PublishedService.init(id:)) else {
      preconditionFailure("a service id was available")
    }
    let (known, leaving) = published.match(service.endpoints)
    var arriving: [EndpointSet.Member] = []
    published.members = []
    published.members.reserveCapacity(service.endpoints.count)
    for (endpoint, former) in zip(service.endpoints, known) {
      guard var member = former ?? endpointIDs.take().map({ EndpointSet.Member(endpoint, id: $0) }) else { continue }
      member.weight = endpoint.weight
      if former == nil {
        member.generation = try tables.endpointStates.read(member.id).generation &+ 1
        arriving.append(member)
      }
      published.members.append(member)
    }
    let abandoned = published.frontends.filter { !service.frontends.contains($0) }
    published.frontends = service.frontends
    published.loadBalancer = service.loadBalancer
    services[service.name] = published
    return Draft(
      name: service.name, loadBalancer: service.loadBalancer, published: published, arriving: arriving,
      leaving: leaving, abandonedFrontends: abandoned)
  }

  /// Why the kernel cannot take the service, nil when it can.
  private func shortage(for service: Service) -> String? {
    let former = services[service.name]
    if former == nil && serviceIDs.available == 0 {
      return "service_table_full: the node holds \(SWERVE_SERVICES_MAX) services"
    }
    let added = (former ?? PublishedService(id: 0)).match(service.endpoints).known.count { $0 == nil }
    if added > endpointIDs.available {
      return
        "endpoint_table_full: \(added) endpoints are new, \(endpointIDs.available) of \(SWERVE_ENDPOINTS_MAX) are free"
    }
    return nil
  }

  private func remove(_ service: PublishedService, keeping claimed: Set<Frontend>) throws(DataplaneError) {
    for frontend in service.frontends where !claimed.contains(frontend) {
      try tables.frontends.remove(swerve_frontend(frontend))
    }
    try tables.endpointSets.remove(service.id)
    try tables.serviceInfos.write(service.id, swerve_service_info())
    try retire(service.members)
    serviceIDs.put(service.id)
  }

  /// Ends the incarnation of endpoints that no published set names any more.
  private func retire(_ members: [EndpointSet.Member]) throws(DataplaneError) {
    for member in members {
      try tables.retire(endpoint: member.id)
      retired.append(member.id)
    }
  }

  /// Takes back the ids whose last connection has closed.
  private func reclaim() throws(DataplaneError) {
    var open: [UInt32] = []
    for id in retired {
      if try tables.endpointStates.read(id).active == 0 { endpointIDs.put(id) } else { open.append(id) }
    }
    retired = open
  }
}
