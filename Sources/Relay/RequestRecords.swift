// SPDX-License-Identifier: Apache-2.0

internal import Dataplane
internal import SwerveABI

/// The records the relay shares with the kernel, and what it asks of sockets: the pinned maps, or memory in tests.
protocol RequestRecords: AnyObject {
  var node: UnsafeMutablePointer<swerve_node>? { get }
  /// All endpoint states, by id.
  var endpointStates: UnsafeMutableBufferPointer<swerve_endpoint_state> { get }
  var poolCount: UInt32 { get }
  /// Nil past the end.
  func client(_ index: UInt32) -> UnsafeMutablePointer<swerve_client>?
  func slot(_ index: UInt32) -> UnsafeMutablePointer<swerve_slot>?
  func pool(_ index: UInt32) -> UnsafeMutablePointer<swerve_pool>?
  func service(_ index: UInt32) -> UnsafeMutablePointer<swerve_service_state>?
  /// The request the kernel may have kept of a slot.
  func retained(slot index: UInt32) -> UnsafeMutablePointer<swerve_retained>?
  /// `SWERVE_EVENTS_MAX` places; nil when events are not kept.
  var events: UnsafeMutablePointer<swerve_event>? { get }
  /// The cells published for a service; nil when there are none.
  func endpointSet(_ service: UInt32) throws(DataplaneError) -> [swerve_cell]?
  /// What was written on a socket; nil when nothing.
  func connection(of socket: Int32) throws(DataplaneError) -> swerve_connection?
  func mark(_ socket: Int32, as connection: swerve_connection) throws(DataplaneError)
  func insertPoolSocket(_ socket: Int32, cookie: UInt64, slot: UInt32) throws(DataplaneError)
  func removePoolSocket(cookie: UInt64, slot: UInt32) throws(DataplaneError)
  func removeClientSocket(cookie: UInt64)
}

/// The pinned maps.
final class PinnedRecords: RequestRecords {
  private let tables: RequestTables

  init(_ tables: RequestTables) {
    self.tables = tables
  }

  var node: UnsafeMutablePointer<swerve_node>? { tables.node[0] }
  var endpointStates: UnsafeMutableBufferPointer<swerve_endpoint_state> {
    UnsafeMutableBufferPointer(start: tables.endpointStates.first, count: tables.endpointStates.count)
  }
  var poolCount: UInt32 { UInt32(tables.pools.count) }
  func client(_ index: UInt32) -> UnsafeMutablePointer<swerve_client>? { tables.clients[index] }
  func slot(_ index: UInt32) -> UnsafeMutablePointer<swerve_slot>? { tables.slots[index] }
  func pool(_ index: UInt32) -> UnsafeMutablePointer<swerve_pool>? { tables.pools[index] }
  func service(_ index: UInt32) -> UnsafeMutablePointer<swerve_service_state>? { tables.serviceStates[index] }

  func retained(slot index: UInt32) -> UnsafeMutablePointer<swerve_retained>? {
    tables.retained[index % UInt32(SWERVE_RETAINED_MAX)]
  }
  var events: UnsafeMutablePointer<swerve_event>? { tables.events.first }

  func endpointSet(_ service: UInt32) throws(DataplaneError) -> [swerve_cell]? {
    try tables.endpointSets.read(service)
  }

  func connection(of socket: Int32) throws(DataplaneError) -> swerve_connection? {
    try tables.connection(of: socket)
  }

  func mark(_ socket: Int32, as connection: swerve_connection) throws(DataplaneError) {
    try tables.mark(socket, as: connection)
  }

  func insertPoolSocket(_ socket: Int32, cookie: UInt64, slot: UInt32) throws(DataplaneError) {
    try tables.insertPoolSocket(socket, cookie: cookie, slot: slot)
  }

  func removePoolSocket(cookie: UInt64, slot: UInt32) throws(DataplaneError) {
    try tables.removePoolSocket(cookie: cookie, slot: slot)
  }

  func removeClientSocket(cookie: UInt64) { tables.removeClientSocket(cookie: cookie) }
}

/// No client, slot, endpoint or service. C's constant does not fit the type Swift gives it.
let none = UInt32.max
/// A limit that nothing reaches.
let noLimit = UInt32.max
/// In place of a response's status: the client has gone, which says nothing of the endpoint.
let abandoned = UInt32(SWERVE_STATUS_ABANDONED)

extension RequestRecords {
  /// Whether requests may be steered in the kernel now.
  var isAccelerated: Bool { (node?.pointee.acceleration ?? 0) != 0 }

  func endpointState(_ id: UInt32) -> UnsafeMutablePointer<swerve_endpoint_state>? {
    let states = endpointStates
    return Int(id) < states.count ? states.baseAddress?.advanced(by: Int(id)) : nil
  }
}
