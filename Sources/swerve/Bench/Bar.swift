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
    bars += requestBars(summaries)
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
    bars += simulatorBars(summaries.filter { $0.measure == .simulator })
    if let scale {
      bars.append(Bar("load of \(scale.services) services", atMost: 3, scale.loadSeconds, unit: "s"))
      bars.append(Bar("change of one endpoint, median", atMost: 10, scale.changeMedianMilliseconds, unit: "ms"))
      bars.append(Bar("agent's resident memory", atMost: 60, Double(scale.residentBytes) / 1e6, unit: "MB"))
    }
    return bars
  }

  private static func simulatorBars(_ rows: [Summary]) -> [Bar] {
    let speeds = rows.compactMap { $0.median(.requestsPerSecond) }
    guard let slowest = speeds.min() else { return [] }
    var bars = [Bar("simulated requests per second and core", atLeast: 1, slowest / 1e6, unit: "million")]
    if let ratio = rows.compactMap({ $0.ratio(.requestsPerSecond) }).min() {
      bars.append(Bar("simulator's speed over four times the requests", atLeast: 0.9, ratio, unit: ""))
    }
    return bars
  }

  /// Request mode: against no mesh, and against Envoy.
  private static func requestBars(_ summaries: [Summary]) -> [Bar] {
    var bars: [Bar] = []
    func find(_ place: Measure, _ path: BenchPath, _ size: Int, _ bytes: Int = Sample.smallestBytes) -> Summary? {
      summaries.first { $0.measure == place && $0.subject == path.rawValue && $0.size == size && $0.bytes == bytes }
    }
    func throughput(
      _ name: String, _ place: Measure, atLeast bound: Double, of other: BenchPath = .direct, _ size: Int = 32,
      _ bytes: Int = Sample.smallestBytes
    ) {
      guard let ours = find(place, .swerve, size, bytes)?.ratio(.requestsPerSecond) else { return }
      guard other != .direct else { return bars.append(Bar(name, atLeast: bound, ours, unit: "")) }
      guard let theirs = find(place, other, size, bytes)?.ratio(.requestsPerSecond), theirs > 0 else { return }
      bars.append(Bar(name, atLeast: bound, ours / theirs, unit: ""))
    }
    func latency(_ name: String, _ place: Measure, atMost bound: Double) {
      guard let ratio = find(place, .swerve, 1)?.ratio(.p50Microseconds) else { return }
      bars.append(Bar(name, atMost: bound, ratio, unit: ""))
    }
    throughput("same node, 32 connections, of direct", .sameNode, atLeast: 1.5)
    throughput("same node, 32 connections, of Envoy", .sameNode, atLeast: 7, of: .envoy)
    latency("same node, p50 at one connection, of direct", .sameNode, atMost: 0.95)
    throughput("same node, 1 MiB, of direct", .sameNode, atLeast: 2.5, 8, 1 << 20)
    if let guarded = find(.sameNode, .breakers, 32)?.ratio(.requestsPerSecond),
      let plain = find(.sameNode, .swerve, 32)?.ratio(.requestsPerSecond), plain > 0
    {
      bars.append(Bar("same node, every breaker, of none", atLeast: 0.97, guarded / plain, unit: ""))
    }
    throughput("two namespaces, 32 connections, of direct", .namespaces, atLeast: 1.8)
    throughput("across nodes, 32 connections, of direct", .nodes, atLeast: 0.5)
    throughput("across nodes, 32 connections, of Envoy", .nodes, atLeast: 2, of: .envoy)
    latency("across nodes, p50 at one connection, of direct", .nodes, atMost: 1.35)
    if let time = find(.sameNode, .swerve, 32)?.median(.nanosecondsPerRequest) {
      bars.append(Bar("BPF time of a request, both directions", atMost: 450, time, unit: "ns"))
    }
    return bars
  }
}
