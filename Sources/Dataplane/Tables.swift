// SPDX-License-Identifier: Apache-2.0

import CLibbpf
import Foundation
public import SwerveABI

/// The pinned maps of an installed dataplane, typed. Opening them needs no running agent.
public struct Tables: Sendable {
  public let frontends: HashMap<swerve_frontend, UInt32>
  public let endpointSets: EndpointSets
  public let endpointStates: MappedArray<swerve_endpoint_state>
  public let serviceStates: MappedArray<swerve_service_state>
  public let serviceInfos: ArrayMap<swerve_service_info>
  public let node: ArrayMap<swerve_node>

  /// Opens the maps pinned in the layout. Nil when there are none of this ABI version.
  ///
  /// - Parameter writable: also lets `retire(endpoint:)` change states; the agent's right alone.
  public init?(_ pins: PinLayout, writable: Bool) throws(DataplaneError) {
    guard let node = try Descriptor.pinned(pins.map("node")) else { return nil }
    func open(_ name: String) throws(DataplaneError) -> Descriptor {
      if let descriptor = try Descriptor.pinned(pins.map(name)) { return descriptor }
      throw DataplaneError(
        .notInstalled, "open map \(pins.map(name))", errno: ENOENT,
        advice: "the dataplane is half installed; `swerve run` completes it, `swerve uninstall` removes it")
    }
    self.node = ArrayMap(descriptor: node, name: "node")
    frontends = HashMap(descriptor: try open("frontends"), name: "frontends")
    endpointSets = EndpointSets(descriptor: try open("endpoint_sets"))
    endpointStates = try MappedArray(
      try open("endpoint_states"), name: "endpoint_states", count: SWERVE_ENDPOINTS_MAX, writable: writable)
    serviceStates = try MappedArray(
      try open("service_states"), name: "service_states", count: SWERVE_SERVICES_MAX, writable: false)
    serviceInfos = ArrayMap(descriptor: try open("service_infos"), name: "service_infos")
  }

  /// Ends an incarnation of an endpoint: connections made to it become stale, its id keeps counting them down.
  public func retire(endpoint: UInt32) {
    endpointStates.modify(endpoint) { $0.pointee.generation &+= 1 }
  }

  /// Begins an incarnation of an endpoint on an id whose last one has no connections left: the history starts anew.
  public func enlist(endpoint: UInt32, service: UInt32) -> UInt32 {
    let generation = endpointStates[endpoint].generation &+ 1
    endpointStates.modify(endpoint) { state in
      state.pointee = swerve_endpoint_state()
      state.pointee.generation = generation
      state.pointee.service = service
    }
    return generation
  }
}
