// SPDX-License-Identifier: Apache-2.0

/// C3's limit on the requests to one endpoint: a token bucket whose rate follows the rate of the responses, up by CUBIC's
/// curve, down by a factor (Suresh et al., NSDI 2015, section 3.2, with the details of its reference simulator).
///
/// Rates are requests per interval.
struct CubicRateLimiter: BitwiseCopyable {
  static let interval: UInt64 = 20_000_000
  static let tokensMax = 10.0
  static let scale = 4e-6
  static let stepMax = 10.0
  static let beta = 0.2
  static let hysteresis: UInt64 = 2
  static let rateMin = 0.01
  /// Weight of the newest interval in the rate of the responses.
  static let receiveWeight = 0.1
  /// What rounding takes from a full token is given back.
  private static let tokenTolerance = 1e-9

  private(set) var rate = tokensMax
  private(set) var receiveRate = 0.0
  private var tokens = tokensMax
  private var tokensAt: UInt64 = 0
  private var rateAtDecrease = tokensMax
  private var lastIncrease: UInt64 = 0
  private var lastDecrease: UInt64 = 0
  private var received: UInt32 = 0
  private var interval: UInt64 = 0

  /// Nanoseconds until a request may be sent; 0: now.
  func wait(now: UInt64) -> Double {
    if tokens >= 1 { return 0 }
    let tokens = tokens(now: now)
    if tokens >= 1 - Self.tokenTolerance { return 0 }
    return (1 - tokens) * Double(Self.interval) / rate
  }

  mutating func sent(now: UInt64) {
    tokens = tokens(now: now) - 1
    tokensAt = now
  }

  mutating func responded(now: UInt64) {
    advance(to: now / Self.interval)
    received += 1
    if rate < receiveRate {
      increase(now)
    } else if receiveRate > 0, rate > receiveRate, now.since(lastIncrease) > Self.hysteresis * Self.interval {
      rateAtDecrease = rate
      rate = max(rate * Self.beta, Self.rateMin)
      lastDecrease = now
    }
  }

  private mutating func increase(_ now: UInt64) {
    // Milliseconds, which the scale is made for.
    let time = Double(now.since(lastDecrease)) / 1e6
    lastIncrease = now
    let distance = time - Mathematics.cbrt(rateAtDecrease * Self.beta / Self.scale)
    let target = Self.scale * distance * distance * distance + rateAtDecrease
    rate = min(target, rate + Self.stepMax)
  }

  /// Closes the intervals that are over.
  private mutating func advance(to present: UInt64) {
    if present <= interval { return }
    receiveRate = Self.receiveWeight * Double(received) + (1 - Self.receiveWeight) * receiveRate
    received = 0
    // Those in which nothing came. The rate becomes small but stays one: 0 means that nothing ever came.
    if receiveRate > 0 {
      receiveRate = max(receiveRate * power(1 - Self.receiveWeight, present - interval - 1), .leastNormalMagnitude)
    }
    interval = present
  }

  private func tokens(now: UInt64) -> Double {
    min(Self.tokensMax, tokens + rate / Double(Self.interval) * Double(now.since(tokensAt)))
  }

  private func power(_ base: Double, _ exponent: UInt64) -> Double {
    var result = 1.0
    var square = base
    var rest = exponent
    while rest > 0, result > 0 {
      if rest & 1 == 1 { result *= square }
      square *= square
      rest >>= 1
    }
    return result
  }
}
