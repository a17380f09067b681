// SPDX-License-Identifier: Apache-2.0

/// The tables of a report as Markdown, for pull requests and terminals.
public struct MarkdownReport {
  let comparison: Comparison
  let results: [RunResult]
  let scenarios: [Scenario]
  let replay: (RunResult) -> String

  /// - Parameters: as `HTMLReport` has them.
  public init(
    results: [RunResult], comparison: Comparison? = nil, scenarios: [Scenario] = [],
    replay: @escaping (RunResult) -> String = HTMLReport.replayCommand
  ) {
    self.results = results
    self.comparison = comparison ?? Comparison(results: results)
    self.scenarios = scenarios
    self.replay = replay
  }

  public func markdown() -> String {
    let sections = comparison.scenarios.map(section)
    return ((comparison.scenarios.count > 1 ? [overall] : []) + sections).joined(separator: "\n")
  }

  private var overall: String {
    let header = [comparison.names.kind, "scenarios", "p99, geometric mean", "p99 ratio", "worst ratio", "where"]
    let rule = ["---", "---:", "---:", "---:", "---:", "---"]
    let rows = comparison.overall.map { overall in
      [
        comparison.names.name(overall.variant), "\(overall.scenarioCount)",
        overall.p99.map { Text.duration($0) } ?? "–",
        overall.p99Ratio.map { Text.number($0, decimals: 2) } ?? "–",
        overall.worstRatio.map { Text.number($0, decimals: 2) } ?? "–", overall.worstScenario ?? "–",
      ]
    }
    return "## All scenarios\n\nRatios are to \(comparison.referenceName).\n\n"
      + Self.table([header, rule] + rows)
  }

  private func section(_ name: String) -> String {
    let runs = PooledRun.all(of: name, results, comparison)
    var text = "## \(Self.escape(name))\n\n"
    if let summary = scenarios.first(where: { $0.name == name })?.summary, !summary.isEmpty {
      text += Self.escape(summary) + "\n\n"
    }
    let seeds = runs.flatMap { $0.runs.map(\.seed) }.uniqued().sorted()
    let requests = Text.count(runs.reduce(0) { $0 + $1.requestCount }, of: "request")
    text += "\(seeds.count == 1 ? "Seed" : "Seeds") \(ScenarioSection.words(seeds)), \(requests) simulated.\n\n"
    text += ResultsTable(runs, comparison).markdown()
    return text + expectations(runs) + violations(runs)
  }

  private func expectations(_ runs: [PooledRun]) -> String {
    let rows = runs.flatMap { run in
      run.verdicts.map { verdict in
        let holds = verdict.holding == verdict.count
        return [
          holds ? "✓" : "✗", run.name, verdict.expectation, verdict.measured,
          "\(verdict.holding) of \(verdict.count)",
        ]
      }
    }
    if rows.isEmpty { return "" }
    return "\n"
      + Self.table(
        [["", comparison.names.kind, "expectation", "measured", "seeds"], Array(repeating: "---", count: 5)] + rows)
  }

  private func violations(_ runs: [PooledRun]) -> String {
    let lines = runs.flatMap { $0.runs }.flatMap { run in
      run.violations.map { violation in
        "- **\(Self.escape(violation.invariant))** at \(Text.duration(violation.time, digits: 6)): "
          + "\(Self.escape(violation.detail)) (`\(replay(run))`)\n"
      }
    }
    return lines.isEmpty ? "" : "\nViolations:\n\n" + lines.joined()
  }

  static func table(_ rows: [[String]]) -> String {
    rows.map { row in "| " + row.map(escapeCell).joined(separator: " | ") + " |\n" }.joined()
  }

  private static func escapeCell(_ text: String) -> String {
    String(text.flatMap { $0 == "|" ? "\\|" : $0.isNewline ? " " : String($0) })
  }

  private static func escape(_ text: String) -> String {
    String(text.flatMap { "<>*_`[]#".contains($0) ? "\\\($0)" : String($0) })
  }
}
