// SPDX-License-Identifier: Apache-2.0

import Simulator

/// What clients saw in one world, over all its runs.
struct VerifyFigures: Encodable {
  /// Milliseconds.
  var p50, p90, p99: Double
  var errorRate: Double
  /// Counted requests.
  var requests: Int
  /// Of the requests that were sent to endpoints, in the scenario's order.
  var shares: [Share]
  var outcomes: Outcomes

  struct Share: Encodable, Equatable {
    var endpoint: String
    var share: Double
  }

  init(_ runs: [RunResult]) {
    var latency = LatencyHistogram()
    outcomes = Outcomes()
    var sent: [(name: String, count: Int)] = []
    for run in runs {
      latency.add(run.latency)
      outcomes.add(run.outcomes)
      for (index, endpoint) in run.endpoints.enumerated() {
        if index == sent.count { sent.append((endpoint.name, 0)) }
        sent[index].count += endpoint.sent
      }
    }
    p50 = Double(latency.percentile(50)) / 1e6
    p90 = Double(latency.percentile(90)) / 1e6
    p99 = Double(latency.percentile(99)) / 1e6
    errorRate = outcomes.errorRate
    requests = outcomes.total
    let total = sent.reduce(0) { $0 + $1.count }
    shares = sent.map { Share(endpoint: $0.name, share: total == 0 ? 0 : Double($0.count) / Double(total)) }
  }
}

/// Both worlds side by side, with the verdict.
struct VerifyComparison: Encodable {
  struct Row: Encodable {
    enum Unit: String, Encodable { case milliseconds, share }

    var measure: String
    var unit: Unit
    var simulated: Double
    var real: Double
    /// Real minus simulated.
    var difference: Double
    /// Share of the simulated value; nil when that is 0.
    var relative: Double?
    /// How far apart they may be: relative for latencies, absolute for shares; nil: it is shown only.
    var bar: Double?
    var holds: Bool?

    fileprivate init(_ measure: String, _ unit: Unit, _ simulated: Double, _ real: Double, bar: Double?) {
      self.measure = measure
      self.unit = unit
      self.simulated = simulated
      self.real = real
      self.bar = bar
      difference = real - simulated
      relative = simulated == 0 ? nil : difference / simulated
      holds = bar.map { bar in
        switch unit {
        case .milliseconds: relative.map { abs($0) <= bar } ?? false
        case .share: abs(difference) <= bar
        }
      }
    }
  }

  static let p50Bar = 0.15
  static let p99Bar = 0.25
  static let shareBar = 0.05
  static let errorRateBar = 0.02

  let rows: [Row]
  /// No bar is missed, and both worlds had requests.
  let holds: Bool

  init(simulated: VerifyFigures, real: VerifyFigures) {
    var rows = [
      Row("p50", .milliseconds, simulated.p50, real.p50, bar: Self.p50Bar),
      Row("p90", .milliseconds, simulated.p90, real.p90, bar: nil),
      Row("p99", .milliseconds, simulated.p99, real.p99, bar: Self.p99Bar),
      Row("error rate", .share, simulated.errorRate, real.errorRate, bar: Self.errorRateBar),
    ]
    for (simulated, real) in zip(simulated.shares, real.shares) {
      rows.append(Row("share of \(simulated.endpoint)", .share, simulated.share, real.share, bar: Self.shareBar))
    }
    self.rows = rows
    holds =
      simulated.requests > 0 && real.requests > 0 && simulated.shares.count == real.shares.count
      && rows.allSatisfy { $0.holds ?? true }
  }
}
