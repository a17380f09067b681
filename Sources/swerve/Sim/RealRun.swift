// SPDX-License-Identifier: Apache-2.0

import Agent
import Dataplane
import Policy
import Simulator
import Testbed

/// A scenario on this machine: an agent and a relay of our own, endpoints that serve and clients that send as it says,
/// steered by the kernel.
struct RealRun {
  let plan: RealRunPlan
  let seed: UInt64

  /// What came of it, in the simulation's terms, and how well it was staged.
  struct Outcome {
    var result: RunResult
    var staging: Staging
  }

  /// How far the real run was from what the scenario asks for: what its differences can be due to.
  struct Staging: Encodable {
    /// How late requests were sent and answered, milliseconds at the 99th percentile.
    var clientLatenessP99: Double
    var endpointLatenessP99: Double
    /// Of the requests, how many the kernel passed from socket to socket; the others went through the relay.
    var steeredShare: Double
    var connections: Int

    /// Whether the machine kept up: else the figures are about it, not about the scenario.
    /// - Parameter p99: of the simulation, milliseconds.
    func isSound(p99: Double) -> Bool { clientLatenessP99 + endpointLatenessP99 <= Self.latenessBar * p99 }

    private static let latenessBar = 0.1
  }

  /// Plays it, and takes everything down whatever happens.
  /// - Parameter progress: called now and then with the seconds since the scenario began.
  func run(progress: (Double) -> Void) throws -> Outcome {
    let mesh = try Mesh(named: "verify", services: plan.services, files: plan.files)
    let result = Result { () throws -> Outcome in
      try mesh.agent.waitUntilReady(services: 1)
      try waitForService(mesh)
      if plan.scenario.clients.mode == .request { try RequestScene.waitForRelay(PinLayout(path: mesh.agent.pinPath)) }
      return try mesh.cgroup.withCurrentProcess { try run(in: mesh, progress) }
    }
    try cleaningUp(after: result) { try mesh.close() }
    return try result.get()
  }

  private func run(in mesh: Mesh, _ progress: (Double) -> Void) throws -> Outcome {
    let endpoints = try ScriptedEndpoints(plan.scenario, on: plan.addresses, seed: seed)
    let result = Result { () throws -> Outcome in
      let client = try OpenLoopClient(OpenLoopPlan(plan.scenario, target: plan.target, seed: seed &+ 1))
      let result = Result { try run(client, endpoints, mesh, progress) }
      try cleaningUp(after: result) { try client.stop() }
      return try result.get()
    }
    try cleaningUp(after: result) { try endpoints.stop() }
    return try result.get()
  }

  private func run(
    _ client: OpenLoopClient, _ endpoints: ScriptedEndpoints, _ mesh: Mesh, _ progress: (Double) -> Void
  ) throws -> Outcome {
    try warmUp()
    let before = try requests(mesh)
    let scenario = plan.scenario
    let start = MonotonicClock.nanoseconds + 100_000_000
    try endpoints.begin(at: start, countedFrom: start + scenario.warmup)
    let seen = try client.run(from: start, progress: progress)
    let served = try endpoints.results(until: start + scenario.duration)
    let after = try requests(mesh)
    var result = RunResult(
      scenario: scenario.name, selector: plan.selector, seed: seed, windowNanoseconds: scenario.duration)
    result.outcomes = seen.outcomes
    result.latency = seen.latency
    result.endpoints = served.endpoints
    result.requestCount = seen.requestCount
    let steered = RequestStage.steered(after) - RequestStage.steered(before)
    let staging = Staging(
      clientLatenessP99: Double(seen.lateness.percentile(99)) / 1e6,
      endpointLatenessP99: Double(served.lateness.percentile(99)) / 1e6,
      steeredShare: seen.requestCount == 0 ? 0 : Double(steered) / Double(seen.requestCount),
      connections: seen.connectionCount)
    return Outcome(result: result, staging: staging)
  }

  /// The policy files may have others, which may be published before.
  private func waitForService(_ mesh: Mesh) throws {
    for _ in 0..<500 {
      try Interruption.check()
      let services = try NodeSnapshot(PinLayout(path: mesh.agent.pinPath)).services
      if services.contains(where: { $0.frontends.contains { "\($0)" == "\(plan.target)" } }) { return }
      MonotonicClock.sleep(.milliseconds(10))
    }
    throw TestbedError(
      "publish the scenario's service", reason: "the kernel has no \(plan.target) after five seconds",
      nextStep: "swerve check its policy files")
  }

  /// Until the relay has connections to the endpoints.
  private func warmUp() throws {
    let load = LoadPlan(
      target: plan.target, concurrency: min(16, 2 * plan.addresses.count), requestsMax: 20 * plan.addresses.count,
      durationMax: .seconds(5))
    let samples = try LoadClient(load).finish()
    guard samples.contains(where: { $0.failure == nil }) else {
      let seen = Set(samples.compactMap { $0.failure?.rawValue }).sorted().joined(separator: ", ")
      throw TestbedError(
        "warm up", reason: "no request to \(plan.target) succeeds: \(seen)", nextStep: "run `swerve doctor`")
    }
  }

  private func requests(_ mesh: Mesh) throws -> [String: UInt64] {
    let services = try NodeSnapshot(PinLayout(path: mesh.agent.pinPath)).services
    return services.reduce(into: [:]) { $0.merge($1.requests, uniquingKeysWith: +) }
  }
}
