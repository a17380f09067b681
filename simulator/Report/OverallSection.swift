// SPDX-License-Identifier: Apache-2.0

/// All scenarios at a glance: who is how good where.
struct OverallSection {
  let comparison: Comparison

  func html() -> String {
    let reference = comparison.referenceName
    let intro =
      "p99 of each by scenario, and its geometric mean over all of them. Ratios are to \(reference): "
      + "below 1 is faster. The best in each row is marked; the oracle, which knows everything, is a floor and no rival."
    return Markup.element(
      "section", ["id": "overall"],
      Markup.text("h2", "All scenarios") + Markup.text("p", ["class": "summary"], intro)
        + Markup.element("div", ["class": "scroll"], Markup.element("table", ["class": "matrix"], head + rows)))
  }

  private var head: String {
    let names = comparison.variants.map { variant in
      Markup.text("th", ["scope": "col"], comparison.names.name(variant))
    }
    return Markup.element("thead", Markup.element("tr", Markup.text("th", ["scope": "col"], "p99") + names.joined()))
  }

  private var rows: String {
    let scenarios = comparison.scenarios.map { scenario in
      row(scenario, comparison.variants.map { comparison.cell(scenario: scenario, variant: $0)?.estimate(.p99).mean }) {
        Text.duration($0)
      }
    }
    let overall = comparison.variants.map { variant in comparison.overall.first { $0.variant == variant } }
    let complete = overall.map { $0?.scenarioCount == comparison.scenarios.count ? $0?.p99 : nil }
    let means = row("geometric mean", complete) { Text.duration($0) }
    let ratios = row("mean ratio", overall.map { $0?.p99Ratio }) { Text.number($0, decimals: 2) }
    let worst = row("worst ratio", overall.map { $0?.worstRatio }) { Text.number($0, decimals: 2) }
    return Markup.element("tbody", scenarios.joined()) + Markup.element("tfoot", means + ratios + worst)
  }

  private func row(_ name: String, _ values: [Double?], text: (Double) -> String) -> String {
    let best = zip(comparison.variants, values).filter { !$0.0.selector.isOracle }.compactMap(\.1).min().map(text)
    let cells = zip(comparison.variants, values).map { variant, value in
      let text = value.map(text) ?? "–"
      let isBest = value != nil && text == best && !variant.selector.isOracle && comparison.variants.count > 1
      return Markup.text("td", isBest ? ["class": "best"] : [:], text)
    }
    return Markup.element("tr", Markup.text("th", ["scope": "row"], name) + cells.joined())
  }
}

extension Comparison {
  var referenceName: String { reference.map(names.name) ?? "" }

  /// `2 selectors`, `3 sets of policies`: what there is more than one of, and selectors where nothing is.
  var variantCounts: [String] {
    let policies = variants.compactMap(\.policy).uniqued().count
    let selectors = variants.map(\.selector).uniqued().count
    return (selectors > 1 || policies < 2 ? [Text.count(selectors, of: "selector")] : [])
      + (policies > 1 ? ["\(Text.count(policies)) sets of policies"] : [])
  }
}

extension SelectorName {
  /// Knows what nobody can: it is shown, but not ranked.
  var isOracle: Bool {
    if case .baseline(.oracle, _) = self { true } else { false }
  }
}
