// SPDX-License-Identifier: Apache-2.0

enum AddressFamily: CaseIterable {
  case ipv4
  case ipv6

  var title: String { self == .ipv4 ? "IPv4" : "IPv6" }
}

/// The names of services in the kernel, in `swerve status` and in telemetry.
enum KernelName {
  /// - Parameter family: nil unless the Service has addresses of both families.
  static func of(_ key: ObjectKey, _ port: ServiceObject.Port, family: AddressFamily?) -> String {
    let name = "\(key.namespace)/\(key.name):\(port.name ?? String(port.number))"
    switch family {
    case nil: return name
    case .ipv4: return name + "/ipv4"
    case .ipv6: return name + "/ipv6"
    }
  }
}
