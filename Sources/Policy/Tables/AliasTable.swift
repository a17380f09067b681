// SPDX-License-Identifier: Apache-2.0

/// Walker's alias method: draws in proportion to weights with one index and one coin (Walker 1977; built as in Vose, "A
/// linear algorithm for generating random numbers with a given distribution", IEEE TSE 1991).
enum AliasTable {
  /// The other index of a slot, and the probability of keeping the slot's own, in units of 1/65536; with itself as
  /// alias a slot always keeps its own.
  struct Slot: Equatable {
    var alias: UInt16
    var threshold: UInt16
  }

  /// Slots that each keep their own index: an even draw.
  static func identity(_ count: Int) -> [Slot] {
    (0..<count).map { Slot(alias: UInt16(truncatingIfNeeded: $0), threshold: .max) }
  }

  /// One slot for each weight; their sum must not be zero. O(n).
  static func slots(weights: [UInt16]) -> [Slot] {
    let count = weights.count
    let total = weights.reduce(0) { $0 + Int($1) }
    // Each slot holds `total` units of probability; an index has weight * count units to spread over slots.
    var rest = weights.map { Int($0) * count }
    var slots = identity(count)
    var small = rest.indices.filter { rest[$0] < total }
    var large = rest.indices.filter { rest[$0] >= total }
    while let needy = small.popLast(), let donor = large.last {
      slots[needy] = Slot(
        alias: UInt16(truncatingIfNeeded: donor), threshold: UInt16(min(rest[needy] * 65536 / total, 65535)))
      rest[donor] -= total - rest[needy]
      if rest[donor] < total { small.append(large.removeLast()) }
    }
    return slots
  }
}
