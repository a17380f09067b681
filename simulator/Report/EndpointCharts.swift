// SPDX-License-Identifier: Apache-2.0

/// Heat maps of what the endpoints got and who had ejected them: a small one for each variant, all on the same scale.
struct EndpointCharts {
  let runs: [PooledRun]

  private static let columnsMax = 72
  private static let rowsMax = 128
  private static let tableRowsMax = 40

  func load() -> String {
    let all = runs.map { (run: $0, endpoints: $0.endpoints(columnsMax: Self.columnsMax)) }
    let rates = all.flatMap { $0.endpoints.flatMap(\.rates) }.sorted()
    // One outlier must not make all others pale.
    let full = rates.isEmpty ? 0 : rates[min(rates.count - 1, rates.count * 995 / 1_000)]
    if full <= 0 { return Markup.text("p", ["class": "nothing"], "No endpoint got a request.") }
    let figures = all.map { run, endpoints in
      let rows = Self.binned(endpoints).map { endpoint in
        HeatMap.Row(name: endpoint.name, group: endpoint.group, values: endpoint.rates.map { $0 / full })
      }
      let chart = HeatMap(
        title: "Requests per endpoint over time with \(run.name)",
        description: "A row for each endpoint, darker where it gets more requests; faults are framed.", style: "load",
        rows: rows, duration: run.seconds, frames: frames(run, endpoints.count, rows.count))
      return Figure(title: run.name, chart: chart.svg(), table: Self.table(run)).html()
    }
    let scale = Self.scale("load", "0", "\(Text.significant(full)) requests/s and more")
    return scale + Markup.element("div", ["class": "heats"], figures.joined())
  }

  func ejections() -> String {
    let all = runs.map { (run: $0, endpoints: $0.endpoints(columnsMax: Self.columnsMax)) }
      .filter { $0.endpoints.contains { !$0.ejected.isEmpty } }
    if all.isEmpty { return "" }
    // Of many endpoints only those that were ejected by somebody, the same for all variants.
    let count = all.map(\.endpoints.count).max() ?? 0
    let ejected = (0..<count).filter { index in
      all.contains { $0.endpoints.indices.contains(index) && $0.endpoints[index].ejected.contains { $0 > 0 } }
    }
    if ejected.isEmpty { return Markup.text("p", ["class": "nothing good"], "Nothing was ejected.") }
    let shown = count <= 16 ? Array(0..<count) : ejected
    let figures = all.map { run, endpoints in
      let rows = Self.binned(shown.compactMap { endpoints.indices.contains($0) ? endpoints[$0] : nil }).map {
        endpoint in
        HeatMap.Row(name: endpoint.name, group: endpoint.group, values: endpoint.ejected)
      }
      let faults = rows.count == shown.count ? frames(run, shown: shown) : []
      let chart = HeatMap(
        title: "Breakers over time with \(run.name)",
        description: "A row for each endpoint, darker where more nodes have it ejected; faults are framed.",
        style: "ejected", rows: rows, duration: run.seconds, frames: faults)
      return Figure(title: run.name, chart: chart.svg(), table: Self.transitions(run), tableName: "events of one node")
        .html()
    }
    let note = shown.count < count ? "Endpoints that were never ejected are left out. " : ""
    let never = runs.filter { run in !all.contains { $0.run.style == run.style } }.map(\.name)
    let others = never.isEmpty ? "" : "No breakers: \(Text.list(never))."
    let words = note + others
    return Self.scale("ejected", "0", "100 % of the nodes have it ejected")
      + (words.isEmpty ? "" : Markup.text("p", ["class": "summary"], words))
      + Markup.element("div", ["class": "heats"], figures.joined())
  }

  private func frames(_ run: PooledRun, _ endpoints: Int, _ rows: Int) -> [HeatMap.Frame] {
    let step = max(1, Coarsening.step(of: endpoints, max: Self.rowsMax))
    return run.faults.filter { !$0.endpoints.isEmpty }.map { fault in
      HeatMap.Frame(
        label: fault.label, rows: fault.endpoints.map { min(rows - 1, $0 / step) }, from: Double(fault.from) / 1e9,
        until: fault.until.map { Double($0) / 1e9 })
    }
  }

  private func frames(_ run: PooledRun, shown: [Int]) -> [HeatMap.Frame] {
    run.faults.map { fault in
      HeatMap.Frame(
        label: fault.label, rows: fault.endpoints.compactMap { shown.firstIndex(of: $0) },
        from: Double(fault.from) / 1e9, until: fault.until.map { Double($0) / 1e9 })
    }
  }

  /// Neighbours together where there are more than fit: their means.
  static func binned(_ endpoints: [PooledRun.Endpoint]) -> [PooledRun.Endpoint] {
    let step = Coarsening.step(of: endpoints.count, max: rowsMax)
    if step == 1 { return endpoints }
    return Coarsening.groups(endpoints, by: step).compactMap { group in
      guard var mean = group.first else { return nil }
      func means(_ rows: [[Double]]) -> [Double] {
        let length = rows.map(\.count).min() ?? 0
        return (0..<length).map { column in rows.reduce(0) { $0 + $1[column] } / Double(rows.count) }
      }
      mean.rates = means(group.map(\.rates))
      mean.ejected = means(group.map(\.ejected))
      return mean
    }
  }

  private static func table(_ run: PooledRun) -> [[String]] {
    guard let first = run.runs.first else { return [] }
    let rows = first.endpoints.prefix(tableRowsMax).enumerated().map { index, endpoint in
      let all = run.runs.compactMap { $0.endpoints.indices.contains(index) ? $0.endpoints[index] : nil }
      let (sent, failed) = all.reduce((0, 0)) { ($0.0 + $1.sent, $0.1 + $1.failed) }
      let utilization = all.reduce(0) { $0 + $1.utilization } / Double(max(1, all.count))
      return [
        endpoint.name, Text.count(sent / max(1, all.count)),
        sent == 0 ? "–" : Text.percent(Double(failed) / Double(sent)),
        Text.percent(utilization),
      ]
    }
    let rest = first.endpoints.count - rows.count
    return [["endpoint", "requests", "failed", "busy"]] + rows
      + (rest > 0 ? [["and \(Text.count(rest)) more", "", "", ""]] : [])
  }

  /// Of the first seed, as `swerve events` would show them.
  private static func transitions(_ run: PooledRun) -> [[String]] {
    guard let first = run.runs.first, !first.transitions.isEmpty else { return [] }
    let shown = first.transitions.prefix(tableRowsMax).map { transition in
      let name = transition.endpoint.map { first.endpoints.indices.contains($0) ? first.endpoints[$0].name : "\($0)" }
      return [
        Text.duration(transition.time, digits: 6), name ?? "the service", transition.kind, transition.cause,
      ]
    }
    let rest = first.transitions.count - shown.count
    return [["time", "endpoint", "event", "cause"]] + shown
      + (rest > 0 ? [["and \(Text.count(rest)) more", "", "", ""]] : [])
  }

  private static func scale(_ style: String, _ low: String, _ high: String) -> String {
    let steps = (1...HeatMap.levels).map { level in
      Markup.element(
        "rect", ["class": "h\(level)", "x": "\((level - 1) * 14)", "y": "0", "width": "14", "height": "12"])
    }
    let bar = Markup.element(
      "svg", ["class": "ramp heat \(style)", "viewBox": "0 0 \(14 * HeatMap.levels) 12", "aria-hidden": "true"],
      steps.joined())
    return Markup.element("p", ["class": "scale"], Markup.text("span", low) + bar + Markup.text("span", high))
  }
}
