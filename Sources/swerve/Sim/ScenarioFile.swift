// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Discovery
import Foundation
import Policy
import Simulator

/// A scenario file, read and put together with its policy files.
struct ScenarioFile: Sendable {
  let path: String
  /// nil when it cannot be run.
  let resolved: ResolvedScenario?
  /// Of the file and of its policy files.
  let diagnostics: [Diagnostic]
  /// Why they do not go together.
  let mismatch: ScenarioError?

  /// Everything that is wrong, a line each; none for a file that can be run, apart from warnings.
  var complaints: [String] {
    diagnostics.map(\.description) + (mismatch.map { ["\(path): \($0)"] } ?? [])
  }

  init(path: String) {
    self.path = path
    let parsed = Self.parse(path)
    guard let scenario = parsed.scenario else {
      (resolved, diagnostics, mismatch) = (nil, parsed.diagnostics, nil)
      return
    }
    let policies = Self.policies(of: scenario, beside: path)
    diagnostics = parsed.diagnostics + (policies?.diagnostics ?? [])
    guard policies?.hasErrors != true else {
      (resolved, mismatch) = (nil, nil)
      return
    }
    do throws(ScenarioError) {
      var found = try ResolvedScenario.resolve(scenario, services: policies?.store.sortedServices ?? [])
      found.zonedServices = Self.zoned(found, beside: path)
      resolved = found
      mismatch = nil
    } catch {
      (resolved, mismatch) = (nil, error)
    }
  }

  private static func parse(_ path: String) -> ParsedScenario {
    do {
      let handle = path == "-" ? FileHandle.standardInput : try FileHandle(forReadingFrom: URL(filePath: path))
      // One byte more than is read shows that there are more.
      let data = try handle.read(upToCount: ScenarioParser.fileBytesMax + 1) ?? Data()
      return ScenarioParser.parse([UInt8](data), path: path == "-" ? "<stdin>" : path)
    } catch {
      let reason = (error as? CocoaError)?.code == .fileReadNoSuchFile ? "no such file" : "\(reason(of: error))"
      let start = SourceLocation(file: path, line: 1, column: 1)
      return ParsedScenario(
        scenario: nil, diagnostics: [Diagnostic(severity: .error, location: start, field: "", message: reason)])
    }
  }

  private static func reason(of error: any Error) -> String {
    let underlying = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
    guard let code = underlying.flatMap({ $0.domain == NSPOSIXErrorDomain ? Int32($0.code) : nil }) else {
      return error.localizedDescription
    }
    return String(cString: strerror(code))
  }

  /// As the nodes of each zone see the service: the same endpoints, of which some are standbys there.
  private static func zoned(_ resolved: ResolvedScenario, beside path: String) -> [Service] {
    resolved.scenario.clients.zones.map { zone in
      let load = policies(of: resolved.scenario, beside: path, zone: zone)
      return load?.store.services[resolved.service.name] ?? resolved.service
    }
  }

  private static func policies(of scenario: Scenario, beside path: String, zone: String? = nil) -> PolicyLoad? {
    if scenario.policy.paths.isEmpty { return nil }
    let directory = path == "-" ? "" : URL(filePath: path).deletingLastPathComponent().relativePath
    let paths = scenario.policy.paths.map { written in
      written.hasPrefix("/") || directory.isEmpty || directory == "." ? written : "\(directory)/\(written)"
    }
    return PolicyLoad.load(paths: paths, zone: zone)
  }
}

/// The scenarios of a command, all of them good.
struct ScenarioSet {
  let files: [ScenarioFile]

  /// Says what is wrong with all of them before any is run.
  static func load(_ paths: [String]) throws -> ScenarioSet {
    let files = paths.map(ScenarioFile.init)
    for complaint in files.flatMap(\.complaints) { printError(complaint) }
    if files.contains(where: { $0.resolved == nil }) { throw ExitCode.invalidPolicy }
    let set = ScenarioSet(files: files)
    try set.checkNames()
    return set
  }

  /// Results are told apart by the scenario's name.
  func checkNames() throws {
    var paths: [String: String] = [:]
    for file in files {
      guard let name = file.resolved?.scenario.name else { continue }
      if let other = paths[name] {
        printError("\(other) and \(file.path) both have a scenario called `\(name)`; rename one in its metadata")
        throw ExitCode.invalidPolicy
      }
      paths[name] = file.path
    }
  }

  var scenarios: [Scenario] { files.compactMap { $0.resolved?.scenario } }

  /// All runs: by scenario, selector, seed.
  ///
  /// - Parameter selectors: the scenario's own when there are none.
  func jobs(selectors: [SelectorName], seeds: SeedOptions, by count: Int) -> [SimulationJob] {
    files.compactMap(\.resolved).flatMap { resolved in
      (selectors.isEmpty ? resolved.scenario.selectors : selectors).flatMap { selector in
        seeds.seeds(of: resolved.scenario, count: count).map { SimulationJob(resolved, selector: selector, seed: $0) }
      }
    }
  }

  /// The one command that repeats a run.
  func replay(_ result: RunResult) -> String {
    let file = files.first { $0.resolved?.scenario.name == result.scenario }
    return
      "swerve sim run \(Shell.quoted(file?.path ?? result.scenario)) --selector \(result.selector) --seed \(result.seed)"
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
