// SPDX-License-Identifier: Apache-2.0

import Policy
import SwerveABI
import SwerveCore

/// Endpoint sets as the agent publishes them, made by the agent's own code, once for every view and zone.
struct CorePublisher {
  let settings: TrafficSettings
  let loadBalancer: LoadBalancer
  let isPerRequest: Bool
  /// For a node without a set.
  let nothing: UnsafeMutablePointer<swerve_tables>
  /// By zone, the scenario's endpoints in their order, as the policy has them there.
  private let members: [[EndpointSet.Member]]
  private let made = Made()

  let hasReplicas: Bool
  /// Index of the tables by which endpoints are judged: those of all endpoints.
  let judgementList: Int

  /// What was made lives as long as the publisher: nodes point to it.
  private final class Made {
    struct Key: Hashable {
      let view: ObjectIdentifier
      let zone: Int
    }
    var tables: [Key: UnsafeMutablePointer<swerve_tables>] = [:]
    var views: [EndpointView] = []
    var cells: [UnsafeMutableBufferPointer<swerve_cell>] = []
    var allocations: [UnsafeMutablePointer<swerve_tables>] = []

    deinit {
      for buffer in cells { buffer.deallocate() }
      for pointer in allocations { pointer.deallocate() }
    }
  }

  /// - Parameter services: by zone of the nodes.
  init(_ resolved: ResolvedScenario, loadBalancer: LoadBalancer?) {
    settings = resolved.service.settings
    self.loadBalancer = loadBalancer ?? resolved.service.loadBalancer
    isPerRequest = resolved.scenario.clients.mode == .request
    members = resolved.servicesByZone.map { service in
      resolved.endpointIndices.enumerated().map { index, place in
        let endpoint = service.endpoints[place]
        return EndpointSet.Member(
          address: endpoint.address, port: endpoint.port, weight: endpoint.weight, isStandby: endpoint.isStandby,
          id: UInt32(index), generation: 0)
      }
    }
    hasReplicas = resolved.scenario.clients.replicas > 0
    judgementList = hasReplicas ? resolved.scenario.endpointCount : 0
    nothing = .allocate(capacity: judgementList + 1)
    nothing.initialize(repeating: swerve_tables(), count: judgementList + 1)
    made.allocations.append(nothing)
  }

  /// Tables without states, one for each list of the view.
  func tables(for view: EndpointView, zone: Int) -> UnsafeMutablePointer<swerve_tables> {
    let key = Made.Key(view: ObjectIdentifier(view), zone: zone)
    if let known = made.tables[key] { return known }
    let count = judgementList + 1
    let tables = UnsafeMutablePointer<swerve_tables>.allocate(capacity: count)
    for list in 0..<count {
      let cells = self.cells(view, list: list, zone: zone)
      let buffer = UnsafeMutableBufferPointer<swerve_cell>.allocate(capacity: cells.count)
      _ = buffer.initialize(from: cells)
      made.cells.append(buffer)
      (tables + list).initialize(
        to: swerve_tables(
          cells: UnsafePointer(buffer.baseAddress), states: nil, cell_count: UInt32(cells.count),
          state_count: UInt32(view.isKnown.count)))
    }
    made.tables[key] = tables
    made.allocations.append(tables)
    // Kept, so that no later view has its address.
    made.views.append(view)
    return tables
  }

  private func cells(_ view: EndpointView, list: Int, zone: Int) -> [swerve_cell] {
    let listed =
      list == judgementList
      ? all(view, zone: zone) : view.lists[list].map { members[zone][Int($0)] }
    return EndpointSet.cells(loadBalancer, listed, perRequest: isPerRequest, settings: settings, fallback: nil)
  }

  /// Those that are draining, too: without a weight.
  private func all(_ view: EndpointView, zone: Int) -> [EndpointSet.Member] {
    members[zone].indices.filter { view.isKnown[$0] }.map { endpoint in
      var member = members[zone][endpoint]
      if view.isDraining[endpoint] { member.weight = 0 }
      return member
    }
  }
}
