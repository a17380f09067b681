// SPDX-License-Identifier: Apache-2.0

import Dataplane
import SwerveABI

@testable import Relay

/// The shared records in this process's memory: no kernel takes part.
final class MemoryRecords: RequestRecords {
  static let pools = 4
  static let endpoints = 16
  static let clients = 8
  static let service: UInt32 = 0

  private let nodeRecord = UnsafeMutablePointer<swerve_node>.allocate(capacity: 1)
  private let states = UnsafeMutableBufferPointer<swerve_endpoint_state>.allocate(capacity: endpoints)
  private let clientRecords = UnsafeMutableBufferPointer<swerve_client>.allocate(capacity: clients)
  private let slots = UnsafeMutableBufferPointer<swerve_slot>.allocate(capacity: pools * 64)
  private let poolRecords = UnsafeMutableBufferPointer<swerve_pool>.allocate(capacity: pools)
  private let services = UnsafeMutableBufferPointer<swerve_service_state>.allocate(capacity: 1)
  private var cells: [swerve_cell] = []
  /// What sockets are marked as; others are accepted ones without a client record.
  var marks: [Int32: swerve_connection] = [:]
  /// Slots that were made known to the kernel.
  var poolSockets: Set<UInt32> = []
  /// Index of the client record of accepted sockets.
  var acceptedIndex = UInt32.max

  init() {
    nodeRecord.initialize(to: swerve_node())
    states.initialize(repeating: swerve_endpoint_state())
    clientRecords.initialize(repeating: swerve_client())
    slots.initialize(repeating: swerve_slot())
    poolRecords.initialize(repeating: swerve_pool())
    services.initialize(repeating: swerve_service_state())
    for index in poolRecords.indices { poolRecords[index].endpoint = .max }
  }

  deinit {
    nodeRecord.deallocate()
    states.deallocate()
    clientRecords.deallocate()
    slots.deallocate()
    poolRecords.deallocate()
    services.deallocate()
  }

  /// Publishes endpoints at 127.0.0.1, ids from 0 on, in turn.
  func publish(ports: [UInt16]) {
    var header = swerve_cell()
    header.header.endpoint_count = UInt32(ports.count)
    header.header.algorithm = UInt32(SWERVE_ROUND_ROBIN.rawValue)
    header.header.per_request = 1
    cells = [header]
    for (id, port) in ports.enumerated() {
      var cell = swerve_cell()
      cell.endpoint.address.words = (0, 0, UInt32(0xffff).bigEndian, UInt32(0x7f00_0001).bigEndian)
      cell.endpoint.port = port.bigEndian
      cell.endpoint.id = UInt32(id)
      cell.endpoint.generation = states[id].generation
      cell.endpoint.weight = 1
      cells.append(cell)
    }
    nodeRecord.pointee.publications += 1
  }

  var node: UnsafeMutablePointer<swerve_node>? { nodeRecord }
  var endpointStates: UnsafeMutableBufferPointer<swerve_endpoint_state> { states }
  var poolCount: UInt32 { UInt32(poolRecords.count) }
  func client(_ index: UInt32) -> UnsafeMutablePointer<swerve_client>? { at(clientRecords, index) }
  func slot(_ index: UInt32) -> UnsafeMutablePointer<swerve_slot>? { at(slots, index) }
  func pool(_ index: UInt32) -> UnsafeMutablePointer<swerve_pool>? { at(poolRecords, index) }
  func service(_ index: UInt32) -> UnsafeMutablePointer<swerve_service_state>? { at(services, index) }
  func retained(slot index: UInt32) -> UnsafeMutablePointer<swerve_retained>? { nil }
  var events: UnsafeMutablePointer<swerve_event>? { nil }

  private func at<Value>(_ array: UnsafeMutableBufferPointer<Value>, _ index: UInt32) -> UnsafeMutablePointer<Value>? {
    Int(index) < array.count ? array.baseAddress?.advanced(by: Int(index)) : nil
  }

  func endpointSet(_ service: UInt32) throws(DataplaneError) -> [swerve_cell]? { cells.isEmpty ? nil : cells }

  func connection(of socket: Int32) throws(DataplaneError) -> swerve_connection? {
    var mark = swerve_connection()
    mark.role = UInt32(SWERVE_ROLE_ACCEPTED.rawValue)
    mark.service = MemoryRecords.service
    mark.index = acceptedIndex
    return mark
  }

  func mark(_ socket: Int32, as connection: swerve_connection) throws(DataplaneError) { marks[socket] = connection }

  func insertPoolSocket(_ socket: Int32, cookie: UInt64, slot: UInt32) throws(DataplaneError) {
    poolSockets.insert(slot)
  }

  func removePoolSocket(cookie: UInt64, slot: UInt32) throws(DataplaneError) { poolSockets.remove(slot) }
  func removeClientSocket(cookie: UInt64) {}
}
