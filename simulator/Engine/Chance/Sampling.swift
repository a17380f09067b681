// SPDX-License-Identifier: Apache-2.0

extension Distribution {
  /// A value by chance.
  public func sample(using random: inout Random) -> Double {
    Sampler(self).sample(using: &random)
  }

  /// The expected value.
  public var mean: Double {
    switch self {
    case .constant(let value): return value
    case .uniform(let min, let max): return (min + max) / 2
    case .exponential(let mean): return mean
    case .normal(let mean, let deviation, let min):
      if deviation == 0 { return Swift.max(mean, min) }
      let bound = (min - mean) / deviation
      let below = Mathematics.normalDistribution(bound)
      return min * below + mean * (1 - below) + deviation * Mathematics.normalDensity(bound)
    case .lognormal(let median, let sigma): return median * Mathematics.exp(sigma * sigma / 2)
    case .mixture(let components):
      let total = components.reduce(0) { $0 + $1.weight }
      return components.reduce(0) { $0 + $1.weight * $1.distribution.mean } / total
    }
  }
}

/// A distribution made ready for many draws.
struct Sampler {
  private enum Kind { case constant, uniform, exponential, normal, lognormal, mixture }

  private let kind: Kind
  private let first: Double
  private let second: Double
  private let minimum: Double
  private let components: [(share: Double, sampler: Sampler)]

  init(_ distribution: Distribution) {
    var parameters = (0.0, 0.0, 0.0)
    var parts: [(Double, Sampler)] = []
    switch distribution {
    case .constant(let value): (kind, parameters.0) = (.constant, value)
    case .uniform(let min, let max): (kind, parameters) = (.uniform, (min, max - min, 0))
    case .exponential(let mean): (kind, parameters.0) = (.exponential, mean)
    case .normal(let mean, let deviation, let min): (kind, parameters) = (.normal, (mean, deviation, min))
    case .lognormal(let median, let sigma): (kind, parameters) = (.lognormal, (median, sigma, 0))
    case .mixture(let mixed):
      kind = .mixture
      let total = mixed.reduce(0) { $0 + $1.weight }
      var share = 0.0
      for component in mixed {
        share += component.weight / total
        parts.append((share, Sampler(component.distribution)))
      }
    }
    (first, second, minimum) = parameters
    components = parts
  }

  /// The value, when it is always the same.
  var constant: Double? { kind == .constant ? first : nil }

  @inline(__always)
  func sample(using random: inout Random) -> Double {
    switch kind {
    case .constant: first
    case .uniform: first + second * random.uniform()
    case .exponential: first * random.exponential()
    case .normal: max(minimum, first + second * random.normal())
    case .lognormal: first * Mathematics.exp(second * random.normal())
    case .mixture: mixed(using: &random)
    }
  }

  private func mixed(using random: inout Random) -> Double {
    let coin = random.uniform()
    for component in components where coin < component.share { return component.sampler.sample(using: &random) }
    return components.last?.sampler.sample(using: &random) ?? 0
  }

  /// As a time in whole nanoseconds; 0 for what is not above.
  @inline(__always)
  func nanoseconds(using random: inout Random) -> UInt64 {
    let value = sample(using: &random)
    return value > 0 ? UInt64(min(value, 1e18)) : 0
  }
}
