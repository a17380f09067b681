// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Testbed

/// What a test needs beyond Swift. A test without it is skipped, and the reason is in the log.
enum Requirement {
  static var cgroups: ConditionTrait {
    .enabled("needs root and a cgroup v2 mount") { Programs.isRoot && (try? Cgroup.mountPoint()) != nil }
  }

  static var namespaces: ConditionTrait {
    .enabled("needs root and the program ip") { Programs.isRoot && Programs.find("ip") != nil }
  }

  static var envoy: ConditionTrait {
    .enabled("needs Envoy: $SWERVE_ENVOY, in PATH, or installed by swerve bench") {
      (try? Envoy.find(installedIn: ".build/peers/venv")) != nil
    }
  }

  static func program(_ names: String...) -> ConditionTrait {
    .enabled("needs \(names.joined(separator: " and "))") { names.allSatisfy { Programs.find($0) != nil } }
  }
}

/// A numeric address that the test itself wrote.
func address(_ host: String, _ port: UInt16 = 0) throws -> TCPAddress {
  try #require(TCPAddress(host, port))
}
