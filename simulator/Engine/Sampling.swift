// SPDX-License-Identifier: Apache-2.0

private import Glibc

extension Distribution {
  /// A stand-in until the engine's own is here.
  public func sample(using random: inout Random) -> Double {
    switch self {
    case .constant(let value): return value
    case .uniform(let min, let max): return min + (max - min) * random.uniform()
    case .exponential(let mean): return -mean * log(1 - random.uniform())
    case .normal(let mean, let deviation, let min):
      return Swift.max(min, mean + deviation * Self.standardNormal(&random))
    case .lognormal(let median, let sigma): return median * exp(sigma * Self.standardNormal(&random))
    case .mixture(let components):
      var rest = random.uniform() * components.reduce(0) { $0 + $1.weight }
      for component in components {
        rest -= component.weight
        if rest < 0 { return component.distribution.sample(using: &random) }
      }
      return components.last?.distribution.sample(using: &random) ?? 0
    }
  }

  private static func standardNormal(_ random: inout Random) -> Double {
    sqrt(-2 * log(1 - random.uniform())) * cos(2 * Double.pi * random.uniform())
  }
}
