// SPDX-License-Identifier: Apache-2.0

import Dataplane
import Glibc
import Policy
import SwerveABI
import SwerveCore
import Testbed

/// Time of the selection alone: the decision core run in the kernel over the same published tables, without the socket's
/// storage and the counting that the connect hook adds.
struct SelectionMeasurement {
  private let replay: Replay
  private let tables: Tables

  init(_ mesh: Mesh) throws {
    let pins = PinLayout(path: mesh.agent.pinPath)
    replay = try Replay(pins)
    guard let tables = try Tables(pins) else {
      throw TestbedError("measure a selection", reason: "no maps are pinned in \(pins.path)")
    }
    self.tables = tables
  }

  /// Mean nanoseconds of `count` selections for the service behind `address`, the statistics' own clock readings
  /// included. Nil when no service is behind it.
  func nanoseconds(_ address: TCPAddress, count: Int) throws -> Double? {
    guard let host = IPAddress(address.host) else { return nil }
    var frontend = swerve_frontend()
    frontend.address = swerve_address(host)
    frontend.port = address.port.bigEndian
    frontend.protocol = UInt8(IPPROTO_TCP)
    guard let service = try tables.frontends.read(frontend) else { return nil }
    let before = try replay.statistics()
    var generator = SystemRandomNumberGenerator()
    for number in 0..<count {
      var vector = swerve_vector()
      vector.service = service
      vector.input.now_ns = MonotonicClock.nanoseconds
      vector.input.random = generator.next()
      vector.input.client_hash = generator.next()
      vector.input.sequence = UInt32(truncatingIfNeeded: number)
      _ = try replay.run(vector)
    }
    let after = try replay.statistics()
    guard after.runs > before.runs else { return nil }
    return Double(after.nanoseconds - before.nanoseconds) / Double(after.runs - before.runs)
  }
}
