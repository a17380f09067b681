// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Where the programs are that the testbed starts.
public enum Programs {
  /// The path of a program: in PATH, or where system daemons are kept, which PATH may leave out. Nil: not installed.
  public static func find(_ name: String) -> String? {
    if name.contains("/") { return access(name, X_OK) == 0 ? name : nil }
    let path = getenv("PATH").map { String(cString: $0) } ?? ""
    let directories = path.split(separator: ":").map(String.init) + ["/usr/local/sbin", "/usr/sbin", "/sbin"]
    return directories.lazy.map { "\($0)/\(name)" }.first { access($0, X_OK) == 0 }
  }

  /// The same, or an error that says what to install.
  public static func require(_ name: String, package: String) throws -> String {
    guard let path = find(name) else {
      throw TestbedError("start \(name)", reason: "not found in PATH", nextStep: "install the package \(package)")
    }
    return path
  }

  /// True for root, which cgroups and namespaces need.
  public static var isRoot: Bool { geteuid() == 0 }
}
