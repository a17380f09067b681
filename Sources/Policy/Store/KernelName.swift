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

  /// The name without the IP family.
  static func plain(_ name: String) -> String {
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    return parts.count == 3 ? "\(parts[0])/\(parts[1])" : name
  }

  /// The Service that a name is of.
  static func key(of name: String) -> ObjectKey? {
    let parts = plain(name).split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let service = parts[1].split(separator: ":").first else { return nil }
    return ObjectKey(namespace: String(parts[0]), name: String(service))
  }

  /// What people may write instead: without the port, without the namespace, without both.
  static func shortForms(of name: String) -> [String] {
    guard let key = key(of: name) else { return [] }
    let port = plain(name).dropFirst(key.description.count)
    return [plain(name), "\(key)", "\(key.name)\(port)", key.name]
  }

  /// Whether people may call the service so.
  static func fits(_ name: String, _ written: String) -> Bool {
    name == written || shortForms(of: name).contains(written)
  }
}

extension Service {
  /// Whether `written` means this service: its name, or less, as `swerve explain` takes it.
  package func fits(name written: String) -> Bool { KernelName.fits(name, written) }
}
