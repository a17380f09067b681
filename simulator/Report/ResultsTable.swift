// SPDX-License-Identifier: Apache-2.0

/// The figures of one scenario: a row for each variant, the best of each column marked.
struct ResultsTable {
  struct Cell: Equatable {
    var text: String
    /// Half of the interval, in words; empty for one seed.
    var interval = ""
    var isBest = false
    var isBad = false
    /// Whether it is a summary of the expectations.
    var isLink = false
  }

  struct Row {
    var variant: Variant
    var name: String
    var style: Int
    var violations: Int
    var cells: [Cell]
  }

  let names: VariantNames
  let columns: [String]
  let rows: [Row]

  init(_ runs: [PooledRun], _ comparison: Comparison) {
    let reference = comparison.reference
    names = comparison.names
    let measures = Comparison.Measure.allCases
    let hasVerdicts = runs.contains { !$0.verdicts.isEmpty }
    let hasRatio = runs.count > 1 && runs.contains { $0.variant == reference }
    var rows = runs.map { run -> Row in
      let cell = comparison.cell(scenario: run.scenario, variant: run.variant)
      var cells = measures.map { Self.cell($0, run.outcomes.total == 0 ? nil : cell?.estimate($0)) }
      if hasRatio { cells.append(Cell(text: cell?.p99Ratio.map { Text.number($0, decimals: 2) } ?? "–")) }
      cells.append(Cell(text: Self.perThousand(run.outcomes.retries, run.outcomes.total)))
      if hasVerdicts {
        let all = run.verdicts
        let holding = all.count { $0.holding == $0.count }
        let text = all.isEmpty ? "–" : (holding == all.count ? "✓" : "✗") + " \(holding)/\(all.count)"
        cells.append(Cell(text: text, isBad: holding < all.count, isLink: !all.isEmpty))
      }
      return Row(
        variant: run.variant, name: run.name, style: run.style, violations: run.violationCount, cells: cells)
    }
    let ranked = rows.indices.filter { !rows[$0].variant.selector.isOracle }
    if ranked.count > 1 {
      for (column, measure) in measures.enumerated() {
        let values = ranked.map { index in
          comparison.cell(scenario: runs[index].scenario, variant: rows[index].variant)?.estimate(measure).mean ?? 0
        }
        guard let best = values.indices.min(by: { values[$0] < values[$1] }) else { continue }
        // What reads the same is as good; a column in which all are as good has no best.
        let text = rows[ranked[best]].cells[column].text
        let winners = ranked.filter { rows[$0].cells[column].text == text }
        if winners.count < ranked.count { for index in winners { rows[index].cells[column].isBest = true } }
      }
    }
    self.rows = rows
    columns =
      measures.map(\.rawValue) + (hasRatio ? ["p99 ratio to \(comparison.referenceName)"] : [])
      + ["retries per 1,000"] + (hasVerdicts ? ["expectations"] : [])
  }

  private static func cell(_ measure: Comparison.Measure, _ estimate: Estimate?) -> Cell {
    guard let estimate else { return Cell(text: "–") }
    let words: (Double) -> String = { measure == .errorRate ? Text.percent($0) : Text.duration($0) }
    return Cell(text: words(estimate.mean), interval: estimate.halfWidth.map { "± " + words($0) } ?? "")
  }

  private static func perThousand(_ count: Int, _ total: Int) -> String {
    total == 0 ? "–" : Text.significant(Double(count) / Double(total) * 1_000)
  }

  /// - Parameter expectations: where on the page they are.
  func html(expectations: String) -> String {
    let head = ([names.kind] + columns).map { Markup.text("th", ["scope": "col"], $0) }
    let body = rows.map { row in
      let key = Markup.element("span", ["class": "key k\(row.style)"], "\u{200B}")
      let warning =
        row.violations == 0
        ? "" : Markup.text("small", ["class": "bad"], "✗ " + Text.count(row.violations, of: "violation"))
      let name = Markup.element("th", ["scope": "row"], key + Markup.escape(row.name) + warning)
      return Markup.element("tr", name + row.cells.map { Self.html($0, expectations) }.joined())
    }
    return Markup.element(
      "div", ["class": "scroll"],
      Markup.element(
        "table", ["class": "results"],
        Markup.element("thead", Markup.element("tr", head.joined())) + Markup.element("tbody", body.joined())))
  }

  private static func html(_ cell: Cell, _ expectations: String) -> String {
    let text =
      if cell.isLink {
        Markup.text("a", ["href": expectations], cell.text)
      } else {
        cell.isBest ? Markup.text("strong", cell.text) : Markup.escape(cell.text)
      }
    let interval = cell.interval.isEmpty ? "" : Markup.text("small", cell.interval)
    let kind = cell.isBad ? "bad" : "best"
    return Markup.element("td", cell.isBest || cell.isBad ? ["class": kind] : [:], text + interval)
  }

  func markdown() -> String {
    let header = [names.kind] + columns
    let rule = ["---"] + columns.map { _ in "---:" }
    let body = rows.map { row in
      [row.name]
        + row.cells.map { cell in
          (cell.isBest ? "**\(cell.text)**" : cell.text) + (cell.interval.isEmpty ? "" : " " + cell.interval)
        }
    }
    return MarkdownReport.table([header, rule] + body)
  }
}
