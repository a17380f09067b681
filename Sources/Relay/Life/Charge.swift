// SPDX-License-Identifier: Apache-2.0

internal import Dataplane
internal import SwerveABI
internal import SwerveCore

/// The relay's fields of the node record. Only the relay in charge writes them.
struct Charge {
  private let node: UnsafeMutablePointer<swerve_node>
  private let tables: RequestTables

  init(_ tables: RequestTables) {
    self.tables = tables
    node = tables.node.first
  }

  /// Ten times within SWERVE_RELAY_TIMEOUT_MS: a turn of the loop that takes long must not look like death.
  static let interval = Duration.milliseconds(Int(SWERVE_RELAY_TIMEOUT_MS) / 10)

  /// A sign of life, on which new clients are sent to the relay.
  func signal() {
    swerve_native_store64(&node.pointee.relay_heartbeat_ns, Clock.now())
  }

  /// New clients are in connection mode at once.
  func resign() {
    swerve_native_store64(&node.pointee.relay_heartbeat_ns, 0)
    accelerate(false)
  }

  func accelerate(_ on: Bool) {
    swerve_native_store32(&node.pointee.acceleration, on ? 1 : 0)
  }
}
