// SPDX-License-Identifier: Apache-2.0

import SwerveABI
import SwerveCore

/// Maglev's lookup table: even shares, and little movement when the members change (Eisenbud et al., "Maglev: A fast and
/// reliable software network load balancer", NSDI 2016, section 3.4). Heavier members take more turns.
enum MaglevTable {
  /// Primes, each about twice the one before; the last is Envoy's and Istio's default.
  private static let sizes = [251, 509, 1021, 2039, 4093, 8191, 16381, 32749, 65537]

  /// Positions per member at least, so that shares differ by about one percent (section 5.3 of the paper).
  private static let positionsPerMember = 100

  /// Member index by position. Depends on the members' addresses, ports and weights, not on their order.
  static func positions(_ members: [EndpointSet.Member]) -> [UInt16] {
    guard let heaviest = members.map(\.weight).max() else { return [] }
    let size = sizes.first { $0 >= members.count * positionsPerMember } ?? Int(SWERVE_TABLE_SIZE_MAX)
    let order = members.indices.sorted { members[$0].identity < members[$1].identity }
    let preferences = members.map { Preference($0, size: size) }
    var next = [Int](repeating: 0, count: members.count)
    var credit = [Int](repeating: 0, count: members.count)
    var table = [UInt16](repeating: .max, count: size)
    var filled = 0
    while true {
      for index in order {
        // A member takes a turn whenever its credit reaches the heaviest weight: its share of turns is its weight's.
        credit[index] += Int(members[index].weight)
        guard credit[index] >= Int(heaviest) else { continue }
        credit[index] -= Int(heaviest)
        var position = preferences[index].position(next[index], size: size)
        while table[position] != .max {
          next[index] += 1
          position = preferences[index].position(next[index], size: size)
        }
        table[position] = UInt16(truncatingIfNeeded: index)
        next[index] += 1
        filled += 1
        if filled == size { return table }
      }
    }
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
