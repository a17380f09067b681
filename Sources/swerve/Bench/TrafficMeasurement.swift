// SPDX-License-Identifier: Apache-2.0

import Testbed

/// Keep-alive requests and new connections over every path, interleaved: within a round all paths follow one another, so
/// that a slow minute of the machine meets all of them.
struct TrafficMeasurement {
  let plan: BenchPlan
  let measures: [Measure]

  func run(on stage: Stage) throws -> [Sample] {
    let paths = plan.paths.filter { stage.routes[$0] != nil }
    let sizes = measures.contains(.keepAlive) ? plan.connections : []
    let rates = measures.contains(.newConnections) ? 1 : 0
    var progress = Progress(steps: plan.runs * paths.count * (sizes.count + rates))
    var samples: [Sample] = []
    for round in 0..<plan.runs {
      for size in sizes {
        for path in BenchPlan.rotated(paths, round: round) {
          guard let route = stage.routes[path] else { continue }
          progress.step("round \(round + 1), keep-alive, \(size) connections, \(path.rawValue)")
          samples.append(try keepAlive(path, route, size: size, round: round))
        }
      }
      for path in rates > 0 ? BenchPlan.rotated(paths, round: round) : [] {
        guard let route = stage.routes[path] else { continue }
        progress.step("round \(round + 1), new connections, \(path.rawValue)")
        samples.append(try newConnections(path, route, round: round))
      }
    }
    progress.finish()
    return samples
  }

  private func keepAlive(_ path: BenchPath, _ route: Stage.Route, size: Int, round: Int) throws -> Sample {
    let wrk = Wrk(connections: size, duration: .seconds(plan.seconds))
    let result = try wrk.run(route.addresses[0], in: route.cgroup)
    guard result.requests > 0 else {
      throw TestbedError("measure \(path.rawValue)", reason: "no request succeeded")
    }
    return Sample(
      .keepAlive, path.rawValue, size: size, round: round,
      [
        .requestsPerSecond: result.requestsPerSecond, .p50Microseconds: result.p50Microseconds,
        .p99Microseconds: result.p99Microseconds, .errors: Double(result.statusErrors + result.socketErrors),
      ])
  }

  /// Connections at a time; enough to keep one server thread busy.
  private static let concurrency = 8

  private func newConnections(_ path: BenchPath, _ route: Stage.Route, round: Int) throws -> Sample {
    let rate = ConnectionRate(
      targets: route.addresses, concurrency: Self.concurrency, duration: .seconds(plan.seconds))
    let result = try route.cgroup.withCurrentProcess { try rate.measure() }
    try Interruption.check()
    guard result.completed > 0 else {
      throw TestbedError(
        "measure \(path.rawValue)", reason: "no connection succeeded: \(result.firstFailure ?? "no reason")")
    }
    return Sample(
      .newConnections, path.rawValue, size: Self.concurrency, round: round,
      [.connectionsPerSecond: result.connectionsPerSecond, .errors: Double(result.failed)])
  }
}
