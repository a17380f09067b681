// SPDX-License-Identifier: Apache-2.0

import Policy
import Simulator

/// What `sim check` has found, for people, programs and CI servers.
struct CheckReport: Encodable {
  /// One file.
  struct ScenarioReport: Encodable {
    var file: String
    /// nil when the file is invalid.
    var name: String?
    /// Why it was not run.
    var errors: [String] = []
    var runs: [Run] = []
    var passed: Bool { errors.isEmpty && runs.allSatisfy(\.passed) }

    private enum CodingKeys: CodingKey {
      case file, name, errors, runs, passed
    }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(file, forKey: .file)
      try container.encodeIfPresent(name, forKey: .name)
      try container.encode(errors, forKey: .errors)
      try container.encode(runs, forKey: .runs)
      try container.encode(passed, forKey: .passed)
    }
  }

  /// One selector, set of policies and seed.
  struct Run: Encodable {
    var selector: String
    /// Label of the set of policy files; left out with the scenario's own.
    var policies: String?
    var seed: UInt64
    var verdicts: [Verdict]
    var violations: [Violation]
    var replay: String
    var name: String { selector + (policies.map { ", \($0)" } ?? "") }
    var passed: Bool { violations.isEmpty && verdicts.allSatisfy(\.holds) }
  }

  let scenarios: [ScenarioReport]
  let valid: Bool
  let passed: Bool

  init(_ set: ScenarioSet, _ results: [RunResult]) {
    scenarios = set.files.map { file in
      guard let scenario = file.scenario else {
        return ScenarioReport(file: file.path, errors: file.complaints)
      }
      let runs = results.filter { $0.scenario == scenario.name }.map { result in
        Run(
          selector: result.selector.description, policies: result.policy, seed: result.seed, verdicts: result.verdicts,
          violations: result.violations, replay: set.replay(result))
      }
      return ScenarioReport(
        file: file.path, name: scenario.name, errors: file.isValid ? [] : file.complaints, runs: runs)
    }
    valid = scenarios.allSatisfy(\.errors.isEmpty)
    passed = scenarios.allSatisfy(\.passed)
  }

  // MARK: For people

  var text: String {
    let width = scenarios.map { ($0.name ?? $0.file).count }.max() ?? 0
    let lines = scenarios.flatMap { Self.lines($0, width: width) }
    let failed = scenarios.count { !$0.passed }
    let verdict = failed == 0 ? "all hold" : "\(failed) failed"
    return (lines + ["\(Text.count(scenarios.count, of: "scenario")): \(verdict)"]).joined(separator: "\n")
  }

  private static func lines(_ scenario: ScenarioReport, width: Int) -> [String] {
    let name = scenario.name ?? scenario.file
    let padding = String(repeating: " ", count: max(0, width - name.count))
    let state = scenario.errors.isEmpty ? (scenario.passed ? "ok      " : "FAILED  ") : "invalid "
    // Of an invalid file some sets of policies may have been run.
    if !scenario.errors.isEmpty, scenario.runs.isEmpty { return ["\(state) \(name)"] }
    let verdicts = scenario.runs.flatMap(\.verdicts)
    let holding = verdicts.count(where: \.holds)
    let what = verdicts.isEmpty ? "no expectations" : "\(holding) of \(verdicts.count) expectations hold"
    let line = "\(state) \(name)\(padding)  \(what), \(Text.count(scenario.runs.count, of: "run"))"
    return [line] + scenario.runs.filter { !$0.passed }.flatMap(lines)
  }

  private static func lines(_ run: Run) -> [String] {
    let broken = run.verdicts.filter { !$0.holds }.map { "\($0.expectation): \($0.measured)" }
    let violations = run.violations.map {
      "VIOLATION at \(Text.duration($0.time, digits: 9)): \($0.invariant): \($0.detail)"
    }
    return (broken + violations).map { "           \(run.name), seed \(run.seed): \($0)" }
      + ["           replay: \(run.replay)"]
  }

  // MARK: For CI servers

  /// A suite for each file; in it a case for each run and expectation, and one for the invariants of each run.
  var junit: String {
    var document = JUnit(name: "swerve sim check")
    for scenario in scenarios {
      var suite = JUnit.Suite(name: scenario.name ?? scenario.file)
      if !scenario.errors.isEmpty {
        suite.cases.append(
          JUnit.Case(
            name: "is valid", className: scenario.file, outcome: .error(scenario.errors.joined(separator: "\n"))))
      }
      for run in scenario.runs { suite.cases += Self.cases(run, of: suite.name) }
      document.suites.append(suite)
    }
    return document.text
  }

  private static func cases(_ run: Run, of scenario: String) -> [JUnit.Case] {
    let name = "\(scenario).\(run.name).seed \(run.seed)"
    let verdicts = run.verdicts.map { verdict in
      JUnit.Case(
        name: verdict.expectation, className: name,
        outcome: verdict.holds ? .passed : .failure("\(verdict.measured)\nreplay: \(run.replay)"))
    }
    let broken = run.violations.map { "\($0.invariant): \($0.detail)" } + ["replay: \(run.replay)"]
    return verdicts + [
      JUnit.Case(
        name: "invariants", className: name,
        outcome: run.violations.isEmpty ? .passed : .failure(broken.joined(separator: "\n")))
    ]
  }
}
