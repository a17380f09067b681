// SPDX-License-Identifier: Apache-2.0

/// Elementary functions whose results are the same on every machine, to the last bit.
///
/// The C library's are right within one unit in the last place, but which way they round depends on its version and on
/// the processor's instructions, and one bit would be another run. These use nothing but the four operations, which IEEE
/// 754 defines exactly, in a fixed order. They are right within some units in the last place.
public enum Mathematics {
  private static let ln2 = 0.693147180559945309417232121458

  /// The natural logarithm of a positive, finite number.
  public static func log(_ x: Double) -> Double {
    var exponent = Double(x.exponent)
    var significand = x.significand
    if significand > 1.4142135623730951 {
      significand /= 2
      exponent += 1
    }
    // 2 artanh(s), with |s| < 0.172: the terms fall by a factor of 34.
    let s = (significand - 1) / (significand + 1)
    let square = s * s
    var sum = 1.0 / 23
    sum = sum * square + 1.0 / 21
    sum = sum * square + 1.0 / 19
    sum = sum * square + 1.0 / 17
    sum = sum * square + 1.0 / 15
    sum = sum * square + 1.0 / 13
    sum = sum * square + 1.0 / 11
    sum = sum * square + 1.0 / 9
    sum = sum * square + 1.0 / 7
    sum = sum * square + 1.0 / 5
    sum = sum * square + 1.0 / 3
    sum = sum * square + 1
    return exponent * ln2 + 2 * s * sum
  }

  /// e to the power of x; 0 below -745, infinity above 709.
  public static func exp(_ x: Double) -> Double {
    if x < -745 { return 0 }
    if x > 709 { return .infinity }
    let power = (x / ln2).rounded()
    let rest = x - power * ln2
    var sum = 1.0
    for divisor in stride(from: 16.0, through: 1, by: -1) { sum = 1 + sum * rest / divisor }
    return Double(sign: .plus, exponent: Int(power), significand: 1) * sum
  }

  /// x to the power of y, for x of at least 0.
  public static func pow(_ x: Double, _ y: Double) -> Double {
    if y == 0 || x == 1 { return 1 }
    if y == 1 { return x }
    return x <= 0 ? 0 : exp(y * log(x))
  }

  /// The cube root.
  public static func cbrt(_ x: Double) -> Double {
    if x == 0 { return 0 }
    let magnitude = abs(x)
    var root = exp(log(magnitude) / 3)
    // Newton's step doubles the digits that are right.
    root -= (root * root * root - magnitude) / (3 * root * root)
    return x < 0 ? -root : root
  }

  /// The standard normal distribution function, by Simpson's rule over the density; right within 1e-12.
  public static func normalDistribution(_ x: Double) -> Double {
    if x < -8.5 { return 0 }
    if x > 8.5 { return 1 }
    let steps = 400
    let width = x / Double(steps)
    var sum = normalDensity(0) + normalDensity(x)
    for i in 1..<steps { sum += normalDensity(Double(i) * width) * (i % 2 == 1 ? 4 : 2) }
    return 0.5 + sum * width / 3
  }

  public static func normalDensity(_ x: Double) -> Double {
    exp(-x * x / 2) * 0.398942280401432677939946059934
  }
}
