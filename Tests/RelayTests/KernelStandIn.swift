// SPDX-License-Identifier: Apache-2.0

import Glibc
import SwerveABI
import SwerveCore

@testable import Relay

/// Does what the kernel's programs do with a request: leases a free connection, notes the exchange, keeps the request, and
/// sends it. For a client with record 0 and the first free connection of endpoint 0's pool.
struct KernelStandIn {
  static let client: UInt32 = 0
  private static let cookie: UInt64 = 77

  /// The next client that connects has a record.
  static func prepare(_ inside: RelayFixture.Inside) {
    inside.records.acceptedIndex = client
    guard let record = inside.records.client(client) else { return }
    record.pointee.cookie = cookie
    record.pointee.state = UInt64(SWERVE_CLIENT_KERNEL.rawValue)
    record.pointee.slot = .max
  }

  /// Begins an exchange; false when something is missing. `leavesResponse`: as for a status that is tried again.
  static func carry(
    _ request: String, _ inside: RelayFixture.Inside, keeps: Bool = true, leavesResponse: Bool = false
  ) -> Bool {
    let records = inside.records
    guard let record = records.client(client), let service = records.service(0),
      let state = records.endpointState(0), let pool = inside.relay.pools.byEndpoint[0],
      case let bit = swerve_native_lease(swerve_native_warm(state)), bit < UInt32(Pool.size),
      let connection = pool.connections[Int(bit)]
    else { return false }
    let bytes = Array(request.utf8), now = Clock.now()
    _ = swerve_native_admit_request(service, .max)
    swerve_native_assign(connection.slot, record, client, UInt32(SWERVE_HTTP1_GET.rawValue), now)
    connection.slot.pointee.retained = 0
    if keeps { keep(bytes, connection, records, now) }
    record.pointee.slot = connection.slotIndex
    record.pointee.state |= UInt64(SWERVE_CLIENT_RESPONSE.rawValue)
    if leavesResponse { connection.slot.pointee.stage = UInt32(SWERVE_STAGE_RELAY.rawValue) }
    swerve_native_count_request(state)
    return Glibc.send(connection.descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count
  }

  private static func keep(
    _ bytes: [UInt8], _ connection: PoolConnection, _ records: MemoryRecords, _ now: UInt64
  ) {
    guard let record = records.retained(slot: connection.slotIndex) else { return }
    record.pointee.started_ns = now
    record.pointee.slot = connection.slotIndex
    record.pointee.size = UInt32(bytes.count)
    let offset = MemoryLayout<swerve_retained>.size - Int(SWERVE_RETAINED_BYTES)
    UnsafeMutableRawPointer(record).advanced(by: offset).copyMemory(from: bytes, byteCount: bytes.count)
    connection.slot.pointee.retained = UInt32(bytes.count)
    connection.slot.pointee.retry_on = UInt32(SWERVE_RETRY_5XX.rawValue)
  }
}
