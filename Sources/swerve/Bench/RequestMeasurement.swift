// SPDX-License-Identifier: Apache-2.0

import Dataplane
import Testbed

/// Requests over every path, interleaved as in ``TrafficMeasurement``, and what the kernel's programs take for one.
struct RequestMeasurement {
  let plan: BenchPlan
  let place: Measure

  func run(on stage: RequestStage) throws -> [Sample] {
    let paths = plan.paths.filter { stage.routes[$0] != nil }
    let loads = Workload.all(place, isQuick: plan.isQuick)
    let onlyOnce = paths.contains(.breakers) ? loads.count - 1 : 0
    var progress = Progress(steps: plan.runs * (paths.count * loads.count - onlyOnce))
    var samples: [Sample] = []
    for round in 0..<plan.runs {
      for load in loads {
        for path in BenchPlan.rotated(paths, round: round) where path != .breakers || load == .small {
          guard let route = stage.routes[path] else { continue }
          progress.step(
            "round \(round + 1), \(place.rawValue), \(load.bytes) B, \(load.connections) connections, \(path.rawValue)")
          samples.append(try sample(path, route, load, round: round, stage))
        }
      }
    }
    progress.finish()
    return samples
  }

  private func sample(
    _ path: BenchPath, _ route: RequestStage.Route, _ load: Workload, round: Int, _ stage: RequestStage
  ) throws -> Sample {
    let wrk = Wrk(connections: load.connections, duration: .seconds(plan.requestSeconds))
    let before = try stage.requests()
    let result = try wrk.run(
      route.address, path: load.path, in: route.cgroup, network: stage.network, processor: Processor.forClients)
    guard result.requests > 0 else {
      throw TestbedError("measure \(path.rawValue)", reason: "no request succeeded")
    }
    var values: [Metric: Double] = [
      .requestsPerSecond: result.requestsPerSecond, .p50Microseconds: result.p50Microseconds,
      .p99Microseconds: result.p99Microseconds, .errors: Double(result.statusErrors + result.socketErrors),
    ]
    if path == .swerve || path == .breakers {
      let steered = RequestStage.steered(try stage.requests()) - RequestStage.steered(before)
      let share = min(1, Double(steered) / Double(result.requests))
      values[.steeredShare] = share
      // A figure of the relay must not be sold as one of the kernel.
      guard share >= 0.99 || place != .sameNode else {
        throw TestbedError("measure request mode", reason: "\(steered) of \(result.requests) requests were steered")
      }
      if path == .swerve, load == .small {
        values[.nanosecondsPerRequest] = try nanosecondsPerRequest(route, stage)
      }
    }
    return Sample(place, path.rawValue, size: load.connections, bytes: load.bytes, round: round, values)
  }

  /// Programs that run for a request, its response, and their two readers.
  private static let programs = ["swerve_request", "swerve_response", "swerve_remote_response", "swerve_received"]

  /// In a run of its own: the kernel's statistics make every program slower.
  private func nanosecondsPerRequest(_ route: RequestStage.Route, _ stage: RequestStage) throws -> Double {
    let ids = try Dataplane.programIDs(PinLayout(path: stage.mesh.agent.pinPath))
      .filter { Self.programs.contains($0.key) }
    let statistics = try BPFStatistics()
    let before = try statistics.counters(of: ids)
    let result = try Wrk(connections: 32, duration: .seconds(1)).run(
      route.address, in: route.cgroup, network: stage.network, processor: Processor.forClients)
    let used = try statistics.counters(of: ids).merging(before) { $0.since($1) }
    return Double(used.values.reduce(0) { $0 + $1.nanoseconds }) / Double(max(1, result.requests))
  }
}
