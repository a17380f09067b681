// SPDX-License-Identifier: Apache-2.0

/// A distribution of durations or factors. Its unit is its user's: nanoseconds for durations, 1 for factors.
public indirect enum Distribution: Hashable, Codable, Sendable {
  case constant(Double)
  case uniform(min: Double, max: Double)
  case exponential(mean: Double)
  /// Values below `min` become `min`: `max(0, N(80, 80))` of the Prequal paper.
  case normal(mean: Double, standardDeviation: Double, min: Double)
  /// The logarithm is normal; `sigma` is its standard deviation.
  case lognormal(median: Double, sigma: Double)
  /// One of several, by weight.
  case mixture([Component])

  public struct Component: Hashable, Codable, Sendable {
    public var weight: Double
    public var distribution: Distribution

    public init(weight: Double, _ distribution: Distribution) {
      self.weight = weight
      self.distribution = distribution
    }
  }
}
