// SPDX-License-Identifier: Apache-2.0

/// Variants (selectors and policy sets) compared over scenarios and seeds.
///
/// Runs of the same scenario and seed have the same arrivals and the same work (common random numbers), so differences
/// are taken run by run before they are averaged: their intervals are much narrower than those of the values.
public struct Comparison: Hashable, Codable, Sendable {
  public enum Measure: String, Hashable, Codable, CaseIterable, Sendable {
    case p50
    case p90
    case p99
    case p999 = "p99.9"
    case errorRate = "errors"

    /// Of one run: nanoseconds, or a share.
    public func value(of result: RunResult) -> Double {
      switch self {
      case .p50: Double(result.latency.percentile(50))
      case .p90: Double(result.latency.percentile(90))
      case .p99: Double(result.latency.percentile(99))
      case .p999: Double(result.latency.percentile(99.9))
      case .errorRate: result.outcomes.errorRate
      }
    }
  }

  /// One scenario with one variant.
  public struct Cell: Hashable, Codable, Sendable {
    public var scenario: String
    public var variant: Variant
    /// Ascending.
    public var seeds: [UInt64]
    /// In the order of `Measure.allCases`.
    public var estimates: [Estimate]
    /// This variant's minus the reference's, over the seeds that both have; empty without such seeds.
    public var differences: [Estimate]
    /// Mean p99 over that of the reference; nil without reference, and when its p99 is 0.
    public var p99Ratio: Double?

    public func estimate(_ measure: Measure) -> Estimate { estimates[measure.index] }
    public func difference(_ measure: Measure) -> Estimate? {
      differences.indices.contains(measure.index) ? differences[measure.index] : nil
    }
  }

  /// One variant over all scenarios.
  public struct Overall: Hashable, Codable, Sendable {
    public var variant: Variant
    /// Those in which it was run with at least one request.
    public var scenarioCount: Int
    /// Geometric mean of the mean p99, nanoseconds; nil without any.
    public var p99: Double?
    /// Geometric mean of `p99Ratio` over the scenarios that both have; nil without any.
    public var p99Ratio: Double?
    /// The largest `p99Ratio`, and where it is.
    public var worstRatio: Double?
    public var worstScenario: String?
  }

  /// Whom the others are compared with; nil only when there are no results.
  public let reference: Variant?
  /// In the order of the results.
  public let scenarios: [String]
  public let variants: [Variant]
  /// By scenario, then by variant; combinations that were not run are left out.
  public let cells: [Cell]
  public let overall: [Overall]
  public let names: VariantNames

  /// - Parameter reference: the first variant of the results, if nil or not among them.
  public init(results: [RunResult], reference: Variant? = nil) {
    let scenarios = results.map(\.scenario).uniqued()
    let variants = results.map(\.variant).uniqued()
    let reference = reference.flatMap { variants.contains($0) ? $0 : nil } ?? variants.first
    var cells: [Cell] = []
    for scenario in scenarios {
      let ofScenario = results.filter { $0.scenario == scenario }
      let ofReference = ofScenario.filter { $0.variant == reference }
      for variant in variants {
        let runs = ofScenario.filter { $0.variant == variant }.sorted { $0.seed < $1.seed }
        if let cell = Self.cell(scenario, variant, runs, ofReference) { cells.append(cell) }
      }
    }
    self.scenarios = scenarios
    self.variants = variants
    names = VariantNames(variants)
    self.reference = reference
    self.cells = cells
    overall = variants.map { variant in Self.overall(variant, cells.filter { $0.variant == variant }) }
  }

  public func cell(scenario: String, variant: Variant) -> Cell? {
    cells.first { $0.scenario == scenario && $0.variant == variant }
  }

  /// How far two variants' geometric means of p99 are apart, over the scenarios that both have.
  public func p99Ratio(of variant: Variant, to other: Variant) -> Double? {
    let ratios = scenarios.compactMap { scenario -> Double? in
      guard let a = cell(scenario: scenario, variant: variant)?.estimate(.p99).mean,
        let b = cell(scenario: scenario, variant: other)?.estimate(.p99).mean
      else { return nil }
      return b > 0 ? a / b : nil
    }
    return GeometricMean.of(ratios)
  }

  private static func cell(
    _ scenario: String, _ variant: Variant, _ runs: [RunResult], _ reference: [RunResult]
  ) -> Cell? {
    let measures = Measure.allCases
    let estimates = measures.compactMap { measure in Estimate(runs.map { measure.value(of: $0) }) }
    guard estimates.count == measures.count else { return nil }
    let pairs = runs.compactMap { run in reference.first { $0.seed == run.seed }.map { (run, $0) } }
    let differences = measures.compactMap { measure in
      Estimate(pairs.map { measure.value(of: $0.0) - measure.value(of: $0.1) })
    }
    let p99 = pairs.reduce((0.0, 0.0)) { ($0.0 + Measure.p99.value(of: $1.0), $0.1 + Measure.p99.value(of: $1.1)) }
    return Cell(
      scenario: scenario, variant: variant, seeds: runs.map(\.seed), estimates: estimates, differences: differences,
      p99Ratio: p99.1 > 0 ? p99.0 / p99.1 : nil)
  }

  private static func overall(_ variant: Variant, _ cells: [Cell]) -> Overall {
    let latencies = cells.map { $0.estimate(.p99).mean }.filter { $0 > 0 }
    let worst = cells.filter { $0.p99Ratio != nil }.max { ($0.p99Ratio ?? 0) < ($1.p99Ratio ?? 0) }
    return Overall(
      variant: variant, scenarioCount: latencies.count, p99: GeometricMean.of(latencies),
      p99Ratio: GeometricMean.of(cells.compactMap(\.p99Ratio)), worstRatio: worst?.p99Ratio,
      worstScenario: worst?.scenario)
  }
}

extension Comparison.Measure {
  var index: Int { Self.allCases.firstIndex(of: self) ?? 0 }
}

extension Sequence where Element: Hashable {
  /// Without repetitions, in the order of their first appearance.
  func uniqued() -> [Element] {
    var seen: Set<Element> = []
    return filter { seen.insert($0).inserted }
  }
}
