// SPDX-License-Identifier: Apache-2.0

/// How far two orders agree.
public enum RankCorrelation {
  /// Spearman's coefficient: 1 for the same order, -1 for the opposite one; equal values share the mean of their ranks.
  /// nil when the counts differ, there are fewer than two, or all values of one side are equal.
  public static func spearman(_ first: [Double], _ second: [Double]) -> Double? {
    guard first.count == second.count, first.count > 1 else { return nil }
    let (a, b) = (ranks(of: first), ranks(of: second))
    let mean = Double(first.count + 1) / 2
    var product = 0.0
    var squares = (0.0, 0.0)
    for (x, y) in zip(a, b) {
      product += (x - mean) * (y - mean)
      squares.0 += (x - mean) * (x - mean)
      squares.1 += (y - mean) * (y - mean)
    }
    if squares.0 == 0 || squares.1 == 0 { return nil }
    return product / (squares.0 * squares.1).squareRoot()
  }

  /// From 1 for the smallest on.
  public static func ranks(of values: [Double]) -> [Double] {
    let order = values.indices.sorted { (values[$0], $0) < (values[$1], $1) }
    var ranks = [Double](repeating: 0, count: values.count)
    var start = 0
    while start < order.count {
      var end = start + 1
      while end < order.count, values[order[end]] == values[order[start]] { end += 1 }
      for position in start..<end { ranks[order[position]] = Double(start + 1 + end) / 2 }
      start = end
    }
    return ranks
  }
}
