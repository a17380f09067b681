// SPDX-License-Identifier: Apache-2.0

import SwerveABI

/// A weighted round robin laid out in advance: each index appears in proportion to its weight, evenly spread.
///
/// Index i of n with weight w is due at the times (k + p)/w for k in 0..<w, and the schedule is all turns in the order of
/// those times: what an earliest-deadline-first scheduler gives (as Envoy's), without running one. The phase p = (i + 1/2)/n
/// keeps those of equal weight apart, which would otherwise all be due at once.
enum WeightedSchedule {
  /// Index by position. Exact while the weights, divided by what they have in common, add up to at most the largest table;
  /// beyond that they are scaled down, each to no less than one turn.
  static func positions(weights: [UInt16]) -> [UInt16] {
    let divisor = weights.reduce(0) { greatestCommonDivisor(Int($0), $1) }
    guard divisor > 0 else { return [] }
    var turns = weights.map { Int($0) / divisor }
    let total = turns.reduce(0, +)
    let limit = Int(SWERVE_TABLE_SIZE_MAX)
    if total > limit {
      turns = turns.map { max(1, $0 * (limit - weights.count) / total) }
    }
    var schedule: [(due: Double, index: UInt16)] = []
    schedule.reserveCapacity(turns.reduce(0, +))
    for (index, count) in turns.enumerated() {
      let phase = (Double(index) + 0.5) / Double(turns.count)
      for turn in 0..<count {
        schedule.append(((Double(turn) + phase) / Double(count), UInt16(truncatingIfNeeded: index)))
      }
    }
    schedule.sort { ($0.due, $0.index) < ($1.due, $1.index) }
    return schedule.map(\.index)
  }

  private static func greatestCommonDivisor(_ first: Int, _ second: UInt16) -> Int {
    var (a, b) = (Int(second), first)
    while b != 0 { (a, b) = (b, a % b) }
    return a
  }
}
