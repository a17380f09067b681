// SPDX-License-Identifier: Apache-2.0

import Discovery
import Foundation
import Policy
import Testbed
import Testing

@testable import Agent

@Suite struct AgentReportTests {
  private func report(pid: Int32 = 1) -> AgentReport {
    let diagnostic = Diagnostic(
      severity: .error, location: SourceLocation(file: "a.yaml", line: 3, column: 7), field: "spec", message: "wrong",
      suggestion: "right")
    var report = AgentReport(
      version: "1.2.3", pid: pid, started: Date(timeIntervalSince1970: 1_800_000_000), policies: "policies",
      cgroup: "/sys/fs/cgroup", origin: "installed")
    report.rejectedFiles = [RejectedFile(path: "a.yaml", diagnostics: [diagnostic], hasLastGood: true)]
    report.warnings = [diagnostic]
    report.refusedServices = ["default/web:http": "no room \"here\""]
    report.publications = 4
    report.lastPublication = Date(timeIntervalSince1970: 1_800_000_060)
    report.staleConnectionsClosed = 5
    report.missing = ["a feature"]
    return report
  }

  @Test func whatIsWrittenIsReadBack() throws {
    let directory = try TemporaryDirectory()
    let written = report()
    try written.write(to: directory.path)
    let read = try #require(try AgentReport.read(from: directory.path))
    #expect(read.version == "1.2.3" && read.pid == 1 && read.origin == "installed")
    #expect(read.started == written.started && read.lastPublication == written.lastPublication)
    #expect(read.rejectedFiles == written.rejectedFiles && read.warnings == written.warnings)
    #expect(read.refusedServices == written.refusedServices && read.missing == written.missing)
    #expect(read.publications == 4 && read.staleConnectionsClosed == 5)
  }

  @Test func stateDirectoryIsMade() throws {
    let directory = try TemporaryDirectory()
    let nested = "\(directory.path)/run/swerve"
    #expect(try AgentReport.read(from: nested) == nil)
    try report().write(to: nested)
    #expect(try AgentReport.read(from: nested) != nil)
  }

  @Test func damagedReportIsAnErrorAndNotNone() throws {
    let directory = try TemporaryDirectory()
    _ = try directory.write("agent.json", "{\"version\": ")
    #expect(throws: DecodingError.self) { try AgentReport.read(from: directory.path) }
  }

  /// Whoever has the old report open reads it to its end.
  @Test func replacementLeavesTheOldReportWhole() throws {
    let directory = try TemporaryDirectory()
    try report(pid: 1).write(to: directory.path)
    let path = AgentReport.path(in: directory.path)
    let reader = try #require(FileHandle(forReadingAtPath: path))
    let old = try Data(contentsOf: URL(filePath: path))
    try report(pid: 2).write(to: directory.path)
    #expect(try reader.readToEnd() == old)
    #expect(try AgentReport.read(from: directory.path)?.pid == 2)
    #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path) == ["agent.json"])
  }

  @Test func processThatEndedIsNotRunning() throws {
    let process = try ChildProcess("true")
    #expect(try process.wait(timeout: .seconds(10)) == .exited(0))
    #expect(!report(pid: process.pid).isRunning)
  }

  @Test func anotherProgramUnderTheSamePIDIsNotTheAgent() throws {
    let process = try ChildProcess("sleep", ["60"])
    #expect(!report(pid: process.pid).isRunning)
    process.kill()
  }

  @Test func onlySwerveRunIsTheAgent() throws {
    let directory = try TemporaryDirectory()
    for (command, isAgent) in [("run", true), ("status", false)] {
      _ = try directory.write(command, "while :; do sleep 1; done\n")
      // A shell under another name, whose first argument is its script.
      let process = try ChildProcess("bash", ["-c", "cd \(directory.path) && exec -a swerve bash \(command)"])
      let deadline = ContinuousClock.now + .seconds(10)
      while try commandLine(process.pid).first != "swerve", ContinuousClock.now < deadline { usleep(1000) }
      #expect(report(pid: process.pid).isRunning == isAgent)
      process.kill()
      #expect(!report(pid: process.pid).isRunning)
    }
  }

  private func commandLine(_ pid: Int32) throws -> [Substring] {
    try String(contentsOfFile: "/proc/\(pid)/cmdline", encoding: .utf8).split(separator: "\0")
  }
}
