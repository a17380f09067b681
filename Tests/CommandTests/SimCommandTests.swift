// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testbed
import Testing

@testable import swerve

@Suite struct SimCommandTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  /// A scenario of two seconds; `spec` lines are added to it.
  @discardableResult
  private func scenario(_ name: String = "web", _ spec: String...) throws -> String {
    let lines = spec.map { "  \($0)\n" }.joined()
    return try directory.write(
      "\(name).yaml",
      """
      apiVersion: swerve.dev/v1alpha1
      kind: Scenario
      metadata: {name: \(name)}
      spec:
        duration: 2s
        clients: {count: 4, nodes: 2}
        load: {requestsPerSecond: 200}
        endpoints: [{name: web, count: 3, work: 1ms}]

      """ + lines)
  }

  @Test func runShowsARowForEachSelectorAndSeed() throws {
    let run = try Command(
      "sim", "run", try scenario(), "--selector", "swerve", "--selector", "rr", "--seed", "7", "--seeds", "2")
    #expect(run.exitCode == 0)
    let rows = run.output.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
    #expect(rows[1].first == "SELECTOR")
    #expect(rows[2...].map { Array($0.prefix(2)) } == [["swerve", "7"], ["swerve", "8"], ["rr", "7"], ["rr", "8"]])
    #expect(run.errors.contains("4 runs, "))
  }

  @Test func aRunIsTheSameAloneAndAmongOthers() throws {
    let path = try scenario()
    let trace = { (arguments: [String]) -> [String] in
      let run = try Command(["sim", "run", path, "--json", "--quiet"] + arguments)
      #expect(run.exitCode == 0 && run.errors.isEmpty)
      let runs = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [[String: Any]]
      return try #require(runs).compactMap { $0["traceHash"] as? String }
    }
    let all = try trace(["--seeds", "4", "--seed", "3"])
    #expect(all.count == 4 && Set(all).count == 4)
    #expect(try trace(["--seed", "5"]) == [all[2]])
  }

  @Test func policiesAreFoundBesideTheScenario() throws {
    let policies = "\(directory.path)/policies"
    try FileManager.default.createDirectory(atPath: policies, withIntermediateDirectories: false)
    try FileManager.default.copyItem(atPath: "\(Command.examplesDirectory)/web.yaml", toPath: "\(policies)/web.yaml")
    let check = try Command("check", "\(policies)/web.yaml", "--json").json()
    let services = try #require(check["services"] as? [[String: Any]])
    let name = try #require(services.first?["name"] as? String)
    let count = try #require(services.first?["endpoints"] as? [Any]).count
    let path = try scenario("policy", "policies: [policies/web.yaml]", "service: \(name)")
    let text = try String(contentsOfFile: path, encoding: .utf8)
    _ = try directory.write("policy.yaml", text.replacing("count: 3", with: "count: \(count)"))
    #expect(try Command("sim", "run", path, "--quiet").exitCode == 0)
    _ = try directory.write("policy.yaml", text.replacing("count: 3", with: "count: \(count + 1)"))
    let mismatch = try Command("sim", "run", path)
    #expect(mismatch.exitCode == 65)
    #expect(
      mismatch.errors == "swerve: \(path): policy: spec.endpoints: \(count + 1) endpoints, but \(name) has \(count); "
        + "change the counts of the groups or the EndpointSlice\n")
  }

  @Test func invalidFilesAreAllReportedBeforeAnythingRuns() throws {
    let bad = try scenario("bad", "warmup: 3s")
    let run = try Command("sim", "run", try scenario(), bad, "\(directory.path)/none.yaml", directory.path)
    #expect(run.exitCode == 65 && run.output.isEmpty)
    #expect(
      run.errors == """
        swerve: \(bad):9:11: spec.warmup: the warm-up is not over before the end, 2s
        swerve: \(directory.path)/none.yaml:1:1: no such file
        swerve: \(directory.path):1:1: Is a directory

        """)
  }

  @Test func unknownSelectorIsBadUsageWithTheNearestName() throws {
    let run = try Command("sim", "run", try scenario(), "--selector", "p2x")
    #expect(run.exitCode == 64 && run.errors.contains("did you mean `p2c`?"))
  }

  @Test func twoScenariosOfOneNameAreRefused() throws {
    let path = try scenario()
    let other = try directory.write("other.yaml", try String(contentsOfFile: path, encoding: .utf8))
    let run = try Command("sim", "run", path, other)
    #expect(run.exitCode == 65 && run.errors.contains("both have a scenario called `web`"))
  }

  @Test func reportsAreWritten() throws {
    let (page, tables) = ("\(directory.path)/a.html", "\(directory.path)/a.md")
    let run = try Command("sim", "run", try scenario(), "--html", page, "--markdown", tables, "--quiet")
    #expect(run.exitCode == 0)
    #expect(try String(contentsOfFile: page, encoding: .utf8).hasPrefix("<!DOCTYPE html>"))
    #expect(try String(contentsOfFile: tables, encoding: .utf8).contains("| swerve |"))
  }

  @Test func compareShowsDifferencesToTheFirstSelector() throws {
    let path = try scenario()
    let compare = try Command("sim", "compare", path, "--selector", "rr", "--selector", "random", "--seeds", "3")
    #expect(compare.exitCode == 0)
    #expect(compare.output.hasPrefix("web: means over 3 seeds\n"))
    #expect(compare.output.contains("MINUS rr") && compare.output.contains(" ± "))
    let alone = try Command("sim", "compare", path)
    #expect(alone.exitCode == 64 && alone.errors.contains("names one selector only"))
    let json = try Command("sim", "compare", path, "--selector", "rr", "--selector", "p2c", "--seeds", "2", "--json")
      .json()
    #expect((json["cells"] as? [Any])?.count == 2)
  }

  @Test func checkPassesWhenEverythingHolds() throws {
    try scenario("good", "expect: [{errorRate: {below: 0.01}}, {p99: {below: 1s}}]")
    try scenario("plain")
    let check = try Command("sim", "check", directory.path)
    #expect(check.exitCode == 0)
    #expect(
      check.output == """
        ok       good   2 of 2 expectations hold, 1 run
        ok       plain  no expectations, 1 run
        2 scenarios: all hold

        """)
  }

  @Test func checkFailsWithTheCommandThatRepeatsIt() throws {
    let path = try scenario("bad", "seed: 5", "expect: [{p99: {below: 1us}}, {errorRate: {below: 0.5}}]")
    let xml = "\(directory.path)/a.xml"
    let check = try Command("sim", "check", path, "--junit", xml)
    #expect(check.exitCode == 1)
    #expect(check.output.contains("FAILED   bad  1 of 2 expectations hold, 1 run\n"))
    #expect(check.output.contains("replay: swerve sim run \(path) --selector swerve --seed 5\n"))
    let junit = try String(contentsOfFile: xml, encoding: .utf8)
    #expect(junit.contains("<testsuites name=\"swerve sim check\" tests=\"3\" failures=\"1\" errors=\"0\""))
  }

  @Test func checkRunsTheOthersWhenAFileIsInvalid() throws {
    let bad = try scenario("bad", "warmup: 3s")
    let good = try scenario("good", "expect: [{errorRate: {below: 0.01}}]")
    let check = try Command("sim", "check", bad, good, "--json")
    #expect(check.exitCode == 65)
    let report = try check.json()
    let scenarios = try #require(report["scenarios"] as? [[String: Any]])
    #expect(scenarios.compactMap { $0["passed"] as? Bool } == [false, true])
    #expect((scenarios[0]["errors"] as? [String])?.count == 1 && report["valid"] as? Bool == false)
  }

  @Test func directoryWithoutScenariosIsBadUsage() throws {
    let check = try Command("sim", "check", directory.path)
    #expect(check.exitCode == 64 && check.errors.contains("holds no scenario"))
  }

  @Test func aSearchOfASoundCoreFindsNothing() throws {
    let search = try Command("sim", "search", "--seeds", "5", "--json")
    #expect(search.exitCode == 0)
    let report = try search.json()
    #expect(report["seeds"] as? Int == 5 && (report["findings"] as? [Any])?.isEmpty == true)
    #expect(try Command("sim", "search", "--seeds", "0").exitCode == 64)
  }

  @Test func helpOfEverySubcommandHasExamplesAndExitCodes() {
    for command in SimCommand.configuration.subcommands where command.configuration.shouldDisplay {
      let help = Swerve.helpMessage(for: command, columns: 120)
      #expect(help.contains("EXAMPLES") && help.contains("EXIT STATUS"), "\(command)")
    }
  }

  @Test func progressTellsShareAndTimeLeft() {
    #expect(ShareProgress.line(0.25, elapsedSeconds: 10) == "25 %, about 30 s left")
    #expect(ShareProgress.line(0, elapsedSeconds: 10) == "0 %")
  }
}
