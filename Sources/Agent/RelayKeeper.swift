// SPDX-License-Identifier: Apache-2.0

import Dataplane
import Foundation
import Logging
import SwerveABI

/// Starts a relay when one is needed and none is alive, again and again if need be.
///
/// The relay belongs to the node and not to this agent: it is found alive by its heartbeat, whoever started it, and goes
/// on when the agent ends.
struct RelayKeeper {
  private let program: RelayProgram
  private let tables: Tables
  private let logger: Logger
  /// The relay we started last, until it has ended.
  private var child: Int32?
  private var started = ContinuousClock.now
  /// Time from the last start to the next one.
  private var pause = RelayKeeper.pauseMin
  private var next = ContinuousClock.now

  private static let pauseMin = Duration.seconds(1)
  private static let pauseMax = Duration.seconds(60)
  /// A relay that lived so long has not failed at its start.
  private static let steady = Duration.seconds(60)
  /// Time between two looks at the heartbeat.
  static let interval = Duration.seconds(1)

  init(_ program: RelayProgram, _ tables: Tables, _ logger: Logger) {
    self.program = program
    self.tables = tables
    self.logger = logger
  }

  /// Looks after the relay; to be called every `interval`.
  mutating func look() {
    reap()
    guard child == nil, .now >= next, !isAlive else { return }
    if .now - started >= RelayKeeper.steady { pause = RelayKeeper.pauseMin }
    next = .now + pause
    pause = min(pause * 2, RelayKeeper.pauseMax)
    started = .now
    do {
      let pid = try program.start()
      child = pid
      logger.info("Relay started", metadata: ["pid": "\(pid)"])
    } catch {
      logger.error("The relay cannot be started", metadata: ["error": "\(error)", "path": "\(program.path)"])
    }
  }

  private mutating func reap() {
    guard let pid = child else { return }
    var status: Int32 = 0
    guard waitpid(pid, &status, WNOHANG) == pid else { return }
    child = nil
    // A relay that was succeeded, or stopped by somebody, ends with 0.
    guard status != 0 else { return }
    logger.error("The relay ended", metadata: ["pid": "\(pid)", "status": "\(RelayKeeper.description(of: status))"])
  }

  /// Whether any relay has given a sign of life lately.
  private var isAlive: Bool {
    (try? tables.node.read(0))?.hasLivingRelay ?? false
  }

  /// What waitpid(2) says, in words.
  private static func description(of status: Int32) -> String {
    let signal = status & 0x7f
    return signal == 0 ? "exit status \((status >> 8) & 0xff)" : "signal \(signal)"
  }
}

extension swerve_node {
  /// Whether a relay, whoever started it, has signed within its time.
  var hasLivingRelay: Bool {
    let limit = UInt64(SWERVE_RELAY_TIMEOUT_MS) * 1_000_000
    return relay_heartbeat_ns != 0 && MonotonicTime.now() < relay_heartbeat_ns + limit
  }
}

/// CLOCK_MONOTONIC, by which the kernel's programs and the relay tell the time.
enum MonotonicTime {
  /// Nanoseconds.
  static func now() -> UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }
}
