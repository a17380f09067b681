// SPDX-License-Identifier: Apache-2.0

/// Where values lie on a line of pixels.
struct Scale {
  enum Kind {
    case linear
    /// Values that are not positive lie at the lower end.
    case logarithmic
  }

  let kind: Kind
  /// Values; the upper bound is always above the lower one.
  let domain: ClosedRange<Double>
  /// Pixels of the lower and upper bound; may be descending.
  let start: Double
  let end: Double

  init(_ kind: Kind, _ domain: ClosedRange<Double>, from start: Double, to end: Double) {
    self.kind = kind
    self.start = start
    self.end = end
    let lower = kind == .logarithmic ? max(domain.lowerBound, 1e-12) : domain.lowerBound
    let isEmpty = !(domain.upperBound > lower)
    let upper = isEmpty ? (kind == .logarithmic ? lower * 10 : lower + 1) : domain.upperBound
    self.domain = lower...upper
  }

  /// Values outside the domain lie at its ends.
  func position(of value: Double) -> Double {
    let inside = min(max(value, domain.lowerBound), domain.upperBound)
    let share: Double
    switch kind {
    case .linear: share = (inside - domain.lowerBound) / (domain.upperBound - domain.lowerBound)
    case .logarithmic:
      let low = Logarithm.two(of: domain.lowerBound)
      share = (Logarithm.two(of: inside) - low) / (Logarithm.two(of: domain.upperBound) - low)
    }
    return start + share * (end - start)
  }

  /// Round values within the domain, so many at most.
  func ticks(max count: Int) -> [Double] {
    switch kind {
    case .linear: return Ticks.linear(domain, max: count)
    case .logarithmic: return Ticks.logarithmic(domain, max: count)
    }
  }
}

enum Ticks {
  /// Multiples of 1, 2 or 5 times a power of ten.
  static func linear(_ domain: ClosedRange<Double>, max count: Int) -> [Double] {
    let span = domain.upperBound - domain.lowerBound
    guard count > 0, span > 0, span.isFinite else { return [] }
    var power = PowerOfTen.notAbove(span / Double(count))
    while true {
      for factor in [1.0, 2, 5] {
        let step = power * factor
        let first = (domain.lowerBound / step - 1e-9).rounded(.up)
        let last = (domain.upperBound / step + 1e-9).rounded(.down)
        if last - first + 1 <= Double(count) {
          return last < first ? [] : (0...Int(last - first)).map { (first + Double($0)) * step }
        }
      }
      power *= 10
    }
  }

  /// Powers of ten; with 2 and 5 in between where there is room, every second or third power where there is none. A range
  /// below a power of ten is divided as a linear one.
  static func logarithmic(_ domain: ClosedRange<Double>, max count: Int) -> [Double] {
    guard count > 0, domain.lowerBound > 0, domain.upperBound.isFinite else { return [] }
    var powers: [Double] = []
    var power = PowerOfTen.notAbove(domain.lowerBound)
    while power <= domain.upperBound * (1 + 1e-9) {
      powers.append(power)
      power *= 10
    }
    let inside: (Double) -> Bool = { $0 >= domain.lowerBound * (1 - 1e-9) && $0 <= domain.upperBound * (1 + 1e-9) }
    for factors in [[1.0, 2, 5], [1.0, 3]] {
      let ticks = powers.flatMap { power in factors.map { power * $0 } }.filter(inside)
      if ticks.count <= count, ticks.count > 2 { return ticks }
    }
    if domain.upperBound / domain.lowerBound < 10 { return linear(domain, max: count) }
    powers = powers.filter(inside)
    let step = (powers.count + count - 1) / count
    return powers.indices.filter { $0 % max(1, step) == 0 }.map { powers[$0] }
  }
}

enum PowerOfTen {
  /// The largest one that is not above a positive value.
  static func notAbove(_ value: Double) -> Double {
    guard value > 0, value.isFinite else { return 1 }
    var power = 1.0
    while power > value { power /= 10 }
    while power * 10 <= value * (1 + 1e-12) { power *= 10 }
    return power
  }
}

enum Logarithm {
  private static let e = 1.4426950408889634

  /// To the base 2, of a positive value. Made of exact operations: pages are the same on every machine.
  static func two(of value: Double) -> Double {
    guard value > 0, value.isFinite else { return 0 }
    let ratio = (value.significand - 1) / (value.significand + 1)
    let square = ratio * ratio
    var sum = 0.0
    for odd in stride(from: 31.0, through: 1, by: -2) { sum = sum * square + 1 / odd }
    return Double(value.exponent) + 2 * e * ratio * sum
  }

  static func ten(of value: Double) -> Double { two(of: value) / two(of: 10) }
}
