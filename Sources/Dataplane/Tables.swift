// SPDX-License-Identifier: Apache-2.0

import CDataplane
import CLibbpf
import Foundation
public import SwerveABI
import SwerveCore

/// The pinned maps of an installed dataplane, typed. Opening them needs no running agent.
public struct Tables: Sendable {
  public let frontends: HashMap<swerve_frontend, UInt32>
  public let endpointSets: EndpointSets
  public let endpointStates: ArrayMap<swerve_endpoint_state>
  public let serviceStates: ArrayMap<swerve_service_state>
  public let serviceInfos: ArrayMap<swerve_service_info>
  public let pools: ArrayMap<swerve_pool>
  public let node: ArrayMap<swerve_node>

  /// Opens the maps pinned in the layout. Nil when there are none of this ABI version.
  public init?(_ pins: PinLayout) throws(DataplaneError) {
    guard let node = try Descriptor.pinned(pins.map("node")) else { return nil }
    func open(_ name: String) throws(DataplaneError) -> Descriptor {
      if let descriptor = try Descriptor.pinned(pins.map(name)) { return descriptor }
      throw DataplaneError(
        .notInstalled, "open map \(pins.map(name))", errno: ENOENT,
        advice: "the dataplane is half installed; `swerve run` completes it, `swerve uninstall` removes it")
    }
    self.node = ArrayMap(descriptor: node, name: "node")
    let version = try self.node.read(0).abi_version
    guard version == SWERVE_ABI_VERSION || version == 0 else {
      throw DataplaneError(
        .map, "use the maps in \(pins.maps): they are of ABI version \(version), this build's is \(SWERVE_ABI_VERSION)",
        advice: "`swerve uninstall` removes them")
    }
    frontends = HashMap(descriptor: try open("frontends"), name: "frontends")
    endpointSets = EndpointSets(descriptor: try open("endpoint_sets"))
    endpointStates = ArrayMap(descriptor: try open("endpoint_states"), name: "endpoint_states")
    serviceStates = ArrayMap(descriptor: try open("service_states"), name: "service_states")
    serviceInfos = ArrayMap(descriptor: try open("service_infos"), name: "service_infos")
    pools = ArrayMap(descriptor: try open("pools"), name: "pools")
  }

  /// Waits until every decision under way has ended, so that what it has read may be taken away.
  public func waitForDecisions() {
    // Refused by kernels with full dynticks: then the time a decision can take is waited out, generously.
    if swerve_wait_for_programs() != 0 { usleep(50_000) }
  }

  /// Tells the relay that endpoint sets or generations have changed. For the agent alone, after the change.
  public func announcePublication() throws(DataplaneError) {
    try node.modify(0) { swerve_native_add64(&$0.pointee.publications, 1) }
  }

  /// Ends an incarnation of an endpoint: connections made to it become stale, its id keeps counting them down.
  public func retire(endpoint: UInt32) throws(DataplaneError) {
    try endpointStates.modify(endpoint) { $0.pointee.generation &+= 1 }
  }

  /// Takes an endpoint that leaves, or only finishes what it has, out of its service's count of ejected ones.
  public func leave(endpoint: UInt32, service: UInt32) throws(DataplaneError) {
    // Mostly there is nothing to do, and reading costs less than two windows.
    guard try endpointStates.read(endpoint).breaker != 0 else { return }
    var failure: DataplaneError?
    try serviceStates.modify(service) { service in
      do throws(DataplaneError) {
        try endpointStates.modify(endpoint) { swerve_native_leave(service, $0) }
      } catch { failure = error }
    }
    if let failure { throw failure }
  }

  /// Takes so many off the count of a service's ejected endpoints, modulo 2^32: it was found to be wrong.
  public func uncountEjected(_ surplus: UInt32, of service: UInt32) throws(DataplaneError) {
    try serviceStates.modify(service) { _ = swerve_native_add32(&$0.pointee.ejected, 0 &- surplus) }
  }

  /// Begins an incarnation of endpoints on ids whose last one has no connections left: their history starts anew. In no
  /// published set yet, so that nobody else writes these records.
  ///
  /// - Parameter endpoints: `breaker` is the first word of the endpoint's breaker: 0, or since when it warms up.
  public func enlist(
    _ endpoints: [(id: UInt32, generation: UInt32, breaker: UInt64)]
  ) throws(DataplaneError) {
    try endpointStates.write(
      endpoints.map { endpoint in
        var state = swerve_endpoint_state()
        state.generation = endpoint.generation
        state.breaker = endpoint.breaker
        return (endpoint.id, state)
      })
  }
}
