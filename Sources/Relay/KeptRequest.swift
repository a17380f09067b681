// SPDX-License-Identifier: Apache-2.0

internal import SwerveABI
internal import SwerveCore

/// A whole request that the kernel has sent to an endpoint and kept, to be sent again.
struct KeptRequest {
  let bytes: [UInt8]
  /// CLOCK_MONOTONIC of its head.
  let started: UInt64
  /// Where it was sent.
  let endpoint: UInt32

  /// Of the connection that carries it. Nil when the kernel has not kept it, or another slot has taken its record: two
  /// looks at whose it is, before and after the bytes are read, say that they are all of one request.
  init?(_ connection: PoolConnection, _ records: any RequestRecords) {
    let slot = connection.slot, size = slot.pointee.retained
    guard connection.slotIndex != none, size > 0, size <= UInt32(SWERVE_RETAINED_BYTES),
      let record = records.retained(slot: connection.slotIndex)
    else { return nil }
    let started = slot.pointee.started_ns
    func isOurs() -> Bool {
      swerve_native_load64(&record.pointee.started_ns) == started
        && swerve_native_load32(&record.pointee.slot) == connection.slotIndex && record.pointee.size == size
    }
    guard isOurs() else { return nil }
    // Behind the fields of the record.
    let offset = MemoryLayout<swerve_retained>.size - Int(SWERVE_RETAINED_BYTES)
    bytes = Array(UnsafeRawBufferPointer(start: UnsafeRawPointer(record) + offset, count: Int(size)))
    guard isOurs() else { return nil }
    self.started = started
    endpoint = slot.pointee.endpoint
  }
}
