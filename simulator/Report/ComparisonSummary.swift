// SPDX-License-Identifier: Apache-2.0

/// A comparison for `--json`. Latencies are nanoseconds, error rates shares of 1.
public struct ComparisonSummary: Codable, Sendable {
  /// What `differences` and ratios are to.
  public var reference: Name?
  /// By scenario, then by variant.
  public var cells: [Cell]
  public var overall: [Overall]

  public struct Name: Hashable, Codable, Sendable {
    public var selector: String
    /// Label of the set of policy files; left out with the scenario's own.
    public var policies: String?
  }

  /// One scenario with one variant.
  public struct Cell: Codable, Sendable {
    public var scenario: String
    public var selector: String
    public var policies: String?
    public var seeds: [UInt64]
    public var means: Values
    /// To the reference, run by run; left out without common seeds.
    public var differences: Values?
    /// Mean p99 over that of the reference.
    public var p99Ratio: Double?
  }

  public struct Values: Codable, Sendable {
    public var p50, p90, p99, p999, errorRate: Value
  }

  public struct Value: Codable, Sendable {
    public var mean: Double
    /// Half of the 95 % confidence interval; left out for a single seed.
    public var halfWidth: Double?
  }

  /// One variant over all scenarios.
  public struct Overall: Codable, Sendable {
    public var selector: String
    public var policies: String?
    /// How many scenarios.
    public var scenarios: Int
    /// Geometric means.
    public var p99: Double?
    public var p99Ratio: Double?
    public var worstRatio: Double?
    public var worstScenario: String?
  }

  public init(_ comparison: Comparison) {
    reference = comparison.reference.map { Name(selector: $0.selector.description, policies: $0.policy) }
    cells = comparison.cells.map { cell in
      Cell(
        scenario: cell.scenario, selector: cell.variant.selector.description, policies: cell.variant.policy,
        seeds: cell.seeds, means: Values { cell.estimate($0) },
        differences: cell.differences.isEmpty
          ? nil : Values { cell.difference($0) ?? cell.estimate($0) },
        p99Ratio: cell.p99Ratio)
    }
    overall = comparison.overall.map { overall in
      Overall(
        selector: overall.variant.selector.description, policies: overall.variant.policy,
        scenarios: overall.scenarioCount, p99: overall.p99, p99Ratio: overall.p99Ratio, worstRatio: overall.worstRatio,
        worstScenario: overall.worstScenario)
    }
  }
}

extension ComparisonSummary.Values {
  fileprivate init(_ estimate: (Comparison.Measure) -> Estimate) {
    func value(_ measure: Comparison.Measure) -> ComparisonSummary.Value {
      let estimate = estimate(measure)
      return ComparisonSummary.Value(mean: estimate.mean, halfWidth: estimate.halfWidth)
    }
    self.init(
      p50: value(.p50), p90: value(.p90), p99: value(.p99), p999: value(.p999), errorRate: value(.errorRate))
  }
}
