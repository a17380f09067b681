// SPDX-License-Identifier: Apache-2.0

internal import CDataplane
internal import Dataplane
internal import Foundation

/// The relay's hold on the maps of a dataplane. It is the descriptor's and not the process's: a successor gets a copy, and
/// it is free when the last copy is closed.
final class RelayLock {
  let raw: Int32

  /// A copy that a predecessor has sent.
  init(adopting raw: Int32) {
    self.raw = raw
  }

  deinit { close(raw) }

  /// Takes the lock; nil when another relay holds it.
  init?(_ pins: PinLayout) throws(DataplaneError) {
    raw = open(pins.maps, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard raw >= 0 else {
      throw DataplaneError(
        .notInstalled, "open \(pins.maps)", errno: errno, advice: "the relay needs the agent's maps: start `swerve run`"
      )
    }
    if swerve_try_lock(raw) == 0 { return }
    guard errno == EWOULDBLOCK else { throw DataplaneError(.environment, "lock \(pins.maps)", errno: errno) }
    return nil
  }

  /// Why a relay that waited long enough gives up.
  static func held(_ pins: PinLayout) -> DataplaneError {
    DataplaneError(
      .locked, "take \(pins.maps): another relay is using it and cannot be taken over from",
      advice: "give the --state-dir of that relay to take over, or stop it first")
  }
}
