// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Simulator

@Suite struct SamplingTests {
  private static let distributions: [Distribution] = [
    .constant(5), .uniform(min: 2, max: 8), .exponential(mean: 3),
    // max(0, N(80, 80)): 80 * (0.8413 + 0.2420) = 86.67.
    .normal(mean: 80, standardDeviation: 80, min: 0), .lognormal(median: 4, sigma: 0.7),
    .mixture([.init(weight: 1, .constant(10)), .init(weight: 3, .exponential(mean: 2))]),
  ]

  @Test(arguments: distributions)
  func drawsHaveTheMean(_ distribution: Distribution) {
    var random = Random(seed: 5)
    let count = 400_000
    let mean = (0..<count).reduce(0.0) { sum, _ in sum + distribution.sample(using: &random) } / Double(count)
    #expect(abs(mean / distribution.mean - 1) < 0.01)
  }

  @Test func theMeanOfWhatIsCutOff() {
    #expect(abs(Distribution.normal(mean: 80, standardDeviation: 80, min: 0).mean - 86.67) < 0.01)
    #expect(Distribution.normal(mean: 80, standardDeviation: 0, min: 0).mean == 80)
  }

  @Test func drawsAreWhereTheyMayBe() {
    var random = Random(seed: 6)
    for _ in 0..<10_000 {
      #expect((2...8).contains(Distribution.uniform(min: 2, max: 8).sample(using: &random)))
      #expect(Distribution.normal(mean: 0, standardDeviation: 5, min: -1).sample(using: &random) >= -1)
      #expect(Distribution.exponential(mean: 1).sample(using: &random) >= 0)
      #expect((0..<7).contains(random.below(7)))
    }
  }

  @Test func streamsOfOneSeedDiffer() {
    var streams = (0..<100).map { Random(seed: 1, stream: $0) }
    #expect(Set(streams.indices.map { streams[$0].next() }).count == 100)
  }
}
