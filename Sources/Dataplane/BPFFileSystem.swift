// SPDX-License-Identifier: Apache-2.0

import CDataplane
import Foundation

/// The file system in which pins live.
enum BPFFileSystem {
  /// Makes the pin directories, mounting bpffs at its usual place when it is not there yet.
  static func prepare(for pins: PinLayout) throws(DataplaneError) {
    let usualPlace = "/sys/fs/bpf"
    if pins.path.hasPrefix(usualPlace + "/"), !isBPF(usualPlace) {
      guard mount("bpf", usualPlace, "bpf", UInt(MS_NOSUID | MS_NODEV | MS_NOEXEC), "mode=0700") == 0 else {
        throw DataplaneError(
          .environment, "mount bpffs at \(usualPlace)", errno: errno,
          advice: "run as root, or mount it yourself: mount -t bpf bpf \(usualPlace)")
      }
    }
    for directory in [pins.path, pins.links, pins.maps] {
      guard mkdir(directory, 0o700) == 0 || errno == EEXIST else {
        throw DataplaneError(
          .environment, "make pin directory \(directory)", errno: errno,
          advice: "its parent must exist on a mounted bpffs and be writable")
      }
    }
    guard isBPF(pins.path) else {
      throw DataplaneError(
        .environment, "pin objects in \(pins.path): it is not on a bpffs",
        advice: "choose a path below \(usualPlace)")
    }
  }

  /// Takes the pin directory for this process; it is given back when the descriptor goes, or the process.
  static func lock(_ pins: PinLayout) throws(DataplaneError) -> Descriptor {
    let raw = open(pins.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard raw >= 0 else { throw DataplaneError(.environment, "open \(pins.path)", errno: errno) }
    let descriptor = Descriptor(owning: raw)
    guard swerve_try_lock(raw) == 0 else {
      guard errno == EWOULDBLOCK else { throw DataplaneError(.environment, "lock \(pins.path)", errno: errno) }
      throw DataplaneError(
        .locked, "take \(pins.path): another swerve agent is using it",
        advice: "stop that agent first, or choose another --pin-path")
    }
    return descriptor
  }

  /// Removes all pins of a directory and the directory; what was removed.
  @discardableResult
  static func removePins(in directory: String) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
    let paths = names.sorted().map { name in "\(directory)/\(name)" }
    let removed = paths.filter { path in unlink(path) == 0 }
    rmdir(directory)
    return removed
  }

  static func isBPF(_ path: String) -> Bool {
    // BPF_FS_MAGIC of <linux/magic.h>.
    swerve_filesystem_magic(path) == 0xcafe_4a11
  }
}
