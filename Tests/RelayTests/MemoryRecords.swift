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
  static let serviceCount = 2

  private let nodeRecord = UnsafeMutablePointer<swerve_node>.allocate(capacity: 1)
  private let states = UnsafeMutableBufferPointer<swerve_endpoint_state>.allocate(capacity: endpoints)
  private let clientRecords = UnsafeMutableBufferPointer<swerve_client>.allocate(capacity: clients)
  private let slots = UnsafeMutableBufferPointer<swerve_slot>.allocate(capacity: pools * 64)
  private let poolRecords = UnsafeMutableBufferPointer<swerve_pool>.allocate(capacity: pools)
  private let services = UnsafeMutableBufferPointer<swerve_service_state>.allocate(capacity: serviceCount)
  private let retainedRecords = UnsafeMutableBufferPointer<swerve_retained>.allocate(capacity: pools * 64)
  private let eventRecords = UnsafeMutableBufferPointer<swerve_event>.allocate(capacity: Int(SWERVE_EVENTS_MAX))
  private var sets: [UInt32: [swerve_cell]] = [:]
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
    retainedRecords.initialize(repeating: swerve_retained())
    eventRecords.initialize(repeating: swerve_event())
    for index in poolRecords.indices { poolRecords[index].endpoint = .max }
  }

  deinit {
    nodeRecord.deallocate()
    states.deallocate()
    clientRecords.deallocate()
    slots.deallocate()
    poolRecords.deallocate()
    services.deallocate()
    retainedRecords.deallocate()
    eventRecords.deallocate()
  }

  /// Publishes endpoints at 127.0.0.1, in turn, with `ids` or those from `firstID` on; those of `draining` come behind them.
  func publish(
    ports: [UInt16], draining: [UInt16] = [], service: UInt32 = service, firstID: UInt32 = 0,
    ids: [UInt32] = [], _ change: (inout TestPolicy) -> Void = { _ in }
  ) {
    var policy = TestPolicy()
    policy.header.endpoint_count = UInt32(ports.count)
    policy.header.draining_count = UInt32(draining.count)
    change(&policy)
    let endpoints = zip(ports + draining, 0...).map { port, index in
      let id = index < ids.count ? ids[index] : firstID + UInt32(index)
      var cell = swerve_cell()
      cell.endpoint.address.words = (0, 0, UInt32(0xffff).bigEndian, UInt32(0x7f00_0001).bigEndian)
      cell.endpoint.port = port.bigEndian
      cell.endpoint.id = id
      cell.endpoint.generation = states[Int(id)].generation
      cell.endpoint.weight = index < ports.count ? 1 : 0
      return cell
    }
    sets[service] = policy.cells + endpoints
    nodeRecord.pointee.publications += 1
  }

  /// Events written so far, oldest first.
  var written: [swerve_event] { eventRecords.filter { $0.sequence != 0 }.sorted { $0.sequence < $1.sequence } }

  var node: UnsafeMutablePointer<swerve_node>? { nodeRecord }
  var endpointStates: UnsafeMutableBufferPointer<swerve_endpoint_state> { states }
  var poolCount: UInt32 { UInt32(poolRecords.count) }
  func client(_ index: UInt32) -> UnsafeMutablePointer<swerve_client>? { at(clientRecords, index) }
  func slot(_ index: UInt32) -> UnsafeMutablePointer<swerve_slot>? { at(slots, index) }
  func pool(_ index: UInt32) -> UnsafeMutablePointer<swerve_pool>? { at(poolRecords, index) }
  func service(_ index: UInt32) -> UnsafeMutablePointer<swerve_service_state>? { at(services, index) }
  func retained(slot index: UInt32) -> UnsafeMutablePointer<swerve_retained>? { at(retainedRecords, index) }
  var events: UnsafeMutablePointer<swerve_event>? { eventRecords.baseAddress }

  private func at<Value>(_ array: UnsafeMutableBufferPointer<Value>, _ index: UInt32) -> UnsafeMutablePointer<Value>? {
    Int(index) < array.count ? array.baseAddress?.advanced(by: Int(index)) : nil
  }

  func endpointSet(_ service: UInt32) throws(DataplaneError) -> [swerve_cell]? { sets[service] }

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

/// A service's policy, to begin with one without limits.
struct TestPolicy {
  var header = swerve_set_header()
  var outlier = swerve_outlier_policy()
  var pool = swerve_pool_policy()
  var requests = swerve_request_policy()

  init() {
    header.algorithm = UInt32(SWERVE_ROUND_ROBIN.rawValue)
    header.per_request = 1
    header.max_connections = .max
    header.max_requests = .max
    outlier.base_ejection_ms = 200
    outlier.max_ejection_percent = 100
    pool.max_pending_requests = 1024
    pool.fallback = .max
    requests.max_retries = .max
    requests.ignore_previous_hosts = 1
  }

  var cells: [swerve_cell] {
    [
      swerve_cell(header: header), swerve_cell(outlier: outlier), swerve_cell(pool: pool),
      swerve_cell(requests: requests), swerve_cell(),
    ]
  }

  /// Up to `attempts` retries on these conditions, with hardly any wait.
  mutating func retry(_ attempts: UInt32, on conditions: swerve_retry...) {
    requests.retry_attempts = attempts
    requests.retry_on = conditions.reduce(0) { $0 | UInt32($1.rawValue) }
    requests.retry_backoff_ms = 1
  }
}
