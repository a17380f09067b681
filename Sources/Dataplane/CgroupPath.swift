// SPDX-License-Identifier: Apache-2.0

import CDataplane
import Foundation

/// A cgroup v2 directory to attach to.
public struct CgroupPath: Sendable {
  public let path: String
  /// The cgroup's id, which is its inode number on 64-bit kernels.
  public let id: UInt64
  let descriptor: Descriptor

  /// Opens `path`, which must lie in a cgroup v2 hierarchy.
  public init(_ path: String) throws(DataplaneError) {
    let raw = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard raw >= 0 else {
      throw DataplaneError(
        .environment, "open cgroup \(path)", errno: errno, advice: "name an existing cgroup v2 directory")
    }
    descriptor = Descriptor(owning: raw)
    var information = stat()
    guard fstat(raw, &information) == 0 else {
      throw DataplaneError(.environment, "examine cgroup \(path)", errno: errno)
    }
    // CGROUP2_SUPER_MAGIC of <linux/magic.h>.
    guard swerve_filesystem_magic(path) == 0x6367_7270 else {
      throw DataplaneError(
        .environment, "attach to \(path): not a cgroup v2 directory",
        advice: "cgroup v2 is mounted at \(CgroupPath.mountPoint() ?? "no place on this machine")")
    }
    self.path = path
    id = UInt64(information.st_ino)
  }

  /// Where cgroup v2 is mounted: `/sys/fs/cgroup`, or elsewhere on a machine that runs both versions. Nil when nowhere.
  public static func mountPoint() -> String? {
    MountTable.read().first { $0.type == "cgroup2" }?.path
  }
}

/// The mounts this process sees.
public struct MountTable {
  public struct Mount: Sendable, Hashable {
    public let path: String
    public let type: String
  }

  /// The mounts in `/proc/self/mounts`, in mount order.
  public static func read(_ path: String = "/proc/self/mounts") -> [Mount] {
    let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    return text.split(separator: "\n").compactMap { line -> Mount? in
      let fields = line.split(separator: " ")
      guard fields.count > 2 else { return nil }
      return Mount(path: unescape(fields[1]), type: String(fields[2]))
    }
  }

  /// The kernel writes white space and backslashes in a path as three octal digits (show_vfsmnt in
  /// fs/proc_namespace.c).
  private static func unescape(_ field: Substring) -> String {
    var bytes: [UInt8] = []
    var rest = Array(field.utf8)[...]
    while let byte = rest.popFirst() {
      let digits = rest.prefix(3)
      if byte == UInt8(ascii: "\\"), digits.count == 3,
        let code = UInt8(String(decoding: digits, as: UTF8.self), radix: 8)
      {
        bytes.append(code)
        rest = rest.dropFirst(3)
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
