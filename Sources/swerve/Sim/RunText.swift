// SPDX-License-Identifier: Apache-2.0

import Simulator

/// What `sim run` prints.
struct RunText {
  private let results: [RunResult]
  private let set: ScenarioSet

  init(_ results: [RunResult], _ set: ScenarioSet) {
    self.results = results
    self.set = set
  }

  var text: String {
    let sections = set.scenarios.map { scenario -> String in
      let runs = results.filter { $0.scenario == scenario.name }
      let title = scenario.summary.isEmpty ? scenario.name : "\(scenario.name): \(scenario.summary)"
      return ([title, Self.table(runs)] + Self.verdicts(runs)).joined(separator: "\n")
    }
    return (sections + violations).joined(separator: "\n\n")
  }

  private static func table(_ runs: [RunResult]) -> String {
    let names = VariantNames(runs.map(\.variant))
    var table = TextTable([
      (names.kind.uppercased(), .left), ("SEED", .right), ("REQUESTS", .right), ("P50", .right), ("P90", .right),
      ("P99", .right),
      ("P99.9", .right), ("ERRORS", .right), ("REFUSED", .right), ("RETRIES", .right), ("TRACE", .left),
    ])
    for run in runs {
      let summary = RunSummary(run)
      let latency = summary.latency
      table.add(
        [names.name(run.variant), "\(run.seed)", Text.count(run.outcomes.total)]
          + [latency.p50, latency.p90, latency.p99, latency.p999].map { Text.duration($0) }
          + [Text.percent(run.outcomes.errorRate), Text.count(run.outcomes.refused), Text.count(run.outcomes.retries)]
          + [summary.traceHash])
    }
    return table.text
  }

  private static func verdicts(_ runs: [RunResult]) -> [String] {
    if runs.allSatisfy({ $0.verdicts.isEmpty }) { return [] }
    let names = VariantNames(runs.map(\.variant))
    var table = TextTable([
      (names.kind.uppercased(), .left), ("SEED", .right), ("HOLDS", .left), ("EXPECTATION", .left), ("MEASURED", .left),
    ])
    for run in runs {
      for verdict in run.verdicts {
        table.add([
          names.name(run.variant), "\(run.seed)", verdict.holds ? "yes" : "NO", verdict.expectation, verdict.measured,
        ])
      }
    }
    return ["", table.text]
  }

  private var violations: [String] {
    results.filter { !$0.violations.isEmpty }.map { Self.violations($0, replay: set.replay($0)) }
  }

  /// Each with its time, and how to see it again.
  static func violations(_ run: RunResult, replay: String) -> String {
    let lines = run.violations.map { violation in
      "VIOLATION at \(Text.duration(violation.time, digits: 9)): \(violation.invariant): \(violation.detail)"
    }
    return (lines + ["replay: \(replay)"]).joined(separator: "\n")
  }
}
