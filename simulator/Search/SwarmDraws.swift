// SPDX-License-Identifier: Apache-2.0

extension Swarm {
  mutating func chance(_ probability: Double) -> Bool { random.uniform() < probability }

  /// The list must not be empty.
  mutating func one<Element>(of list: [Element]) -> Element { list[random.below(list.count)] }

  /// Small values are as likely as large ones, at every scale.
  mutating func logarithmic(_ low: Double, _ high: Double) -> Double {
    let bottom = max(low, high / 1e6)
    return bottom * Mathematics.exp(random.uniform() * Mathematics.log(high / bottom))
  }

  /// Whole nanoseconds, so that it is the same when written and read; a low of 0 is drawn now and then.
  mutating func time(_ low: Double, _ high: Double) -> Double {
    low == 0 && chance(0.1) ? 0 : logarithmic(low, high).rounded()
  }

  /// With two decimals.
  mutating func share(_ low: Double, _ high: Double) -> Double {
    ((low + random.uniform() * (high - low)) * 100).rounded() / 100
  }
}
