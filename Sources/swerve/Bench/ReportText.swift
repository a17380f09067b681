// SPDX-License-Identifier: Apache-2.0

/// The report as tables for a terminal or a document.
extension Report {
  var text: String {
    var parts = [
      "\(machine.cpu), \(machine.cores) cores, Linux \(machine.kernel), \(machine.build) build, "
        + "medians of \(plan.runs) interleaved runs of \(plan.seconds) s (request mode \(plan.requestSeconds) s)"
    ]
    for measure in [Measure.keepAlive, .newConnections] {
      let rows = summaries.filter { $0.measure == measure }
      for size in Set(rows.map(\.size)).sorted() { parts.append(traffic(measure, rows.filter { $0.size == size })) }
    }
    for place in Measure.requests { parts += tables(ofRequests: place) }
    let decisions = summaries.filter { $0.measure == .decisions }
    if !decisions.isEmpty { parts.append(table(ofDecisions: decisions)) }
    let simulated = summaries.filter { $0.measure == .simulator }
    if !simulated.isEmpty { parts.append(table(ofSimulations: simulated)) }
    if let scale { parts.append(table(of: scale)) }
    if !bars.isEmpty { parts.append(tableOfBars) }
    if !skipped.isEmpty {
      parts.append("\(skipped.count) skipped\n" + skipped.map { "- \($0.what): \($0.reason)" }.joined(separator: "\n"))
    }
    if machine.build != "release" { parts.append("A debug build: do not compare these figures with published ones.") }
    return parts.joined(separator: "\n\n") + "\n"
  }

  private func traffic(_ measure: Measure, _ rows: [Summary]) -> String {
    let metric = measure == .keepAlive ? Metric.requestsPerSecond : .connectionsPerSecond
    let unit = measure == .keepAlive ? "requests/s" : "new connections/s"
    var table = TextTable(header: [
      "\(rows.first?.size ?? 0) connections", unit, "of direct", "p50 us", "p99 us", "errors",
    ])
    for path in BenchPath.allCases {
      guard let row = rows.first(where: { $0.subject == path.rawValue }) else { continue }
      table.add([
        path.rawValue, Format.number(row.median(metric)), Format.number(row.ratio(metric), digits: 3),
        Format.number(row.median(.p50Microseconds)), Format.number(row.median(.p99Microseconds)),
        Format.number(row.median(.errors)),
      ])
    }
    return table.markdown
  }

  private func tables(ofRequests place: Measure) -> [String] {
    let rows = summaries.filter { $0.measure == place }
    return Workload.all(place, isQuick: false).compactMap { load in
      let mine = rows.filter { $0.size == load.connections && $0.bytes == load.bytes }
      guard !mine.isEmpty else { return nil }
      var table = TextTable(header: [
        "\(place.rawValue), \(load.bytes) B, \(load.connections) connections", "requests/s", "of direct", "p50 us",
        "of direct", "p99 us", "errors", "steered",
      ])
      for row in mine.sorted(by: { Self.order($0) < Self.order($1) }) {
        table.add([
          row.subject, Format.number(row.median(.requestsPerSecond)),
          Format.number(row.ratio(.requestsPerSecond), digits: 2), Format.number(row.median(.p50Microseconds)),
          Format.number(row.ratio(.p50Microseconds), digits: 2), Format.number(row.median(.p99Microseconds)),
          Format.number(row.median(.errors)),
          row.median(.steeredShare).map { "\(Format.number($0 * 100, digits: 2)) %" } ?? "",
        ])
      }
      return table.markdown
    }
  }

  private static func order(_ row: Summary) -> Int {
    BenchPath.allCases.firstIndex { $0.rawValue == row.subject } ?? 0
  }

  private func table(ofDecisions rows: [Summary]) -> String {
    let sizes = plan.endpointCounts
    var table = TextTable(
      header: ["ns"] + sizes.map { "selection, \($0) endpoints" } + sizes.map { "connect hook, \($0)" }
        + ["all programs, per connection"])
    for subject in Set(rows.map(\.subject)).sorted() where subject != DecisionMeasurement.passer {
      let mine = sizes.compactMap { size in rows.first { $0.subject == subject && $0.size == size } }
      table.add(
        [subject] + mine.map { Format.number($0.median(.nanosecondsPerSelection)) }
          + mine.map { Format.number($0.median(.nanosecondsPerDecision)) }
          + [Format.number(mine.first?.median(.nanosecondsPerConnection))])
    }
    if let passer = rows.first(where: { $0.subject == DecisionMeasurement.passer }) {
      table.add(
        [passer.subject] + sizes.map { _ in "" } + [Format.number(passer.median(.nanosecondsPerDecision))]
          + sizes.dropFirst().map { _ in "" } + [Format.number(passer.median(.nanosecondsPerConnection))])
    }
    return table.markdown
  }

  private func table(ofSimulations rows: [Summary]) -> String {
    var table = TextTable(header: ["simulator, one core", "requests", "million requests/s", "of the shorter run"])
    for row in rows {
      table.add([
        row.subject, "\(row.size)", Format.number(row.median(.requestsPerSecond).map { $0 / 1e6 }, digits: 2),
        Format.number(row.ratio(.requestsPerSecond), digits: 2),
      ])
    }
    return table.markdown
  }

  private func table(of scale: ScaleResult) -> String {
    var table = TextTable(header: ["\(scale.services) services, \(scale.endpoints) endpoints", "measured"])
    let rows = [
      ["until the kernel holds all and steers, s", Format.number(scale.loadSeconds, digits: 2)],
      ["until the status lists all, s", Format.number(scale.statusSeconds, digits: 2)],
      ["agent's resident memory, MB", Format.number(Double(scale.residentBytes) / 1e6, digits: 1)],
      ["the same after the changes, MB", Format.number(Double(scale.residentBytesAfterChanges) / 1e6, digits: 1)],
      ["change of one endpoint, median ms", Format.number(scale.changeMedianMilliseconds, digits: 2)],
      ["change of one endpoint, max ms", Format.number(scale.changeMaxMilliseconds, digits: 2)],
    ]
    for row in rows { table.add(row) }
    return table.markdown
  }

  private var tableOfBars: String {
    var table = TextTable(header: ["bar", "bound", "measured", ""])
    for bar in bars {
      let unit = bar.unit.isEmpty ? "" : " \(bar.unit)"
      table.add([
        bar.name, (bar.isUpperBound ? "<= " : ">= ") + Format.number(bar.bound, digits: 2) + unit,
        Format.number(bar.measured, digits: 2) + unit, bar.isPassed ? "passed" : "missed",
      ])
    }
    return table.markdown
  }
}
