// SPDX-License-Identifier: Apache-2.0

/// What the benchmarks say about a handful of samples.
public enum Statistics {
  /// The middle value, or the mean of the two in the middle. Nil without values.
  public static func median(_ values: [Double]) -> Double? {
    guard !values.isEmpty else { return nil }
    let sorted = values.sorted()
    let middle = sorted.count / 2
    return sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
  }

  /// The smallest value that at least `fraction` of all values do not exceed (nearest rank). Nil without values.
  public static func percentile(_ fraction: Double, of values: [Double]) -> Double? {
    guard !values.isEmpty else { return nil }
    let sorted = values.sorted()
    let rank = Int((fraction * Double(sorted.count)).rounded(.up))
    return sorted[min(max(rank, 1), sorted.count) - 1]
  }

  /// Sample by sample, so that a slow minute of the machine is in both sides of each ratio. Unequal counts are cut to
  /// the shorter; a zero denominator is left out.
  public static func ratios(_ values: [Double], to base: [Double]) -> [Double] {
    zip(values, base).filter { $0.1 != 0 }.map { $0.0 / $0.1 }
  }
}
