// SPDX-License-Identifier: Apache-2.0

public import Dataplane
public import Policy
import SwerveABI

/// What would change in the kernel if a policy were put in force.
public struct NodeDifference: Codable, Sendable {
  public enum Kind: String, Codable, Sendable {
    case added
    case removed
    case changed
  }

  public struct Service: Codable, Sendable {
    public var name: String
    public var kind: Kind
    /// One sentence each, empty for a service that comes or goes.
    public var changes: [String]
  }

  /// Sorted by name; services that stay as they are are left out.
  public var services: [Service] = []
  /// How many stay as they are.
  public var unchanged = 0

  /// - Parameter wanted: all services of the policy.
  public init(_ pins: PinLayout, _ wanted: [Policy.Service]) throws(DataplaneError) {
    guard let tables = try Tables(pins) else {
      throw DataplaneError(
        .notInstalled, "compare with the dataplane at \(pins.path): none is installed",
        advice: "start one with `swerve run`, or name its place with --pin-path")
    }
    var held: [String: (id: UInt32, info: swerve_service_info)] = [:]
    try tables.serviceInfos.forEach(count: Int(SWERVE_SERVICES_MAX)) { (id, info) throws(DataplaneError) in
      if info.name.0 != 0 { held[info.serviceName] = (id, info) }
    }
    let ids = held.mapValues(\.id)
    for service in wanted {
      guard let (id, info) = held.removeValue(forKey: service.name) else {
        services.append(Service(name: service.name, kind: .added, changes: []))
        continue
      }
      let cells = try tables.endpointSets.read(id) ?? []
      let present = PublishedService(id: id, frontends: info.publishedFrontends, cells: cells)
      let changes = NodeDifference.changes(from: present, cells, to: service, ids)
      if changes.isEmpty {
        unchanged += 1
      } else {
        services.append(Service(name: service.name, kind: .changed, changes: changes))
      }
    }
    services += held.keys.map { Service(name: $0, kind: .removed, changes: []) }
    services.sort { $0.name < $1.name }
  }

  private static func changes(
    from present: PublishedService, _ cells: [swerve_cell], to wanted: Policy.Service, _ ids: [String: UInt32]
  ) -> [String] {
    var changes: [String] = []
    if Set(present.frontends) != Set(wanted.frontends) {
      changes.append("frontends: \(list(present.frontends)) -> \(list(wanted.frontends))")
    }
    if present.loadBalancer != wanted.loadBalancer {
      changes.append("load balancer: \(present.loadBalancer?.rawValue ?? "unknown") -> \(wanted.loadBalancer.rawValue)")
    }
    if present.isPerRequest != wanted.isPerRequest {
      changes.append("mode: \(mode(present.isPerRequest)) -> \(mode(wanted.isPerRequest))")
    }
    return changes + endpointChanges(present, wanted) + policyChanges(cells, wanted, ids)
  }

  private static func endpointChanges(_ present: PublishedService, _ wanted: Policy.Service) -> [String] {
    let match = present.match(wanted.endpoints)
    var changes = match.leaving.map { "endpoint \(place($0.address, $0.port)) leaves" }
    for (endpoint, member) in zip(wanted.endpoints, match.known) {
      let place = place(endpoint.address, endpoint.port)
      guard let member else {
        changes.append("endpoint \(place) comes, weight \(endpoint.weight)")
        continue
      }
      if member.weight != endpoint.weight {
        changes.append("endpoint \(place): weight \(member.weight) -> \(endpoint.weight)")
      }
      if member.isStandby != endpoint.isStandby {
        changes.append("endpoint \(place) is \(endpoint.isStandby ? "a standby" : "no standby any more")")
      }
    }
    return changes
  }

  private static func policyChanges(
    _ cells: [swerve_cell], _ wanted: Policy.Service, _ ids: [String: UInt32]
  ) -> [String] {
    var fallback: UInt32?
    if case .service(let name) = wanted.settings.fallback { fallback = ids[name] }
    let before = PolicyDescription(cells).values
    let after = PolicyDescription(
      EndpointSet.cells(wanted.loadBalancer, [], settings: wanted.settings, fallback: fallback)
    ).values
    let old = Dictionary(before.map { ($0.field, $0.value) }, uniquingKeysWith: { first, _ in first })
    let new = Dictionary(after.map { ($0.field, $0.value) }, uniquingKeysWith: { first, _ in first })
    let changed = after.filter { old[$0.field] != $0.value }.map {
      "\($0.field): \(old[$0.field] ?? "none") -> \($0.value)"
    }
    return changed + before.filter { new[$0.field] == nil }.map { "\($0.field): \($0.value) -> none" }
  }

  private static func list(_ frontends: [Frontend]) -> String {
    frontends.map(\.description).sorted().joined(separator: ",")
  }

  private static func mode(_ isPerRequest: Bool) -> String { isPerRequest ? "request" : "connection" }

  private static func place(_ address: IPAddress, _ port: UInt16) -> String {
    Frontend(address: address, port: port).description
  }
}
