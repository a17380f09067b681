// SPDX-License-Identifier: Apache-2.0

/// SplitMix64 (Steele, Lea and Flood, OOPSLA 2014): what was drawn is drawn again from the same seed. Cheap to begin, so
/// that every request has one of its own and its work does not depend on who serves it.
public struct Random: RandomNumberGenerator, Sendable {
  private var state: UInt64

  public init(seed: UInt64) { state = seed }

  /// A stream of its own for each purpose, so that what one draws does not shift what another does.
  init(seed: UInt64, stream: UInt64) {
    var mixer = Random(seed: seed ^ (stream &* 0xd134_2543_de82_ef95))
    state = mixer.next()
  }

  @inline(__always)
  public mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var value = state
    value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
    value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
    return value ^ (value >> 31)
  }

  /// In [0, 1), a multiple of 2^-53.
  @inline(__always)
  public mutating func uniform() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// In [0, count), without a division (Lemire 2019, without the rejection step: off by less than count / 2^64).
  @inline(__always)
  public mutating func below(_ count: Int) -> Int {
    Int(truncatingIfNeeded: next().multipliedFullWidth(by: UInt64(truncatingIfNeeded: count)).high)
  }

  /// Exponential with mean 1.
  @inline(__always)
  mutating func exponential() -> Double { -Mathematics.log(1 - uniform()) }

  /// Normal with mean 0 and standard deviation 1: Marsaglia's polar method.
  mutating func normal() -> Double {
    while true {
      let x = 2 * uniform() - 1, y = 2 * uniform() - 1
      let square = x * x + y * y
      if square < 1, square > 0 { return x * (-2 * Mathematics.log(square) / square).squareRoot() }
    }
  }
}
