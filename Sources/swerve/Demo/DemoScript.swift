// SPDX-License-Identifier: Apache-2.0

import Agent
import Dataplane
import Foundation
import Testbed

/// The course of the demo. The clients' record of every request is judged at the end, scene by scene.
final class DemoScript {
  private let stage: DemoStage
  private let display: DemoDisplay
  private var claims: [Claim] = []

  init(_ stage: DemoStage, _ display: DemoDisplay) {
    self.stage = stage
    self.display = display
  }

  /// When each scene began, CLOCK_MONOTONIC.
  private struct Marks {
    var killedAgent: UInt64 = 0
    var removed: UInt64 = 0
    var killedEndpoint: UInt64 = 0
    var end: UInt64 = 0
  }

  private static let newConnectionClients = 4
  private static let keptConnections = 32

  func run() throws -> [Claim] {
    try stage.mesh.cgroup.withCurrentProcess {
      let connecting = try LoadClient(plan(stage.roundRobin, .connectionPerRequest, DemoScript.newConnectionClients))
      let keeping = try LoadClient(plan(stage.leastRequest, .keepAlive, DemoScript.keptConnections))
      var marks = Marks()
      do {
        try act(&marks)
      } catch {
        connecting.stop()
        keeping.stop()
        throw error
      }
      connecting.stop()
      keeping.stop()
      let record = Record(connecting: connecting.finish(), keeping: keeping.finish())
      judgeAgentDeath(record, marks)
      judgeRemoval(record, marks)
      judgeEndpointDeath(record, marks)
    }
    return claims
  }

  private struct Record {
    let connecting: [LoadSample]
    let keeping: [LoadSample]
  }

  private func plan(_ service: ServiceFile, _ mode: LoadPlan.Mode, _ concurrency: Int) -> LoadPlan {
    LoadPlan(
      target: service.address, mode: mode, concurrency: concurrency, requestsMax: 60_000, durationMax: .seconds(60),
      requestsPerSecond: 400)
  }

  private func act(_ marks: inout Marks) throws {
    display.announce("Four endpoints, one of them slow. web takes them in turn, api the less loaded of two.")
    try display.watch(stage, for: .seconds(3))
    try judgeShares()

    display.announce("The agent is killed (SIGKILL). The kernel steers on; a new agent takes over.")
    let links = try Dataplane.linkIDs(stage.pins)
    marks.killedAgent = MonotonicClock.nanoseconds
    stage.killAgent()
    try display.watch(stage, for: .seconds(1))
    let takeover = try stage.restartAgent()
    let linksAfter = try Dataplane.linkIDs(stage.pins)
    claims.append(
      Claim(
        "a new agent takes over what it finds", links == linksAfter && takeover < .seconds(2),
        "\(linksAfter.count) links with the ids they had, in \(milliseconds(takeover)) ms"))
    try display.watch(stage, for: .seconds(1))

    display.announce("Endpoint slow is removed from the policy file.")
    marks.removed = MonotonicClock.nanoseconds
    try stage.remove(stage.backends[3])
    try display.watch(stage, for: .seconds(2))

    display.announce("Endpoint c is killed (SIGKILL). Nobody tells Swerve.")
    marks.killedEndpoint = MonotonicClock.nanoseconds
    stage.backends[2].process.kill()
    try display.watch(stage, for: .seconds(3))
    marks.end = MonotonicClock.nanoseconds
  }

  private func judgeShares() throws {
    let services = try NodeSnapshot(stage.pins).services
    guard let web = services.first(where: { $0.name == "demo/web:http" }),
      let api = services.first(where: { $0.name == "demo/api:http" })
    else {
      claims.append(Claim("both services are published", false, "\(services.map(\.name))"))
      return
    }
    let selected = web.endpoints.map(\.selected)
    let spread = (selected.max() ?? 0) - (selected.min() ?? 0)
    claims.append(
      Claim(
        "round robin takes every endpoint in turn", spread <= 1 && selected.count == 4 && selected[0] > 100,
        "connections per endpoint \(selected)"))
    let active = api.endpoints.map(\.active)
    let gap = (active.max() ?? 0) - (active.min() ?? 0)
    claims.append(
      Claim(
        "least request keeps the endpoints level", gap <= 4 && active.reduce(0, +) == 32,
        "\(DemoScript.keptConnections) kept connections lie \(active)"))
  }

  private func judgeAgentDeath(_ record: Record, _ marks: Marks) {
    let during = (record.connecting + record.keeping).filter {
      (marks.killedAgent..<marks.removed).contains($0.startedNanoseconds)
    }
    let failed = during.count { $0.failure != nil }
    claims.append(
      Claim(
        "connections do not notice the agent's death", failed == 0 && during.count > 500,
        "\(during.count) requests, \(failed) failed"))
  }

  private func judgeRemoval(_ record: Record, _ marks: Marks) {
    let removed = stage.backends[3].name
    let late = record.connecting.filter {
      $0.endpoint == removed && $0.startedNanoseconds > marks.removed + 100_000_000
    }
    let last = record.connecting.last { $0.endpoint == removed }
    let age = last.map { (Double($0.startedNanoseconds) - Double(marks.removed)) / 1e6 } ?? 0
    claims.append(
      Claim(
        "no new connection to a removed endpoint after 100 ms", late.isEmpty,
        String(format: "the last one began %.1f ms %@ the file was changed", abs(age), age < 0 ? "before" : "after")))
    let before = record.keeping.contains { $0.endpoint == removed && $0.startedNanoseconds < marks.removed }
    let stuck = record.keeping.filter {
      $0.endpoint == removed && $0.startedNanoseconds > marks.removed + 1_000_000_000
    }
    let broken = record.keeping.filter {
      $0.brokeConnection && (marks.removed..<marks.killedEndpoint).contains($0.startedNanoseconds)
    }
    claims.append(
      Claim(
        "established connections to it are closed and their clients move on",
        before && stuck.isEmpty && !broken.isEmpty, "\(broken.count) clients moved, \(stuck.count) were stuck after 1 s"
      ))
  }

  private func judgeEndpointDeath(_ record: Record, _ marks: Marks) {
    let after = record.connecting.filter { (marks.killedEndpoint..<marks.end).contains($0.startedNanoseconds) }
    let failed = after.count { $0.failure != nil }
    // Three failures until it is held off, whatever was under way meanwhile, and one round of trials after one second
    // and after three.
    let bound = 3 + 3 * DemoScript.newConnectionClients
    claims.append(
      Claim(
        "a dead endpoint is out of rotation within three failures", failed <= bound && after.count > 500,
        "\(failed) of \(after.count) connects failed, at most \(bound) with those under way and the trials"))
    let kept = record.keeping.filter {
      (marks.killedEndpoint + 1_000_000_000..<marks.end).contains($0.startedNanoseconds)
    }
    let keptFailed = kept.count { $0.failure != nil }
    claims.append(
      Claim(
        "clients of the dead endpoint are served by the others", keptFailed <= bound && kept.count > 300,
        "\(kept.count) requests after one second, \(keptFailed) failed"))
  }

  private func milliseconds(_ duration: Duration) -> Int { Int(duration.nanoseconds / 1_000_000) }
}
