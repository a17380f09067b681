// SPDX-License-Identifier: Apache-2.0

public import Dataplane
internal import Foundation

/// The cgroup of this process.
///
/// Sockets belong to the cgroup their process is in when it opens them, and the kernel's programs see those of the
/// agent's cgroup only. A relay outside could not be told from any other server.
public enum CgroupMembership {
  /// Joins the cgroup, unless this process is in it or below it already.
  public static func join(_ cgroup: CgroupPath) throws(DataplaneError) {
    if try isMember(of: cgroup) { return }
    let file = "\(cgroup.path)/cgroup.procs"
    let descriptor = open(file, O_WRONLY | O_CLOEXEC)
    let pid = "\(getpid())"
    let written = descriptor < 0 ? -1 : write(descriptor, pid, pid.utf8.count)
    let code = errno
    if descriptor >= 0 { close(descriptor) }
    guard written < 0 else { return }
    throw DataplaneError(
      .environment, "join cgroup \(cgroup.path)", errno: code,
      advice: code == EBUSY
        ? "it has controllers for its children, so that processes may only be below it: mkdir \(cgroup.path)/relay, "
          + "write the pid of the shell to \(cgroup.path)/relay/cgroup.procs and start the relay from there"
        : "start the relay in it (systemd: Slice=), or with the right to write to \(file)")
  }

  private static func isMember(of cgroup: CgroupPath) throws(DataplaneError) -> Bool {
    guard let mount = CgroupPath.mountPoint(), let own = ownPath() else {
      throw DataplaneError(.environment, "find this process's cgroup v2", advice: "mount the hierarchy")
    }
    // Compared by inode: a path may be written in many ways.
    var path = own
    while true {
      var information = stat()
      if stat(mount + path, &information) == 0, UInt64(information.st_ino) == cgroup.id { return true }
      guard let slash = path.lastIndex(of: "/") else { return false }
      path = String(path[..<slash])
    }
  }

  /// Below the mount point, "/" for the root.
  private static func ownPath() -> String? {
    let text = try? String(contentsOfFile: "/proc/self/cgroup", encoding: .utf8)
    return text?.split(separator: "\n").first { $0.hasPrefix("0::") }.map { String($0.dropFirst(3)) }
  }
}
