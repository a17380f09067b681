// SPDX-License-Identifier: Apache-2.0

/// All seeds of one scenario and variant taken together, for the charts.
struct PooledRun {
  let scenario: String
  let variant: Variant
  /// What it is called on the page.
  let name: String
  /// Index among all variants of the page: its line style.
  let style: Int
  let runs: [RunResult]
  private(set) var outcomes = Outcomes()
  private(set) var latency = LatencyHistogram()
  private(set) var windows: [Window] = []
  let windowSeconds: Double

  /// - Parameters:
  ///   - runs: not none.
  ///   - name: that of the variant if nil.
  init?(_ runs: [RunResult], name: String? = nil, style: Int) {
    guard let first = runs.first else { return nil }
    scenario = first.scenario
    variant = first.variant
    self.name = name ?? variant.description
    self.style = style
    self.runs = runs.sorted { $0.seed < $1.seed }
    windowSeconds = Double(first.windowNanoseconds) / 1e9
    for run in self.runs {
      outcomes.add(run.outcomes)
      latency.add(run.latency)
      for (index, window) in run.windows.enumerated() {
        if index < windows.count { windows[index].add(window) } else { windows.append(window) }
      }
    }
  }

  /// Those of a scenario, in the order of the comparison's variants.
  static func all(of scenario: String, _ results: [RunResult], _ comparison: Comparison) -> [PooledRun] {
    comparison.variants.enumerated().compactMap { style, variant in
      PooledRun(
        results.filter { $0.scenario == scenario && $0.variant == variant }, name: comparison.names.name(variant),
        style: style)
    }
  }

  var faults: [FaultBand] { runs.first?.faults ?? [] }
  var seconds: Double { windowSeconds * Double(windows.count) }
  var requestCount: Int { runs.reduce(0) { $0 + $1.requestCount } }
  var eventCount: Int { runs.reduce(0) { $0 + $1.eventCount } }
  var violationCount: Int { runs.reduce(0) { $0 + $1.violations.count } }

  /// Windows put together until there are no more than `max`, and how long one is then.
  func windows(max count: Int) -> (windows: [Window], seconds: Double) {
    let step = Coarsening.step(of: windows.count, max: count)
    let coarse = Coarsening.groups(windows, by: step).map { group in
      group.dropFirst().reduce(into: group.first ?? Window()) { $0.add($1) }
    }
    return (coarse, windowSeconds * Double(step))
  }

  struct Endpoint {
    var name: String
    var group: String
    /// Attempts in each column, of a mean run, per second.
    var rates: [Double]
    /// Mean share of the nodes that had it ejected.
    var ejected: [Double]
  }

  func endpoints(columnsMax: Int) -> [Endpoint] {
    guard let first = runs.first else { return [] }
    return first.endpoints.enumerated().map { index, endpoint in
      let all = runs.compactMap { $0.endpoints.indices.contains(index) ? $0.endpoints[index] : nil }
      let sent = Self.means(all.map { $0.sentByWindow.map(Double.init) }, columnsMax)
      return Endpoint(
        name: endpoint.name, group: endpoint.group,
        rates: sent.map { windowSeconds > 0 ? $0 / windowSeconds : 0 },
        ejected: Self.means(all.map(\.ejectedByWindow), columnsMax))
    }
  }

  /// Of an expectation, over all seeds.
  struct VerdictSummary {
    var expectation: String
    var holding: Int
    var count: Int
    /// Of the first seed that it does not hold for, or else the first seed.
    var measured: String
    var seed: UInt64
  }

  var verdicts: [VerdictSummary] {
    guard let first = runs.first else { return [] }
    return first.verdicts.indices.map { index in
      let all = runs.compactMap { run in
        run.verdicts.indices.contains(index) ? (seed: run.seed, verdict: run.verdicts[index]) : nil
      }
      let shown = all.first { !$0.verdict.holds } ?? (first.seed, first.verdicts[index])
      return VerdictSummary(
        expectation: first.verdicts[index].expectation, holding: all.count { $0.verdict.holds }, count: all.count,
        measured: shown.verdict.measured, seed: shown.seed)
    }
  }

  /// By column over rows that may be of different length.
  private static func means(_ rows: [[Double]], _ columnsMax: Int) -> [Double] {
    let length = rows.map(\.count).max() ?? 0
    let means = (0..<length).map { column in
      let values = rows.compactMap { column < $0.count ? $0[column] : nil }
      return values.reduce(0, +) / Double(values.count)
    }
    let step = Coarsening.step(of: length, max: columnsMax)
    return Coarsening.groups(means, by: step).map { $0.reduce(0, +) / Double($0.count) }
  }
}

enum Coarsening {
  /// How many neighbours must be put together for no more than `max` to be left.
  static func step(of count: Int, max: Int) -> Int { Swift.max(1, (count + max - 1) / max) }

  static func groups<Element>(_ values: [Element], by step: Int) -> [ArraySlice<Element>] {
    stride(from: 0, to: values.count, by: step).map { values[$0..<min($0 + step, values.count)] }
  }
}

extension Window {
  mutating func add(_ other: Window) {
    requests += other.requests
    failures += other.failures
    latency.add(other.latency)
  }
}
