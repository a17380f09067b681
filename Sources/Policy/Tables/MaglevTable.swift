// SPDX-License-Identifier: Apache-2.0

import SwerveABI
import SwerveCore

/// Maglev's lookup table: even shares, and little movement when the members change (Eisenbud et al., "Maglev: A fast and
/// reliable software network load balancer", NSDI 2016, section 3.4). Heavier members take more turns.
///
/// The size does not follow the number of members: with another size every client would move.
enum MaglevTable {
  /// Envoy's and Istio's default, a prime: 128 KiB for each service that needs a table.
  private static let size = Int(SWERVE_TABLE_SIZE_MAX)

  /// Member index by position. Depends on the members' addresses, ports and weights, not on their order.
  static func positions(_ members: [EndpointSet.Member]) -> [UInt16] {
    guard !members.isEmpty else { return [] }
    let order = members.indices.sorted { members[$0].identity < members[$1].identity }
    let turns = WeightedSchedule.positions(weights: order.map { members[$0].weight })
    let preferences = members.map { Preference($0, size: size) }
    var next = [Int](repeating: 0, count: members.count)
    var table = [UInt16](repeating: .max, count: size)
    for filled in 0..<size {
      let index = order[Int(turns[filled % turns.count])]
      var position = preferences[index].position(next[index], size: size)
      while table[position] != .max {
        next[index] += 1
        position = preferences[index].position(next[index], size: size)
      }
      table[position] = UInt16(truncatingIfNeeded: index)
      next[index] += 1
    }
    return table
  }

  /// A member's order of preference over the positions: offset + n * skip, modulo the prime size.
  private struct Preference {
    let offset: Int
    let skip: Int

    init(_ member: EndpointSet.Member, size: Int) {
      var address = swerve_address(member.address)
      let port = UInt64(member.port)
      offset = Int(swerve_native_hash_address(&address, port, 0) % UInt64(size))
      skip = Int(swerve_native_hash_address(&address, port, 1) % UInt64(size - 1)) + 1
    }

    func position(_ turn: Int, size: Int) -> Int {
      (offset + turn * skip) % size
    }
  }
}

extension EndpointSet.Member {
  /// What orders members the same way on every node.
  fileprivate var identity: (UInt64, UInt64, UInt16) { (address.high, address.low, port) }
}
