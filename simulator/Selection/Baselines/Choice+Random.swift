// SPDX-License-Identifier: Apache-2.0

extension Choice {
  @inline(__always)
  var count: Int { candidates.count }

  @inline(__always)
  func candidate(_ index: Int) -> Int { Int(candidates[index]) }

  /// A number in [0, bound) of the upper half of the random bits; off by less than bound / 2^32.
  @inline(__always)
  func upperRandom(below bound: Int) -> Int {
    Int(truncatingIfNeeded: ((random >> 32) &* UInt64(truncatingIfNeeded: bound)) >> 32)
  }

  /// Likewise of the lower half.
  @inline(__always)
  func lowerRandom(below bound: Int) -> Int {
    Int(truncatingIfNeeded: ((random & 0xffff_ffff) &* UInt64(truncatingIfNeeded: bound)) >> 32)
  }

  /// Two different candidates, each pair as likely as any other; twice the same when there is only one.
  @inline(__always)
  func twoDistinct() -> (first: Int, second: Int) {
    if count == 1 { return (candidate(0), candidate(0)) }
    let first = upperRandom(below: count)
    // The second is drawn among the others: positions from the first on move up by one.
    let draw = lowerRandom(below: count - 1)
    return (candidate(first), candidate(draw >= first ? draw + 1 : draw))
  }

  /// Whether the endpoint is among the candidates, which are ascending.
  func contains(_ endpoint: Int32) -> Bool {
    var low = 0
    var high = candidates.count
    while low < high {
      let middle = (low + high) / 2
      if candidates[middle] < endpoint { low = middle + 1 } else { high = middle }
    }
    return low < candidates.count && candidates[low] == endpoint
  }
}
