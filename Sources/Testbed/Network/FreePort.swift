// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization

/// Picks ports for peers.
public enum FreePort {
  /// Below the range of ephemeral ports, so that no outgoing connection takes one between the search and its use.
  private static let range = 20000..<32000
  private static let cursor = Mutex<Int?>(nil)

  /// A port on which nothing listens at any of the addresses. Parallel processes start their search apart.
  public static func find(on hosts: [String]) throws -> UInt16 {
    for _ in range {
      let port = cursor.withLock { next -> UInt16 in
        let candidate = next ?? range.lowerBound + Int(getpid()) * 37 % range.count
        next = candidate + 1 < range.upperBound ? candidate + 1 : range.lowerBound
        return UInt16(candidate)
      }
      let addresses = hosts.compactMap { TCPAddress($0, port) }
      if (try? addresses.map { try RawListener(on: $0, backlog: 1) }) != nil { return port }
    }
    throw TestbedError(
      "find a free port", reason: "none in \(range) on \(hosts.joined(separator: ", "))",
      nextStep: "see what listens: ss -ltn")
  }
}
