// SPDX-License-Identifier: Apache-2.0

import Simulator
import Testing

private let p2c = SelectorName.baseline(.powerOfTwo, ejection: false)
private let random = SelectorName.baseline(.random, ejection: false)

@Suite struct ComparisonTests {
  /// A run whose every request took the same time.
  private func run(_ scenario: String, _ selector: SelectorName, _ seed: UInt64, ms: UInt64, failed: Int = 0)
    -> RunResult
  {
    var result = RunResult(scenario: scenario, selector: selector, seed: seed, windowNanoseconds: 1)
    for _ in 0..<100 { result.latency.add(ms * 1_000_000) }
    result.outcomes.successes = 100 - failed
    result.outcomes.timeouts = failed
    return result
  }

  @Test func theIntervalIsStudentsT() throws {
    // 1, 2, 3: mean 2, standard deviation 1, t(2) = 4.303: 4.303 / sqrt 3 = 2.484.
    let estimate = try #require(Estimate([1, 2, 3]))
    #expect(estimate.mean == 2)
    #expect(abs((estimate.halfWidth ?? 0) - 2.4843) < 0.0001)
    #expect(!estimate.isSignificant)
    #expect(Estimate([5])?.halfWidth == nil)
    #expect(Estimate([]) == nil)
    #expect(Estimate([3, 3, 3])?.halfWidth == 0)
  }

  @Test func quantilesFallWithTheDegreesOfFreedom() {
    #expect(StudentT.quantile975(degreesOfFreedom: 1) == 12.706)
    #expect(StudentT.quantile975(degreesOfFreedom: 9) == 2.262)
    #expect(StudentT.quantile975(degreesOfFreedom: 30) == 2.042)
    #expect(StudentT.quantile975(degreesOfFreedom: 31) == 2.042)
    #expect(StudentT.quantile975(degreesOfFreedom: 59) == 2.021)
    #expect(StudentT.quantile975(degreesOfFreedom: 5_000) == 1.962)
    let all = (1...2_000).map { StudentT.quantile975(degreesOfFreedom: $0) }
    #expect(all == all.sorted(by: >))
  }

  @Test func differencesArePairedBySeed() throws {
    // Seeds differ by far more than selectors; pairs do not.
    let results = [
      run("s", p2c, 1, ms: 100), run("s", p2c, 2, ms: 500), run("s", p2c, 3, ms: 900),
      run("s", random, 3, ms: 910), run("s", random, 1, ms: 110), run("s", random, 2, ms: 510),
    ]
    let comparison = Comparison(results: results)
    #expect(comparison.reference == p2c)
    let cell = try #require(comparison.cell(scenario: "s", selector: random))
    #expect(cell.seeds == [1, 2, 3])
    #expect((cell.estimate(.p99).halfWidth ?? 0) > 900e6)
    let difference = try #require(cell.difference(.p99))
    #expect(abs(difference.mean - 10e6) < 2e6)
    #expect((difference.halfWidth ?? .infinity) < 8e6)
    #expect(difference.isSignificant)
    #expect(abs((cell.p99Ratio ?? 0) - 1.02) < 0.005)
    #expect(comparison.cell(scenario: "s", selector: p2c)?.difference(.p99)?.mean == 0)
  }

  @Test func seedsWithoutPartnerMakeNoDifference() {
    let comparison = Comparison(results: [run("s", p2c, 1, ms: 100), run("s", random, 2, ms: 100)])
    #expect(comparison.cell(scenario: "s", selector: random)?.differences == [])
    #expect(comparison.cell(scenario: "s", selector: random)?.p99Ratio == nil)
  }

  @Test func theOverallRatioIsGeometric() throws {
    // Half as long in one scenario, twice as long in the other: as good as each other.
    let results = [
      run("x", p2c, 1, ms: 100), run("x", random, 1, ms: 200), run("y", p2c, 1, ms: 800), run("y", random, 1, ms: 400),
    ]
    let comparison = Comparison(results: results, reference: p2c)
    let overall = try #require(comparison.overall.first { $0.selector == random })
    #expect(abs((overall.p99Ratio ?? 0) - 1) < 0.001)
    #expect(abs((overall.worstRatio ?? 0) - 2) < 0.01)
    #expect(overall.worstScenario == "x")
    #expect(abs((comparison.p99Ratio(of: p2c, to: random) ?? 0) - 1) < 0.001)
    #expect(comparison.scenarios == ["x", "y"])
  }

  @Test func errorRatesAreShares() {
    let comparison = Comparison(results: [run("s", p2c, 1, ms: 1, failed: 3), run("s", p2c, 2, ms: 1, failed: 5)])
    #expect(abs((comparison.cells.first?.estimate(.errorRate).mean ?? 0) - 0.04) < 1e-12)
  }

  @Test func geometricMeansAreRightAndDoNotOverflow() {
    #expect(abs((GeometricMean.of([2, 8]) ?? 0) - 4) < 1e-12)
    #expect(abs((GeometricMean.of([1, 10, 100]) ?? 0) - 10) < 1e-12)
    #expect(abs((GeometricMean.of([7]) ?? 0) - 7) < 1e-12)
    #expect(abs((GeometricMean.of([0.5, 0.02]) ?? 0) - 0.1) < 1e-12)
    let large = GeometricMean.of([Double](repeating: 3e9, count: 200)) ?? 0
    #expect(abs(large / 3e9 - 1) < 1e-12)
    #expect(GeometricMean.of([]) == nil)
    #expect(GeometricMean.of([1, 0]) == nil)
  }
}

@Suite struct RankCorrelationTests {
  @Test func orderIsAllThatMatters() {
    #expect(RankCorrelation.spearman([1, 2, 3, 4], [10, 200, 3_000, 40_000]) == 1)
    #expect(RankCorrelation.spearman([1, 2, 3, 4], [4, 3, 2, 1]) == -1)
  }

  @Test func oneSwapOfFive() throws {
    // 1 - 6 * (1 + 1) / (5 * 24) = 0.9
    let value = try #require(RankCorrelation.spearman([1, 2, 3, 4, 5], [1, 3, 2, 4, 5]))
    #expect(abs(value - 0.9) < 1e-12)
  }

  @Test func tiesShareTheirRanks() throws {
    #expect(RankCorrelation.ranks(of: [30, 10, 30, 20, 30]) == [4, 1, 4, 2, 4])
    // Ranks 1, 2.5, 2.5, 4 and 1, 2, 3, 4: 4.5 / sqrt(4.5 * 5) = 0.94868.
    let value = try #require(RankCorrelation.spearman([1, 2, 2, 3], [1, 2, 3, 4]))
    #expect(abs(value - 0.948683) < 1e-6)
  }

  @Test func whereThereIsNoOrderThereIsNoCorrelation() {
    #expect(RankCorrelation.spearman([1, 1, 1], [1, 2, 3]) == nil)
    #expect(RankCorrelation.spearman([1], [1]) == nil)
    #expect(RankCorrelation.spearman([1, 2], [1]) == nil)
  }
}
