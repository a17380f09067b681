// SPDX-License-Identifier: Apache-2.0

/// One page about some runs: no scripts, nothing from the network, every chart inside.
///
/// The page is well-formed XML, too. The same results make the same page, byte by byte.
public struct HTMLReport {
  let title: String
  let comparison: Comparison
  let results: [RunResult]
  let scenarios: [Scenario]
  let replay: (RunResult) -> String

  /// More lines could not be told apart, and would have no colour.
  public static let variantsMax = PageStyle.styles

  /// - Parameters:
  ///   - comparison: of the results; made here if nil.
  ///   - scenarios: for what was run and why; a scenario that is missing here has its name only.
  ///   - replay: the command that repeats a run.
  public init(
    results: [RunResult], comparison: Comparison? = nil, scenarios: [Scenario] = [], title: String? = nil,
    replay: @escaping (RunResult) -> String = HTMLReport.replayCommand
  ) {
    let comparison = comparison ?? Comparison(results: results)
    self.results = results
    self.comparison = comparison
    self.scenarios = scenarios
    self.replay = replay
    let only = comparison.scenarios.count == 1 ? comparison.scenarios.first : nil
    self.title = title ?? only ?? "Comparison of \(comparison.names.plural)"
  }

  public static func replayCommand(_ result: RunResult) -> String {
    "swerve sim run \(result.scenario) --selector \(result.selector) --seed \(result.seed)"
  }

  public func html() -> String {
    let sections = comparison.scenarios.enumerated().map { index, name in
      ScenarioSection(
        index: index, name: name, scenario: scenarios.first { $0.name == name }, runs: pooled(name),
        comparison: comparison, isOnlyOne: comparison.scenarios.count == 1, replay: replay)
    }
    let body =
      Markup.element("header", ["class": "page"], header) + contents(sections)
      + (sections.count > 1 ? OverallSection(comparison: comparison).html() : "")
      + sections.map { $0.html() }.joined() + footer
    let head =
      Markup.element("meta", ["charset": "utf-8"])
      + Markup.element("meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"])
      + Markup.element("meta", ["name": "color-scheme", "content": "light dark"])
      + Markup.text("title", "\(title) – Swerve simulator")
      + Markup.element("style", PageStyle.css + PageStyle.toggles(sections.map { ($0.id, $0.runs.map(\.style)) }))
    return "<!DOCTYPE html>\n"
      + Markup.element("html", ["lang": "en"], Markup.element("head", head) + Markup.element("body", body)) + "\n"
  }

  private func pooled(_ scenario: String) -> [PooledRun] {
    PooledRun.all(of: scenario, results, comparison)
  }

  private var header: String {
    let seeds = results.map(\.seed).uniqued().count
    if comparison.scenarios.count == 1 { return heading + verdictSummary }
    let facts = [
      Text.count(comparison.scenarios.count, of: "scenario"), Text.list(comparison.variantCounts),
      Text.count(seeds, of: "seed"),
      Text.count(results.reduce(0) { $0 + $1.requestCount }, of: "request") + " simulated",
    ]
    return heading + Markup.element("p", ["class": "facts"], facts.map { Markup.text("span", $0) }.joined())
      + verdictSummary
  }

  private var heading: String {
    Markup.text("p", ["class": "kicker"], "Swerve simulator") + Markup.text("h1", title)
  }

  /// The one thing to know: whether everything holds.
  private var verdictSummary: String {
    let verdicts = results.flatMap(\.verdicts)
    let failed = verdicts.count { !$0.holds }
    let violations = results.reduce(0) { $0 + $1.violations.count }
    var lines: [String] = []
    if !verdicts.isEmpty {
      lines.append(
        failed == 0
          ? Markup.element("p", ["class": "badge good"], "✓ All expectations hold (\(Text.count(verdicts.count)))")
          : Markup.element(
            "p", ["class": "badge bad"], "✗ \(Text.count(failed)) of \(Text.count(verdicts.count)) expectations fail"))
    }
    if violations > 0 {
      lines.append(
        Markup.element("p", ["class": "badge bad"], "✗ \(Text.count(violations, of: "violation")) of invariants"))
    }
    return lines.joined()
  }

  private func contents(_ sections: [ScenarioSection]) -> String {
    if sections.count < 2 { return "" }
    let items = sections.map { section in
      let state =
        section.isSound ? Markup.element("span", ["class": "good"], "✓") : Markup.element("span", ["class": "bad"], "✗")
      let mark = section.hasVerdicts || !section.isSound ? state + " " : ""
      return Markup.element("li", mark + Markup.text("a", ["href": "#\(section.id)"], section.name))
    }
    return Markup.element(
      "nav", ["aria-label": "Scenarios"], Markup.element("ol", items.joined()))
  }

  private var footer: String {
    Markup.text(
      "footer",
      "Latencies include failed requests, with the time until the client knew. Charts put all seeds together; "
        + "± is a 95 % confidence interval of the mean over seeds. Runs of the same seed have the same arrivals and work."
    )
  }
}

extension Markup {
  /// Without attributes.
  static func text(_ name: String, _ text: String) -> String { self.text(name, [:], text) }
  static func element(_ name: String, _ content: String) -> String { element(name, [:], content) }
}
