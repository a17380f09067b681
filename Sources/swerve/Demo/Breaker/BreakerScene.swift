// SPDX-License-Identifier: Apache-2.0

import Agent
import Dataplane
import Foundation
import Testbed

/// `swerve demo breaker`: endpoints that return errors, hang, refuse and turn slow, the breakers that open and close on
/// them, and what clients saw: those of the service, and those that went to the endpoints in turn, side by side.
struct BreakerScene {
  private let stage: BreakerStage
  private let display: DemoDisplay
  private var events: EventLog

  /// Of the clients on either side; each has one request in flight.
  private static let clients = 8
  private static let requestsPerSecond = 1200.0

  /// One fault: how long it lasts, and how long its endpoint has to come back.
  private struct Fault: Sendable {
    let title: String
    let cause: Set<String>
    let index: Int
    let begin: @Sendable (BreakerStage.Backend) throws -> Void
    let end: @Sendable (BreakerStage.Backend) throws -> Void
  }

  private static let faults = [
    Fault(
      title: "answers 500", cause: ["consecutive_5xx"], index: 0,
      begin: { try $0.behave(.status(500)) }, end: { try $0.behave(.well) }),
    Fault(
      title: "hangs", cause: ["consecutive_5xx", "consecutive_local_origin_failures"], index: 1,
      begin: { try $0.behave(.hang) }, end: { try $0.behave(.well) }),
    Fault(
      title: "is killed and refuses", cause: ["consecutive_5xx", "consecutive_local_origin_failures"], index: 2,
      begin: { $0.kill() }, end: { try $0.restart() }),
  ]

  /// What one side saw while one fault lasted.
  private struct Outcome {
    let title: String
    let swerve: (failed: Int, all: Int)
    let direct: (failed: Int, all: Int)
  }

  /// Plays it, and takes it down whatever happens.
  static func play(_ display: DemoDisplay) throws -> [Claim] {
    let stage = try BreakerStage()
    let result = Result { () throws -> [Claim] in
      var scene = try BreakerScene(stage, display)
      return try stage.mesh.cgroup.withCurrentProcess { try scene.play() }
    }
    try cleaningUp(after: result) { try stage.close() }
    return try result.get()
  }

  private init(_ stage: BreakerStage, _ display: DemoDisplay) throws {
    self.stage = stage
    self.display = display
    events = try EventLog(stage.pins)
  }

  private mutating func play() throws -> [Claim] {
    display.announce(
      "Circuit breaking: \(BreakerScene.clients) clients of a service with four endpoints, and as many of the endpoints."
    )
    var claims: [Claim] = []
    var outcomes: [Outcome] = []
    for fault in BreakerScene.faults {
      let backend = stage.backends[fault.index]
      display.announce("Endpoint \(backend.name) \(fault.title).")
      let (outcome, seen) = try play(fault, backend)
      outcomes.append(outcome)
      claims += judge(fault, backend, outcome, seen)
    }
    claims += try playBurst()
    show(outcomes)
    return claims
  }

  // MARK: Faults

  private mutating func play(
    _ fault: Fault, _ backend: BreakerStage.Backend
  ) throws -> (Outcome, [BreakerEvent]) {
    _ = try events.read()
    let through = try LoadClient(plan(stage.service.address, BreakerScene.clients, BreakerScene.requestsPerSecond))
    let share = BreakerScene.requestsPerSecond / Double(stage.backends.count)
    let direct = try stage.backends.map {
      try LoadClient(plan($0.address, BreakerScene.clients / stage.backends.count, share))
    }
    defer { for load in [through] + direct { load.stop() } }
    try pause(.milliseconds(500))
    try fault.begin(backend)
    try pause(.milliseconds(1500))
    try fault.end(backend)
    let seen = try follow(until: "closed", of: backend, atMost: .seconds(8))
    try pause(.milliseconds(300))
    for load in [through] + direct { load.stop() }
    let outcome = Outcome(
      title: "\(backend.name) \(fault.title)", swerve: BreakerScene.count(through.finish()),
      direct: BreakerScene.count(direct.flatMap { $0.finish() }))
    return (outcome, seen)
  }

  /// Shows the events of an endpoint as they come, until one of a kind does or the time is over.
  private mutating func follow(
    until kind: String, of backend: BreakerStage.Backend, atMost limit: Duration
  ) throws -> [BreakerEvent] {
    var seen: [BreakerEvent] = []
    let end = MonotonicClock.nanoseconds + limit.nanoseconds
    while MonotonicClock.nanoseconds < end {
      try Interruption.check()
      let new = try events.read().filter { $0.endpoint == "\(backend.address)" }
      for event in new { display.show("  " + EventsCommand.line(event)) }
      seen += new
      if new.last?.kind == kind { break }
      MonotonicClock.sleep(.milliseconds(50))
    }
    return seen
  }

  private func pause(_ time: Duration) throws {
    try Interruption.check()
    MonotonicClock.sleep(time)
  }

  private func plan(_ target: TCPAddress, _ clients: Int, _ rate: Double?) -> LoadPlan {
    LoadPlan(
      target: target, mode: .keepAlive, concurrency: clients, requestsMax: 50_000, durationMax: .seconds(20),
      requestsPerSecond: rate, timeout: .seconds(1))
  }

  private static func count(_ samples: [LoadSample]) -> (failed: Int, all: Int) {
    (samples.count { $0.failure != nil }, samples.count)
  }

  private func judge(
    _ fault: Fault, _ backend: BreakerStage.Backend, _ outcome: Outcome, _ seen: [BreakerEvent]
  ) -> [Claim] {
    let kinds = seen.map(\.kind)
    let isInOrder =
      kinds.first == "open" && kinds.contains("half_open") && kinds.last == "closed"
      && seen.first.map { fault.cause.contains($0.cause) } == true
    // Five in a row and one in flight for each client; a probe that comes too early fails, too.
    let probes = seen.count { $0.kind == "half_open" }
    let bound = 5 + BreakerScene.clients + probes
    return [
      Claim(
        "an endpoint that \(fault.title): closed, open, half-open, closed", isInOrder,
        kinds.joined(separator: ", ") + (seen.first.map { " (\($0.cause))" } ?? "nothing happened")),
      Claim(
        "it fails five requests, those in flight, and probes, at most", outcome.swerve.failed <= bound,
        "\(outcome.swerve.failed) of \(outcome.swerve.all) failed; without Swerve \(outcome.direct.failed) of \(outcome.direct.all)"
      ),
    ]
  }

  // MARK: The limit

  /// More clients than the policy lets through, on endpoints that have turned slow.
  private func playBurst() throws -> [Claim] {
    let clients = 128
    display.announce(
      "All endpoints turn slow, and \(clients) clients come. \(BreakerStage.requestsMax) requests may be under way.")
    for backend in stage.backends { try backend.behave(.slow(.milliseconds(20))) }
    let load = try LoadClient(plan(stage.service.address, clients, nil))
    defer { load.stop() }
    try pause(.milliseconds(1500))
    load.stop()
    let samples = load.finish()
    for backend in stage.backends { try backend.behave(.well) }
    let refused = samples.filter { $0.status == 503 }
    let reasons = Set(refused.compactMap(\.reason))
    let others = samples.count { $0.failure != nil && $0.status != 503 }
    let latencies = refused.map(\.latencyNanoseconds).sorted()
    let median = latencies.isEmpty ? 0 : Double(latencies[latencies.count / 2]) / 1000
    return [
      Claim(
        "requests beyond the limit are answered 503 at once, with the reason",
        !refused.isEmpty && others == 0 && reasons == ["max_requests"] && median < 1000,
        "\(refused.count) of \(samples.count) answered \(reasons.sorted().joined(separator: ",")), "
          + "median \(Int(median)) us; \(others) failed otherwise"
      )
    ]
  }

  // MARK: Side by side

  private func show(_ outcomes: [Outcome]) {
    var table = TextTable([("FAULT", .left), ("FAILED WITH SWERVE", .right), ("FAILED WITHOUT", .right)])
    for outcome in outcomes {
      table.add([
        outcome.title, "\(outcome.swerve.failed) of \(outcome.swerve.all)",
        "\(outcome.direct.failed) of \(outcome.direct.all)",
      ])
    }
    display.announce("What the clients saw, in the same schedule:")
    for line in table.lines { display.show("  " + line) }
  }
}
