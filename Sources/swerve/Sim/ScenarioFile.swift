// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import Policy
import Simulator

/// A scenario file, read and put together with policy files: its own, or each set that takes their place.
struct ScenarioFile: Sendable {
  let path: String
  /// nil when the file is invalid.
  let scenario: Scenario?
  /// One for each set of policy files; none when the file is invalid.
  let cases: [ScenarioCase]
  /// Everything that is wrong with the file and its policy files, a line each; none for a file that can be run, apart
  /// from warnings.
  let complaints: [String]

  /// Whether all of it can be run.
  var isValid: Bool { scenario != nil && cases.allSatisfy { $0.resolved != nil } }

  /// - Parameter sets: of policy files in the place of its own.
  init(path: String, _ sets: [PolicySet], _ loads: PolicyLoads) {
    self.path = path
    let parsed = Self.parse(path)
    scenario = parsed.scenario
    guard let scenario = parsed.scenario else {
      cases = []
      complaints = parsed.diagnostics.map(\.description) + Self.advice(on: path, loads)
      return
    }
    let directory = path == "-" ? "" : URL(filePath: path).deletingLastPathComponent().relativePath
    cases = (sets.isEmpty ? [nil] : sets.map(Optional.some)).map { set in
      ScenarioCase(scenario, set, directory: directory, loads)
    }
    complaints = parsed.diagnostics.map(\.description) + cases.flatMap { Self.complaints($0, path) }
  }

  private static func complaints(_ found: ScenarioCase, _ path: String) -> [String] {
    let mismatch = found.mismatch.map { error in
      found.policies.map { "\(path) with policies `\($0.label)`: \(error.named(by: $0))" } ?? "\(path): \(error)"
    }
    return found.diagnostics.map(\.description) + (mismatch.map { [$0] } ?? [])
  }

  /// What to do with a file that is none of scenarios but one of policies.
  private static func advice(on path: String, _ loads: PolicyLoads) -> [String] {
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    guard attributes?[.type] as? FileAttributeType == .typeRegular else { return [] }
    let load = loads.load([path])
    guard !load.hasErrors, !load.store.services.isEmpty else { return [] }
    let word = Shell.quoted(path)
    return [
      "\(path) is a policy file: `swerve check \(word)` checks it, and `swerve sim run SCENARIO --policies \(word)` "
        + "runs a scenario against it"
    ]
  }

  private static func parse(_ path: String) -> ParsedScenario {
    do {
      let handle = path == "-" ? FileHandle.standardInput : try FileHandle(forReadingFrom: URL(filePath: path))
      // One byte more than is read shows that there are more.
      let data = try handle.read(upToCount: ScenarioParser.fileBytesMax + 1) ?? Data()
      return ScenarioParser.parse([UInt8](data), path: path == "-" ? "<stdin>" : path)
    } catch {
      let reason = FileReading.reason(of: error)
      let start = SourceLocation(file: path, line: 1, column: 1)
      return ParsedScenario(
        scenario: nil, diagnostics: [Diagnostic(severity: .error, location: start, field: "", message: reason)])
    }
  }
}

extension ScenarioError {
  /// In the words of the command line, where it is the command line that names policies and service.
  fileprivate func named(by policies: PolicySet) -> ScenarioError {
    var error = self
    error.nextStep = nextStep.replacing("in `service`", with: "with --service")
    if place.hasSuffix("spec.service") {
      if policies.service != nil { error.place = place.replacing("spec.service", with: "--service") }
      if policies.service == nil { error.nextStep += "; name it with --service" }
    }
    return error
  }
}

/// The scenarios of a command.
struct ScenarioSet {
  let files: [ScenarioFile]

  /// - Parameter sets: of policy files in the place of the scenarios' own.
  init(reading paths: [String], policies sets: [PolicySet] = []) {
    let loads = PolicyLoads()
    files = paths.map { ScenarioFile(path: $0, sets, loads) }
  }

  /// All of them good; says what is wrong with all of them before any is run.
  static func load(_ paths: [String], policies sets: [PolicySet] = []) throws -> ScenarioSet {
    let set = ScenarioSet(reading: paths, policies: sets)
    set.printComplaints()
    if !set.files.allSatisfy(\.isValid) { throw ExitCode.invalidPolicy }
    try set.checkNames()
    return set
  }

  /// Each once, whatever goes by the same policy files.
  func printComplaints() {
    var seen: Set<String> = []
    for complaint in files.flatMap(\.complaints) where seen.insert(complaint).inserted { printError(complaint) }
  }

  /// Results are told apart by the scenario's name.
  func checkNames() throws {
    var paths: [String: String] = [:]
    for file in files {
      guard let name = file.scenario?.name else { continue }
      if let other = paths[name] {
        printError("\(other) and \(file.path) both have a scenario called `\(name)`; rename one in its metadata")
        throw ExitCode.invalidPolicy
      }
      paths[name] = file.path
    }
  }

  var scenarios: [Scenario] { files.compactMap(\.scenario) }

  /// All runs: by scenario, selector, set of policies, seed.
  ///
  /// - Parameter selectors: the scenario's own when there are none.
  func jobs(selectors: [SelectorName], seeds: SeedOptions, by count: Int) -> [SimulationJob] {
    files.flatMap { file -> [SimulationJob] in
      guard let scenario = file.scenario else { return [] }
      return (selectors.isEmpty ? scenario.selectors : selectors).flatMap { selector in
        file.cases.flatMap { found -> [SimulationJob] in
          guard let resolved = found.resolved else { return [] }
          return seeds.seeds(of: scenario, count: count).map { seed in
            SimulationJob(resolved, selector: selector, policy: found.policies?.label, seed: seed)
          }
        }
      }
    }
  }

  /// The one command that repeats a run.
  func replay(_ result: RunResult) -> String {
    let file = files.first { $0.scenario?.name == result.scenario }
    let policies = file?.cases.compactMap(\.policies).first { $0.label == result.policy }
    let words = ["swerve", "sim", "run", file?.path ?? result.scenario]
    let set = policies?.arguments.flatMap { ["--policies", $0] } ?? []
    let service = policies?.service.map { ["--service", $0] } ?? []
    let run = ["--selector", "\(result.selector)", "--seed", "\(result.seed)"]
    return (words + set + service + run).map(Shell.quoted).joined(separator: " ")
  }
}

enum Shell {
  /// As a shell takes it for one word.
  static func quoted(_ word: String) -> String {
    let isPlain =
      !word.isEmpty
      && word.utf8.allSatisfy { byte in
        byte.isAlphanumeric || "/._-+=:@%,".utf8.contains(byte)
      }
    return isPlain ? word : "'" + word.replacing("'", with: "'\\''") + "'"
  }
}

extension UInt8 {
  fileprivate var isAlphanumeric: Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self)
      || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self | 0x20)
  }
}
