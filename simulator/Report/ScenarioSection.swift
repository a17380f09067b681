// SPDX-License-Identifier: Apache-2.0

/// What one scenario has brought, with its charts.
struct ScenarioSection {
  let index: Int
  let name: String
  let scenario: Scenario?
  let runs: [PooledRun]
  let comparison: Comparison
  /// Whether the page is about this one alone: it has the name already.
  let isOnlyOne: Bool
  let replay: (RunResult) -> String

  var id: String { "s\(index)" }
  var hasVerdicts: Bool { runs.contains { !$0.verdicts.isEmpty } }
  var isSound: Bool {
    runs.allSatisfy { $0.violationCount == 0 && $0.verdicts.allSatisfy { $0.holding == $0.count } }
  }

  func html() -> String {
    let latency = LatencyCharts(runs: runs, names: comparison.names)
    let time = TimeCharts(runs: runs)
    let endpoints = EndpointCharts(runs: runs)
    let content =
      heading + violations + results + legend
      + grid(
        [
          latency.percentiles(), latency.distribution(), latency.tail(), time.errorRate(), time.percentile(50),
          time.percentile(99),
        ], "charts")
      + part("Requests per endpoint", endpoints.load()) + part("Breakers", endpoints.ejections())
      + part("How requests ended", OutcomeTable(runs: runs, names: comparison.names).html())
      + part("What goes wrong", faults) + part("Expectations", expectations)
    return Markup.element("section", ["id": id, "class": "scenario"], content)
  }

  private func part(_ title: String, _ content: String) -> String {
    content.isEmpty ? "" : Markup.element("div", ["class": "part"], Markup.text("h3", title) + content)
  }

  private func grid(_ figures: [String], _ style: String) -> String {
    let content = figures.joined()
    return content.isEmpty ? "" : Markup.element("div", ["class": style], content)
  }

  private var heading: String {
    let title = isOnlyOne ? "" : Markup.text("h2", name)
    let summary = scenario?.summary ?? ""
    return title + (summary.isEmpty ? "" : Markup.text("p", ["class": "summary"], summary))
      + Markup.element("p", ["class": "facts"], facts.map { Markup.text("span", $0) }.joined())
  }

  private var facts: [String] {
    var facts: [String] = []
    if let scenario {
      facts.append(
        Text.count(scenario.clients.count, of: "client") + " on " + Text.count(scenario.clients.nodes, of: "node"))
      facts.append(Text.count(scenario.endpointCount, of: "endpoint"))
      facts.append("\(scenario.clients.mode.rawValue) mode")
      facts.append(Text.duration(scenario.duration) + ", " + Text.duration(scenario.warmup) + " of it warm-up")
      let sets = runs.compactMap(\.variant.policy).uniqued()
      let files = sets.isEmpty ? scenario.policy.paths : sets
      if !files.isEmpty { facts.append((sets.isEmpty ? "policy " : "policies ") + Text.list(files)) }
    }
    let seeds = runs.flatMap { $0.runs.map(\.seed) }.uniqued().sorted()
    facts.append((seeds.count == 1 ? "seed " : "seeds ") + Self.words(seeds))
    facts.append(Text.count(runs.reduce(0) { $0 + $1.requestCount }, of: "request"))
    return facts
  }

  /// `1 to 10`, `3, 4 and 9`.
  static func words(_ seeds: [UInt64]) -> String {
    guard let first = seeds.first, let last = seeds.last else { return "none" }
    if seeds.count > 2, last - first == UInt64(seeds.count - 1) { return "\(first) to \(last)" }
    if seeds.count > 6 { return "\(first) to \(last) (\(seeds.count))" }
    return Text.list(seeds.map { "\($0)" })
  }

  private var results: String { ResultsTable(runs, comparison).html(expectations: "#\(id)-expectations") }

  /// Names the lines of all charts below; unticking one hides it.
  private var legend: String {
    if runs.count < 2 { return Markup.element("div", ["class": "space"]) }
    let chips = runs.map { run in
      let toggle = Markup.element(
        "input", ["type": "checkbox", "checked": "checked", "id": "\(id)-k\(run.style)"])
      let line = Markup.element(
        "svg", ["class": "sample", "viewBox": "0 0 26 10", "aria-hidden": "true"],
        Markup.element("path", ["class": "line k\(run.style)", "d": "M2 5H24"]))
      return Markup.element("label", toggle + line + Markup.escape(run.name))
    }
    return Markup.element("div", ["class": "legend", "role": "group", "aria-label": "Lines shown"], chips.joined())
  }

  private var faults: String {
    guard let run = runs.first, !run.faults.isEmpty else { return "" }
    let names = run.runs.first?.endpoints.map(\.name) ?? []
    let rows = run.faults.map { fault in
      let endpoints =
        if fault.endpoints.isEmpty {
          "–"
        } else if fault.endpoints.count == names.count, names.count > 1 {
          "all \(names.count)"
        } else if fault.endpoints.count > 4 {
          "\(fault.endpoints.count) of \(names.count)"
        } else {
          Text.list(fault.endpoints.map { names.indices.contains($0) ? names[$0] : "\($0)" })
        }
      let cells = [
        fault.label, Text.duration(fault.from), fault.until.map { Text.duration($0) } ?? "the end", endpoints,
      ]
      return Markup.element("tr", cells.map { Markup.text("td", $0) }.joined())
    }
    let head = ["fault", "from", "until", "endpoints"].map { Markup.text("th", ["scope": "col"], $0) }
    return Markup.element(
      "div", ["class": "scroll"],
      Markup.element(
        "table", ["class": "words"],
        Markup.element("thead", Markup.element("tr", head.joined())) + Markup.element("tbody", rows.joined())))
  }

  private var expectations: String {
    if !hasVerdicts { return "" }
    let rows = runs.flatMap { run in
      run.verdicts.enumerated().map { index, verdict in
        let holds = verdict.holding == verdict.count
        let seeds = verdict.count == 1 ? "" : " \(verdict.holding)/\(verdict.count)"
        let state = Markup.element(
          "td", ["class": holds ? "good" : "bad"], (holds ? "✓ holds" : "✗ fails") + seeds)
        let seed = verdict.count == 1 ? "" : Markup.text("small", "seed \(verdict.seed)")
        let name = Markup.text("td", index == 0 ? run.name : "")
        return Markup.element(
          "tr", index == 0 ? ["class": "first"] : [:],
          name + Markup.text("td", verdict.expectation) + state
            + Markup.element("td", Markup.escape(verdict.measured) + seed))
      }
    }
    let head = [comparison.names.kind, "expectation", "", "measured"].map { Markup.text("th", ["scope": "col"], $0) }
    return Markup.element(
      "div", ["class": "scroll"],
      Markup.element(
        "table", ["class": "words verdicts", "id": "\(id)-expectations"],
        Markup.element("thead", Markup.element("tr", head.joined())) + Markup.element("tbody", rows.joined())))
  }

  private static let violationsMax = 20

  private var violations: String {
    let all = runs.flatMap { $0.runs.flatMap { run in run.violations.map { (run, $0) } } }
    if all.isEmpty { return "" }
    let items = all.prefix(Self.violationsMax).map { run, violation in
      let what = Markup.text("strong", violation.invariant) + " at " + Text.duration(violation.time, digits: 6) + ": "
      return Markup.element(
        "li", what + Markup.escape(violation.detail) + Markup.element("pre", Markup.text("code", replay(run))))
    }
    let more =
      all.count > Self.violationsMax
      ? Markup.text("p", "And \(Text.count(all.count - Self.violationsMax)) more.") : ""
    return Markup.element(
      "div", ["class": "violations"],
      Markup.text("h3", "What may never happen did") + Markup.element("ul", items.joined()) + more)
  }
}
