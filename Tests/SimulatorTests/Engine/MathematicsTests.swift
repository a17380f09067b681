// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Simulator

/// Against the C library, which is right within one unit in the last place but not the same everywhere.
@Suite struct MathematicsTests {
  private var random = Random(seed: 1)

  @Test mutating func logarithms() {
    for _ in 0..<100_000 {
      let x = Foundation.exp((random.uniform() - 0.5) * 1_000)
      let exact = Foundation.log(x)
      #expect(abs(Mathematics.log(x) - exact) <= 4e-16 * max(abs(exact), 1))
    }
    #expect(Mathematics.log(1) == 0)
  }

  @Test mutating func powersOfE() {
    for _ in 0..<100_000 {
      let x = (random.uniform() - 0.5) * 1_400
      let exact = Foundation.exp(x)
      #expect(abs(Mathematics.exp(x) / exact - 1) < 2e-13)
    }
    #expect(Mathematics.exp(0) == 1)
    #expect(Mathematics.exp(-1_000) == 0)
    #expect(Mathematics.exp(1_000) == .infinity)
  }

  @Test mutating func powersAndRoots() {
    for _ in 0..<10_000 {
      let x = random.uniform() * 100, y = (random.uniform() - 0.5) * 10
      #expect(abs(Mathematics.pow(x, y) / Foundation.pow(x, y) - 1) < 1e-12)
      #expect(abs(Mathematics.cbrt(x - 50) - Foundation.cbrt(x - 50)) < 1e-14 * 5)
    }
  }

  @Test func theNormalDistribution() {
    for x in stride(from: -8.0, through: 8, by: 0.1) {
      #expect(abs(Mathematics.normalDistribution(x) - 0.5 * erfc(-x / 2.0.squareRoot())) < 1e-11)
    }
  }
}
