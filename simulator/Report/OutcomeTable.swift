// SPDX-License-Identifier: Apache-2.0

/// How the counted requests ended for their clients, all seeds together. Columns in which nobody has anything are left
/// out.
struct OutcomeTable {
  let runs: [PooledRun]
  let names: VariantNames

  func html() -> String {
    if runs.allSatisfy({ $0.outcomes.total == 0 }) { return "" }
    let shown = columns.filter { column in runs.contains { column.count($0.outcomes) > 0 } }
    let head = ([names.kind, "requests"] + shown.map(\.name)).map { Markup.text("th", ["scope": "col"], $0) }
    let rows = runs.map { run in
      let cells = shown.map { column in
        let count = column.count(run.outcomes)
        let share = run.outcomes.total == 0 ? 0 : Double(count) / Double(run.outcomes.total)
        return Markup.element(
          "td", Markup.escape(Text.count(count)) + (count == 0 ? "" : Markup.text("small", Text.percent(share))))
      }
      return Markup.element(
        "tr",
        Markup.text("th", ["scope": "row"], run.name) + Markup.text("td", Text.count(run.outcomes.total))
          + cells.joined())
    }
    return Markup.element(
      "div", ["class": "scroll"],
      Markup.element(
        "table", ["class": "results"],
        Markup.element("thead", Markup.element("tr", head.joined())) + Markup.element("tbody", rows.joined())))
  }

  private typealias Column = (name: String, count: (Outcomes) -> Int)

  private var columns: [Column] {
    let reasons = runs.flatMap { $0.outcomes.refusals.keys }.uniqued().sorted()
    let refusals = reasons.map { reason -> Column in ("refused: \(reason)", { $0.refusals[reason] ?? 0 }) }
    return [
      ("answered", { $0.successes }), ("by the fallback", { $0.fallbacks }), ("5xx", { $0.statuses }),
      ("reset", { $0.resets }), ("timed out", { $0.timeouts }),
    ] + refusals
  }
}
