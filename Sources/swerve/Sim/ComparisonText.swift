// SPDX-License-Identifier: Apache-2.0

import Simulator

/// What `sim compare` prints.
struct ComparisonText {
  private let comparison: Comparison
  private static let measures = Comparison.Measure.allCases

  init(_ comparison: Comparison) {
    self.comparison = comparison
  }

  var text: String {
    let sections = comparison.scenarios.map { name in
      let cells = comparison.cells.filter { $0.scenario == name }
      let hasOthers = cells.contains { $0.variant != comparison.reference }
      return ([title(name, cells), means(cells)] + (hasOthers ? ["", differences(cells)] : [])).joined(separator: "\n")
    }
    let legend = comparison.variants.count > 1 ? ["± 95 % confidence interval, * where it leaves out 0"] : []
    return (sections + (comparison.scenarios.count > 1 ? [overall] : []) + legend).joined(separator: "\n\n")
  }

  private var reference: String { comparison.reference.map(comparison.names.name) ?? "" }

  private func title(_ name: String, _ cells: [Comparison.Cell]) -> String {
    "\(name): means over \(Text.count(cells.map(\.seeds.count).max() ?? 0, of: "seed"))"
  }

  private func columns(_ first: String) -> [(header: String, alignment: TextTable.Alignment)] {
    [(first, .left)] + Self.measures.map { ($0.rawValue.uppercased(), .right) }
  }

  private func means(_ cells: [Comparison.Cell]) -> String {
    var table = TextTable(columns(comparison.names.kind.uppercased()))
    for cell in cells {
      table.add([comparison.names.name(cell.variant)] + Self.measures.map { Self.text(cell.estimate($0), $0) })
    }
    return table.text
  }

  private func differences(_ cells: [Comparison.Cell]) -> String {
    // Above the figures, which are followed by a mark.
    let heads = Self.measures.map { ($0.rawValue.uppercased() + "  ", TextTable.Alignment.right) }
    var table = TextTable([("MINUS \(reference)", .left)] + heads + [("P99 RATIO", .right)])
    for cell in cells where cell.variant != comparison.reference {
      let cells = Self.measures.map { measure in
        cell.difference(measure).map {
          ($0.mean > 0 ? "+" : "") + Self.text($0, measure) + ($0.isSignificant ? " *" : "  ")
        } ?? "-"
      }
      table.add(
        [comparison.names.name(cell.variant)] + cells + [cell.p99Ratio.map { Text.number($0, decimals: 3) } ?? "-"])
    }
    return table.text
  }

  private var overall: String {
    var table = TextTable([
      (comparison.names.kind.uppercased(), .left), ("SCENARIOS", .right), ("P99", .right), ("P99 RATIO", .right),
      ("WORST", .right),
      ("IN", .left),
    ])
    for overall in comparison.overall {
      table.add([
        comparison.names.name(overall.variant), "\(overall.scenarioCount)",
        overall.p99.map { Text.duration($0) } ?? "-",
        overall.p99Ratio.map { Text.number($0, decimals: 3) } ?? "-",
        overall.worstRatio.map { Text.number($0, decimals: 3) } ?? "-", overall.worstScenario ?? "-",
      ])
    }
    return "All scenarios: geometric means; ratios to \(reference)\n" + table.text
  }

  private static func text(_ estimate: Estimate, _ measure: Comparison.Measure) -> String {
    let words: (Double) -> String = { measure == .errorRate ? Text.percent($0) : Text.duration($0) }
    return words(estimate.mean) + (estimate.halfWidth.map { " ± " + words($0) } ?? "")
  }
}
