// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Dataplane
import Foundation
import Testbed

struct DemoCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "demo",
    abstract: "Steer real connections on this machine, break things, and check every claim.",
    discussion: """
      Starts four HTTP endpoints on loopback addresses, an agent on a cgroup of its own, and clients that connect to
      service addresses. Then kills the agent, removes an endpoint, kills another, and uninstalls (steering); shows
      request mode, where every request of a connection is steered on its own (requests); lets endpoints fail in four
      ways while breakers open and close (breaker); lets one fail in simulated time (simulator); and kills what telemetry
      passes through (telemetry). Exits 0 only when every claim of the summary was checked and held. Leaves nothing behind.
      Takes about forty-five seconds.

      Without root it shows the last two, and says what it left out.

      EXAMPLES
        sudo swerve demo
        sudo swerve demo breaker
        swerve demo simulator
        swerve demo telemetry
        sudo swerve demo --json | jq '.claims[] | select(.held | not)'
      """)

  enum Scene: String, CaseIterable, ExpressibleByArgument {
    case all
    case steering
    case requests
    case breaker
    case simulator
    case telemetry

    /// Whether it needs the kernel.
    var isPrivileged: Bool { self != .simulator && self != .telemetry }
  }

  @Argument(help: "What to show.")
  var scene = Scene.all

  @OptionGroup var output: OutputOptions

  struct Report: Encodable {
    var privileged: Bool
    var claims: [Claim]
    /// What could not be shown here, and why.
    var leftOut: [String]
  }

  func run() async throws {
    Interruption.watch()
    let report = try await exiting { () async throws -> Report in
      let missing = Privileges().missing
      let display = DemoDisplay(isQuiet: output.json)
      guard missing.isEmpty || !scene.isPrivileged else {
        let names = missing.map(\.name).joined(separator: ", ")
        return Report(
          privileged: false, claims: try await runUnprivileged(display, all: true),
          leftOut: ["steering, health, restarts and removal in the kernel: this process lacks \(names); run it as root"]
        )
      }
      return Report(privileged: missing.isEmpty, claims: try await runScript(display), leftOut: [])
    }
    if output.json {
      try OutputOptions.printJSON(report)
    } else {
      print("\nSummary")
      for claim in report.claims { print("  \(claim.line)") }
      for sentence in report.leftOut { print("  not shown: \(sentence)") }
    }
    if !report.claims.allSatisfy(\.held) { throw ExitCode.failure }
  }

  private func runScript(_ display: DemoDisplay) async throws -> [Claim] {
    var claims: [Claim] = []
    if scene == .all || scene == .steering { claims += try playSteering(display) }
    if scene == .all || scene == .requests { claims += try RequestScene.play(display) }
    if scene == .all || scene == .breaker { claims += try BreakerScene.play(display) }
    return claims + (try await runUnprivileged(display, all: scene == .all))
  }

  private func runUnprivileged(_ display: DemoDisplay, all: Bool) async throws -> [Claim] {
    var claims: [Claim] = []
    if all || scene == .simulator { claims += try SimulatorScene(display: display).play() }
    if all || scene == .telemetry { claims += try await TelemetryScene(display: display).play() }
    return claims
  }

  private func playSteering(_ display: DemoDisplay) throws -> [Claim] {
    let stage = try DemoStage()
    let result = Result { try DemoScript(stage, display).run() }
    let removal = Result { try stage.close() }
    let claims = try result.get()
    return claims + [try removal.get()]
  }
}
