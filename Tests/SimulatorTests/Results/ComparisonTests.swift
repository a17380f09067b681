// SPDX-License-Identifier: Apache-2.0

import Foundation
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
    #expect(comparison.reference == Variant(p2c))
    let cell = try #require(comparison.cell(scenario: "s", variant: Variant(random)))
    #expect(cell.seeds == [1, 2, 3])
    #expect((cell.estimate(.p99).halfWidth ?? 0) > 900e6)
    let difference = try #require(cell.difference(.p99))
    #expect(abs(difference.mean - 10e6) < 2e6)
    #expect((difference.halfWidth ?? .infinity) < 8e6)
    #expect(difference.isSignificant)
    #expect(abs((cell.p99Ratio ?? 0) - 1.02) < 0.005)
    #expect(comparison.cell(scenario: "s", variant: Variant(p2c))?.difference(.p99)?.mean == 0)
  }

  @Test func seedsWithoutPartnerMakeNoDifference() {
    let comparison = Comparison(results: [run("s", p2c, 1, ms: 100), run("s", random, 2, ms: 100)])
    #expect(comparison.cell(scenario: "s", variant: Variant(random))?.differences == [])
    #expect(comparison.cell(scenario: "s", variant: Variant(random))?.p99Ratio == nil)
  }

  @Test func theOverallRatioIsGeometric() throws {
    // Half as long in one scenario, twice as long in the other: as good as each other.
    let results = [
      run("x", p2c, 1, ms: 100), run("x", random, 1, ms: 200), run("y", p2c, 1, ms: 800), run("y", random, 1, ms: 400),
    ]
    let comparison = Comparison(results: results, reference: Variant(p2c))
    let overall = try #require(comparison.overall.first { $0.variant == Variant(random) })
    #expect(abs((overall.p99Ratio ?? 0) - 1) < 0.001)
    #expect(abs((overall.worstRatio ?? 0) - 2) < 0.01)
    #expect(overall.worstScenario == "x")
    #expect(abs((comparison.p99Ratio(of: Variant(p2c), to: Variant(random)) ?? 0) - 1) < 0.001)
    #expect(comparison.scenarios == ["x", "y"])
  }

  @Test func policySetsOfOneSelectorAreApart() throws {
    var results = [run("s", .core, 1, ms: 100), run("s", .core, 1, ms: 50)]
    (results[0].policy, results[1].policy) = ("old", "new")
    let comparison = Comparison(results: results)
    #expect(comparison.variants == [Variant(.core, policy: "old"), Variant(.core, policy: "new")])
    #expect(comparison.variants.map(comparison.names.name) == ["old", "new"])
    #expect(comparison.names.kind == "policies")
    let cell = try #require(comparison.cell(scenario: "s", variant: Variant(.core, policy: "new")))
    #expect(abs((cell.p99Ratio ?? 0) - 0.5) < 0.01)
    #expect(comparison.cell(scenario: "s", variant: Variant(.core)) == nil)
    let reversed = Comparison(results: results, reference: Variant(.core, policy: "new"))
    let old = try #require(reversed.cell(scenario: "s", variant: Variant(.core, policy: "old")))
    #expect(abs((old.p99Ratio ?? 0) - 2) < 0.04)
  }

  @Test func variantsAreNamedByWhatTheyDifferIn() {
    let names = { (variants: [Variant]) in variants.map(VariantNames(variants).name) }
    #expect(names([Variant(.core), Variant(p2c)]) == ["swerve", "p2c"])
    #expect(names([Variant(.core, policy: "a"), Variant(p2c, policy: "a")]) == ["swerve, a", "p2c, a"])
    #expect(names([Variant(.core, policy: "a")]) == ["a"])
    #expect(VariantNames([Variant(.core, policy: "a"), Variant(p2c, policy: "a")]).kind == "selector, policies")
    #expect(VariantNames([]).kind == "selector")
  }

  @Test func theSummaryNamesItsFigures() throws {
    var results = [run("s", p2c, 1, ms: 100), run("s", p2c, 1, ms: 50, failed: 10)]
    results[1].policy = "new"
    let data = try JSONEncoder().encode(ComparisonSummary(Comparison(results: results)))
    let summary = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    #expect(summary["reference"] as? [String: String] == ["selector": "p2c"])
    let cell = try #require((summary["cells"] as? [[String: Any]])?.last)
    #expect(cell["policies"] as? String == "new" && cell["selector"] as? String == "p2c")
    let difference = (cell["differences"] as? [String: [String: Double]])?["errorRate"]
    #expect(abs((difference?["mean"] ?? 0) - 0.1) < 1e-12 && difference?["halfWidth"] == nil)
  }

  @Test func selectorsAreEncodedByTheirName() throws {
    let data = try JSONEncoder().encode(SelectorName.all)
    #expect(try JSONDecoder().decode([SelectorName].self, from: data) == SelectorName.all)
    #expect(try JSONDecoder().decode([String].self, from: data) == SelectorName.all.map(\.description))
    #expect(throws: DecodingError.self) { try JSONDecoder().decode([SelectorName].self, from: Data("[\"p3c\"]".utf8)) }
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
