// SPDX-License-Identifier: Apache-2.0

/// Latencies of the counted requests of all seeds: percentiles side by side, the cumulative distribution, and its tail.
struct LatencyCharts {
  let runs: [PooledRun]
  let names: VariantNames

  private static let percents = [50.0, 90, 99, 99.9]

  func percentiles() -> String {
    if !hasRequests { return Self.none("Percentiles") }
    let rows = runs.filter { $0.latency.total > 0 }.map { run in
      RangeChart.Row(
        name: run.name, style: run.style, values: Self.percents.map { Double(run.latency.percentile($0)) })
    }
    let chart = RangeChart(
      title: "Percentiles of the latency by \(names.kind)",
      description: rows.map { "\($0.name): p99 \(Text.duration($0.values[2]))" }.joined(separator: "; "), rows: rows,
      labelled: 2, label: { Text.duration($0) })
    return Figure(
      title: "Percentiles", note: "p50, p90, p99 (large, written out) and p99.9 of each.", chart: chart.svg()
    ).html()
  }

  func distribution() -> String {
    if !hasRequests { return "" }
    let chart = LineChart(
      title: "Distribution of the latency",
      description:
        "Share of the requests that took no longer, over latency on a logarithmic axis, a line each.",
      x: axis, y: LineChart.Axis(domain: 0...1, label: { Text.percent($0) }),
      series: runs.map { run in
        LineChart.Series(
          name: run.name, style: run.style,
          points: Self.points(of: run, from: domain.lowerBound)
            + (run.latency.total > 0 ? [(domain.upperBound, 1)] : []))
      })
    let percents = [10.0, 25, 50, 75, 90, 95, 99, 99.9, 99.99]
    let table =
      [[names.kind] + percents.map(Text.percentile)]
      + runs.map { run in [run.name] + percents.map { Text.duration(run.latency.percentile($0)) } }
    return Figure(
      title: "Latency", note: "Share of the requests that took no longer: further left is better.", chart: chart.svg(),
      table: table
    ).html()
  }

  /// The same, with every further nine of the share as high as the first.
  func tail() -> String {
    let most = runs.map(\.latency.total).max() ?? 0
    if most < 100 { return "" }
    let nines = min(5, Logarithm.ten(of: Double(most)).rounded(.down))
    let height: (Double) -> Double = { -Logarithm.ten(of: max(1 - $0, 1e-9)) }
    let chart = LineChart(
      title: "Tail of the latency",
      description: "Latency at the percentiles from 0 to the highest that there are requests for, a line each.",
      x: axis,
      y: LineChart.Axis(
        domain: 0...nines, ticks: [height(0.5)] + (1...Int(nines)).map(Double.init),
        label: { $0 < 1 ? "p50" : Text.percentile(Self.percentile(nines: Int($0.rounded()))) }),
      series: runs.map { run in
        LineChart.Series(
          name: run.name, style: run.style,
          points: Self.tail(of: run, from: domain.lowerBound).map { point in
            point.map { (x: $0.x, y: height($0.y)) }
          })
      })
    return Figure(
      title: "Tail", note: "The same, every further nine as high as the first.", chart: chart.svg()
    ).html()
  }

  private var hasRequests: Bool { runs.contains { $0.latency.total > 0 } }

  private var axis: LineChart.Axis {
    LineChart.Axis(kind: .logarithmic, domain: domain, label: { Text.duration($0) })
  }

  private var domain: ClosedRange<Double> {
    let present = runs.map(\.latency).filter { $0.total > 0 }
    let low = present.map { Double($0.percentile(0.5)) }.min() ?? 1
    let high = present.map { Double($0.percentile(99.99)) }.max() ?? 10
    return max(1, low * 0.8)...max(high * 1.15, low * 2)
  }

  /// From the lower end of the axis on; nanoseconds and shares. Where no request lies for more than a bucket the line
  /// is flat, then it jumps: timeouts are no slope.
  static func points(of run: PooledRun, from lower: Double) -> [(x: Double, y: Double)?] {
    let all = run.latency.cumulative.map { (x: Double($0.nanoseconds), y: $0.share) }
    guard !all.isEmpty else { return [] }
    var last = (x: lower, y: all.last { $0.x <= lower }?.y ?? 0)
    var points: [(x: Double, y: Double)?] = [last]
    for point in all where point.x > lower {
      if point.x > last.x * 1.02 { points.append((point.x * 0.992, last.y)) }
      points.append(point)
      last = point
    }
    return points
  }

  /// The same without the slowest five requests, which are too few to draw a line by.
  static func tail(of run: PooledRun, from lower: Double) -> [(x: Double, y: Double)?] {
    let highest = 1 - 5 / Double(max(5, run.latency.total))
    let all = points(of: run, from: lower).compactMap { $0 }
    let end = all.firstIndex { $0.y >= highest } ?? all.count
    return all[..<end] + all[end...].prefix(1).map { ($0.x, highest) }
  }

  static func percentile(nines: Int) -> Double {
    100 - 100 / (0..<nines).reduce(1.0) { power, _ in power * 10 }
  }

  static func none(_ title: String) -> String {
    Figure(title: title, chart: Markup.text("p", ["class": "nothing"], "No request was counted.")).html()
  }
}
