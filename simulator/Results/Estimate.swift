// SPDX-License-Identifier: Apache-2.0

/// The mean of some runs and how far the truth may be from it.
public struct Estimate: Hashable, Codable, Sendable {
  public var mean: Double
  /// Half of the 95 % confidence interval; nil when there is only one value.
  public var halfWidth: Double?
  public var count: Int

  /// Of independent values, whose mean is taken to be normal (Student's t). nil for none.
  public init?(_ values: [Double]) {
    if values.isEmpty { return nil }
    count = values.count
    mean = values.reduce(0, +) / Double(count)
    if count > 1 {
      let squares = values.reduce(0) { [mean] in $0 + ($1 - mean) * ($1 - mean) }
      let deviation = (squares / Double(count - 1)).squareRoot()
      halfWidth = StudentT.quantile975(degreesOfFreedom: count - 1) * deviation / Double(count).squareRoot()
    }
  }

  /// Whether the interval leaves 0 out; false for a single value.
  public var isSignificant: Bool { halfWidth.map { mean.magnitude > $0 } ?? false }
}

public enum StudentT {
  /// For 1 to 30 degrees of freedom.
  private static let quantiles: [Double] = [
    12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228,
    2.201, 2.179, 2.160, 2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086,
    2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042,
  ]
  private static let further: [(degreesOfFreedom: Int, quantile: Double)] = [
    (1_000, 1.962), (120, 1.980), (60, 2.000), (40, 2.021),
  ]

  /// What Student's t is below with a probability of 97.5 %: bounds of 95 % intervals. Between the table's entries the
  /// larger neighbour is taken, so that intervals are never too narrow.
  public static func quantile975(degreesOfFreedom: Int) -> Double {
    if degreesOfFreedom <= quantiles.count { return quantiles[max(0, degreesOfFreedom - 1)] }
    return further.first { degreesOfFreedom >= $0.degreesOfFreedom }?.quantile ?? 2.042
  }
}

public enum GeometricMean {
  /// Of positive values; nil for none, and when one is not positive. Made of exact operations, so that it is the same
  /// everywhere.
  public static func of(_ values: [Double]) -> Double? {
    guard !values.isEmpty, values.allSatisfy({ $0 > 0 && $0.isFinite }) else { return nil }
    // The product as significand and exponent: that of many latencies has no Double.
    var significand = 1.0
    var exponent = 0
    for value in values {
      let product = significand * value
      significand = product.significand
      exponent += Int(product.exponent)
    }
    let whole = Int((Double(exponent) / Double(values.count)).rounded(.down))
    let rest = exponent - whole * values.count
    return nthRoot(significand, twoTo: rest, n: values.count) * Double(sign: .plus, exponent: whole, significand: 1)
  }

  /// Of significand * 2^exponent, which is at least 1 and below 2^(n + 1): between 1 and 4, found by halving.
  private static func nthRoot(_ significand: Double, twoTo exponent: Int, n: Int) -> Double {
    var low = 1.0
    var high = 4.0
    for _ in 0..<60 {
      let middle = (low + high) / 2
      if middle <= low || middle >= high { break }
      if isPower(of: middle, n, notAbove: significand, exponent) { low = middle } else { high = middle }
    }
    return low
  }

  private static func isPower(of base: Double, _ n: Int, notAbove significand: Double, _ exponent: Int) -> Bool {
    var power = 1.0
    var powerExponent = 0
    for _ in 0..<n {
      power *= base
      powerExponent += Int(power.exponent)
      power = power.significand
    }
    return (powerExponent, power) <= (exponent, significand)
  }
}
