// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Testbed

/// `swerve bench`: connection mode and request mode against no mesh at all and against two proxies, on this machine.
struct BenchCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Measure Swerve on this machine against direct connections, HAProxy and Envoy.",
    discussion: """
      Real nginx, real clients, interleaved runs. Needs root, nginx and wrk; haproxy and Envoy rows are skipped, with \
      the reason, when they cannot be had. All traffic stays within 127.0.0.0/8 and network namespaces of its own.

      EXAMPLES
        swerve bench                                    everything but --scale, about a quarter of an hour
        swerve bench --quick --measures decisions       time per decision only, some ten seconds
        swerve bench --measures same-node --paths swerve   request mode on one node
        swerve bench --scale --measures scale           a node with 10,000 services
        swerve bench --connections 32 --paths swerve,envoy --runs 9

      Exit codes: 0 measured, whether or not the bars are met; 1 could not measure.
      """)

  @Flag(help: "Fewer and shorter runs, for continuous integration.")
  var quick = false
  @Option(help: "Rounds. Default: 5, quick 2.")
  var runs: Int?
  @Option(help: "Seconds of each traffic run. Default: 3, quick 1.")
  var seconds: Int?
  @Option(help: "Keep-alive connections, separated by commas.")
  var connections = SizeList([1, 32, 256])
  @Option(help: "Paths besides direct: swerve, breakers (swerve with every breaker and limit), haproxy, envoy.")
  var paths = CaseList<BenchPath>([.swerve, .breakers, .haproxy, .envoy])
  @Option(
    help: "What to measure: keep-alive, new-connections, same-node, namespaces, nodes, decisions, simulator, scale.")
  var measures = CaseList<Measure>([
    .keepAlive, .newConnections, .sameNode, .namespaces, .nodes, .decisions, .simulator,
  ])
  @Flag(help: "Also measure a node with 10,000 services.")
  var scale = false
  @Option(help: "Directory for bench.json.")
  var output = ".build/bench"
  @Flag(help: "Print the report as JSON instead of tables.")
  var json = false

  func validate() throws {
    guard (1...1000).contains(runs ?? 1) else { throw ValidationError("--runs must be between 1 and 1000") }
    guard (1...600).contains(seconds ?? 1) else { throw ValidationError("--seconds must be between 1 and 600") }
  }

  func run() async throws {
    Interruption.watch()
    guard Programs.isRoot else {
      throw TestbedError("measure", reason: "cgroups and BPF need root", nextStep: "run: sudo swerve bench")
    }
    let wanted = measures.cases + (scale ? [.scale] : [])
    let plan = BenchPlan(
      isQuick: quick, runs: runs, seconds: seconds, connections: connections.sizes, paths: paths.cases)
    let report = try Self.measure(plan, wanted)
    let path = try report.write(to: output)
    print(json ? try report.json() : report.text, terminator: "")
    Progress.note("wrote \(path)")
  }

  private static func measure(_ plan: BenchPlan, _ wanted: [Measure]) throws -> Report {
    var report = Report(plan: plan)
    if wanted.contains(.keepAlive) || wanted.contains(.newConnections) {
      try Stage.with(plan) { stage in
        report.skipped += stage.skipped
        report.samples += try TrafficMeasurement(plan: plan, measures: wanted).run(on: stage)
      }
    }
    for place in Measure.requests where wanted.contains(place) {
      try RequestStage.with(place, plan) { stage in
        report.skipped += stage.skipped
        report.samples += try RequestMeasurement(plan: plan, place: place).run(on: stage)
      }
    }
    if wanted.contains(.decisions) { report.samples += try DecisionMeasurement(plan: plan).run() }
    if wanted.contains(.simulator) { report.samples += try SimulatorMeasurement(plan: plan).run() }
    if wanted.contains(.scale) { report.scale = try ScaleMeasurement(plan: plan).run() }
    report.conclude()
    return report
  }
}
