// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The capabilities of this process, as the kernel sees them.
public struct Privileges: Sendable {
  /// A Linux capability the agent uses (capabilities(7)).
  public struct Capability: Sendable, Hashable {
    public let name: String
    /// Bit in the capability set (<linux/capability.h>).
    let bit: Int
    /// What the agent needs it for.
    public let purpose: String
    /// Whether connection mode works without it.
    public let required: Bool
  }

  /// Everything `swerve run` uses.
  public static let needed = [
    Capability(name: "CAP_BPF", bit: 39, purpose: "create maps and load programs", required: true),
    Capability(name: "CAP_NET_ADMIN", bit: 12, purpose: "load and attach cgroup and socket programs", required: true),
    Capability(
      name: "CAP_PERFMON", bit: 38, purpose: "load the iterator that closes stale connections", required: false),
    Capability(
      name: "CAP_SYS_PTRACE", bit: 19, purpose: "find the network namespaces of other users' processes",
      required: false),
    Capability(name: "CAP_SYS_ADMIN", bit: 21, purpose: "enter network namespaces and open maps by id", required: true),
  ]

  private let effective: UInt64

  /// Reads the effective set of this process from `/proc/self/status`.
  public init(status: String? = nil) {
    let text = status ?? (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = text.split(separator: "\n").first { $0.hasPrefix("CapEff:") }
    effective = line.flatMap { UInt64($0.dropFirst(7).trimmingCharacters(in: .whitespaces), radix: 16) } ?? 0
  }

  /// The needed capabilities this process lacks. CAP_SYS_ADMIN includes CAP_BPF and CAP_PERFMON (capabilities(7)).
  public var missing: [Capability] {
    let isAdministrator = effective >> 21 & 1 == 1
    return Privileges.needed.filter { capability in
      effective >> capability.bit & 1 == 0 && !(isAdministrator && [38, 39].contains(capability.bit))
    }
  }
}
