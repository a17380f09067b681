// SPDX-License-Identifier: Apache-2.0

/// A bound that the project promises to keep, and what was measured against it.
struct Bar: Codable, Sendable {
  let name: String
  let bound: Double
  let isUpperBound: Bool
  let unit: String
  let measured: Double
  let isPassed: Bool

  private init(_ name: String, atLeast bound: Double, _ measured: Double, unit: String) {
    self.name = name
    self.bound = bound
    self.unit = unit
    self.measured = measured
    isUpperBound = false
    isPassed = measured >= bound
  }

  private init(_ name: String, atMost bound: Double, _ measured: Double, unit: String) {
    self.name = name
    self.bound = bound
    self.unit = unit
    self.measured = measured
    isUpperBound = true
    isPassed = measured <= bound
  }

  /// Bars for what has been measured; the worst of several sizes or load balancers counts.
  static func all(_ summaries: [Summary], _ scale: ScaleResult?) -> [Bar] {
    var bars: [Bar] = []
    func worst(_ measure: Measure, _ value: (Summary) -> Double?) -> [Double] {
      summaries.filter { $0.measure == measure }.compactMap(value)
    }
    let isSwerve = { (summary: Summary) in summary.subject == BenchPath.swerve.rawValue }
    if let ratio = worst(.keepAlive, { isSwerve($0) ? $0.ratio(.requestsPerSecond) : nil }).min() {
      bars.append(Bar("keep-alive throughput, of direct", atLeast: 0.97, ratio, unit: ""))
    }
    if let ratio = worst(.newConnections, { isSwerve($0) ? $0.ratio(.connectionsPerSecond) : nil }).min() {
      bars.append(Bar("new connections per second, of direct", atLeast: 0.93, ratio, unit: ""))
    }
    if let time = worst(.decisions, { $0.size == 64 ? $0.median(.nanosecondsPerDecision) : nil }).max() {
      bars.append(Bar("whole connect hook, 64 endpoints", atMost: 200, time, unit: "ns"))
    }
    if let time = worst(.decisions, { $0.size == 64 ? $0.median(.nanosecondsPerSelection) : nil }).max() {
      bars.append(Bar("selection alone, 64 endpoints", atMost: 200, time, unit: "ns"))
    }
    if let ratio = worst(.decisions, { $0.size == 1024 ? $0.ratio(.nanosecondsPerSelection) : nil }).max() {
      bars.append(Bar("selection among 1024, of that among 64", atMost: 1.3, ratio, unit: ""))
    }
    if let ratio = worst(.decisions, { $0.size == 1024 ? $0.ratio(.nanosecondsPerDecision) : nil }).max() {
      bars.append(Bar("connect hook with 1024 endpoints, of that with 64", atMost: 1.3, ratio, unit: ""))
    }
    if let scale {
      bars.append(Bar("load of \(scale.services) services", atMost: 3, scale.loadSeconds, unit: "s"))
      bars.append(Bar("change of one endpoint, median", atMost: 10, scale.changeMedianMilliseconds, unit: "ms"))
      bars.append(Bar("agent's resident memory", atMost: 60, Double(scale.residentBytes) / 1e6, unit: "MB"))
    }
    return bars
  }
}
