// SPDX-License-Identifier: Apache-2.0

public import Dataplane
internal import SwerveABI
internal import SwerveCore

extension Relay {
  /// Frees every client, slot and pool record and ends all counts of requests in flight: what a relay that died without
  /// a successor left behind. Only for a relay that starts without a predecessor, before `start`.
  public static func clearRecords(_ tables: RequestTables) {
    if let node = tables.node[0] { swerve_native_store32(&node.pointee.acceleration, 0) }
    for index in 0..<UInt32(tables.endpointStates.count) {
      guard let state = tables.endpointStates[index] else { continue }
      // Written only where need be: a page that is read only stays shared with nobody's cache.
      if state.pointee.pool != 0 { swerve_native_store32(&state.pointee.pool, 0) }
      if state.pointee.warm.live != 0 || state.pointee.warm.free != 0 { state.pointee.warm = swerve_warm() }
      if state.pointee.in_flight != 0 { swerve_native_store32(&state.pointee.in_flight, 0) }
    }
    for index in 0..<UInt32(tables.serviceStates.count) {
      guard let service = tables.serviceStates[index], service.pointee.admitted != service.pointee.answered else {
        continue
      }
      swerve_native_store32(&service.pointee.answered, service.pointee.admitted)
    }
    for index in 0..<UInt32(tables.pools.count) {
      guard let pool = tables.pools[index] else { continue }
      pool.pointee = swerve_pool()
      pool.pointee.endpoint = none
    }
    for index in 0..<UInt32(tables.slots.count) {
      guard let slot = tables.slots[index], slot.pointee.ended_ns != 0 || slot.pointee.requests != 0 else { continue }
      slot.pointee = swerve_slot()
      slot.pointee.client = none
    }
    for index in 0..<UInt32(tables.clients.count) {
      guard let client = tables.clients[index], client.pointee.cookie != 0 else { continue }
      swerve_native_store64(&client.pointee.cookie, 0)
    }
  }
}
