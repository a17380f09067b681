// SPDX-License-Identifier: Apache-2.0

import Foundation

/// What `swerve sim verify` prints.
struct VerifyReport: Encodable {
  var scenario: String
  var selector: String
  var seed: UInt64
  /// Runs of the simulation, each with a seed of its own, taken together.
  var simulatedRuns: Int
  var realRuns: Int
  var simulated: VerifyFigures
  var real: VerifyFigures
  var comparison: VerifyComparison
  /// One for each real run.
  var staging: [RealRun.Staging]

  var text: String {
    var table = TextTable([
      ("MEASURE", .left), ("SIMULATED", .right), ("REAL", .right), ("DIFFERENCE", .right), ("RELATIVE", .right),
      ("BAR", .right), ("VERDICT", .left),
    ])
    for row in comparison.rows { table.add(Self.cells(row)) }
    let staged = staging.map { run in
      String(
        format: "staging: requests sent %.2f ms late, answered %.2f ms late (p99); %.1f %% steered; %d connections",
        run.clientLatenessP99, run.endpointLatenessP99, run.steeredShare * 100, run.connections)
    }
    let requests =
      "\(scenario), \(selector): \(simulated.requests) requests simulated in \(simulatedRuns) runs, "
      + "\(real.requests) real in \(realRuns)"
    let isSound = staging.allSatisfy { $0.isSound(p99: simulated.p99) }
    let advice =
      isSound ? [] : ["The machine was too busy: what differs may be its fault. Run it again when it is not."]
    return ([requests, ""] + table.lines + [""] + staged + advice).joined(separator: "\n")
  }

  private static func cells(_ row: VerifyComparison.Row) -> [String] {
    let relative = row.relative.map { String(format: "%+.1f %%", $0 * 100) } ?? "-"
    let verdict = row.holds.map { $0 ? "ok" : "OUTSIDE" } ?? ""
    switch row.unit {
    case .milliseconds:
      return [
        row.measure, String(format: "%.2f ms", row.simulated), String(format: "%.2f ms", row.real),
        String(format: "%+.2f ms", row.difference), relative,
        row.bar.map { String(format: "%.0f %%", $0 * 100) } ?? "", verdict,
      ]
    case .share:
      return [
        row.measure, String(format: "%.2f %%", row.simulated * 100), String(format: "%.2f %%", row.real * 100),
        String(format: "%+.2f points", row.difference * 100), relative,
        row.bar.map { String(format: "%.0f points", $0 * 100) } ?? "", verdict,
      ]
    }
  }
}
