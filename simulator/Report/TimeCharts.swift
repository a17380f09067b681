// SPDX-License-Identifier: Apache-2.0

/// How it went, by the time requests began: all seeds together, warm-up included.
struct TimeCharts {
  let runs: [PooledRun]

  private static let pointsMax = 160
  private static let tableRowsMax = 12

  func percentile(_ percent: Double) -> String {
    let name = Text.percentile(percent)
    let series = self.series { window in
      window.requests == 0 || window.latency.total == 0 ? nil : Double(window.latency.percentile(percent))
    }
    let values = series.flatMap { $0.points.compactMap { $0?.y } }
    guard let low = values.min(), let high = values.max() else { return "" }
    let isWide = high > low * 8
    let chart = LineChart(
      title: "\(name) over time",
      description: "\(name) of the latency over time, a line each; faults are shaded.",
      x: axis,
      y: LineChart.Axis(
        kind: isWide ? .logarithmic : .linear, domain: isWide ? low * 0.8...high * 1.2 : 0...high * 1.08,
        label: { Text.duration($0) }),
      series: series, bands: bands)
    let table = self.table { $0.requests == 0 ? "–" : Text.duration($0.latency.percentile(percent)) }
    return Figure(title: "\(name) over time", note: isWide ? "Logarithmic." : "", chart: chart.svg(), table: table)
      .html()
  }

  func errorRate() -> String {
    let series = self.series { $0.requests == 0 ? nil : Double($0.failures) / Double($0.requests) }
    let values = series.flatMap { $0.points.compactMap { $0?.y } }
    guard let high = values.max() else { return "" }
    if high == 0 {
      return Figure(title: "Errors over time", chart: Markup.text("p", ["class": "nothing good"], "No request failed."))
        .html()
    }
    let chart = LineChart(
      title: "Error rate over time",
      description: "Share of failed requests over time, a line each; faults are shaded.", x: axis,
      y: LineChart.Axis(domain: 0...min(1, high * 1.1), label: { Text.percent($0) }), series: series, bands: bands)
    let table = self.table { $0.requests == 0 ? "–" : Text.percent(Double($0.failures) / Double($0.requests)) }
    return Figure(
      title: "Errors over time", note: "Share of the requests that failed, by when they began.", chart: chart.svg(),
      table: table
    ).html()
  }

  private var seconds: Double { runs.map(\.seconds).max() ?? 1 }

  private var axis: LineChart.Axis {
    LineChart.Axis(domain: 0...max(seconds, 1e-9), label: { Text.duration($0 * 1e9) })
  }

  private var bands: [Band] {
    (runs.first?.faults ?? []).map { fault in
      Band(label: fault.label, from: Double(fault.from) / 1e9, until: fault.until.map { Double($0) / 1e9 })
    }
  }

  private func series(_ value: (Window) -> Double?) -> [LineChart.Series] {
    runs.map { run in
      let (windows, seconds) = run.windows(max: Self.pointsMax)
      let points = windows.enumerated().map { index, window in
        value(window).map { (x: min((Double(index) + 0.5) * seconds, run.seconds), y: $0) }
      }
      return LineChart.Series(name: run.name, style: run.style, points: points)
    }
  }

  private func table(_ text: (Window) -> String) -> [[String]] {
    let columns = runs.map { $0.windows(max: Self.tableRowsMax) }
    let count = columns.map(\.windows.count).max() ?? 0
    let rows = (0..<count).map { row in
      [columns.first.map { "from " + Text.duration(Double(row) * $0.seconds * 1e9) } ?? ""]
        + columns.map { row < $0.windows.count ? text($0.windows[row]) : "–" }
    }
    return [["time"] + runs.map(\.name)] + rows
  }
}
