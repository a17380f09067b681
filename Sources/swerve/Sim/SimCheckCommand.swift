// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import Simulator
import Testbed

struct SimCheckCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Run scenarios and fail when an expectation does not hold: for continuous integration.",
    discussion: """
      Runs every scenario of the files and directories with its own selectors and holds the results against its `expect`
      block; of a directory the .yaml and .yml files that are in it, not those further below. One line a scenario, and
      for every failure the command that repeats it.

      EXAMPLES
        swerve sim check simulator/scenarios
        swerve sim check simulator/scenarios --seeds 5 --junit sim.xml
        swerve sim check outlier.yaml --policies my-policies/ --service shop/cart
        swerve sim check simulator/scenarios --json | jq '.scenarios[] | select(.passed | not)'

      EXIT STATUS
        0 everything holds   1 an expectation does not hold, or an invariant was violated   64 bad usage
        65 a scenario or one of its policy files is invalid; the others were run
      """)

  @Argument(help: "Scenario files and directories of them.", completion: .file())
  var paths: [String]

  @OptionGroup var policies: PolicyOptions
  @OptionGroup var seeds: SeedOptions
  @OptionGroup var output: OutputOptions

  @Option(help: "Write the results as JUnit XML.", completion: .file(extensions: ["xml"]))
  var junit: String?

  @Flag(help: "Nothing on standard error but mistakes.")
  var quiet = false

  func run() async throws {
    let set = ScenarioSet(reading: try Self.files(paths), policies: policies.sets)
    set.printComplaints()
    try set.checkNames()
    let results = try SimulationBatch.run(set.jobs(selectors: [], seeds: seeds, by: 1), isQuiet: quiet)
    let report = CheckReport(set, results)
    if let junit { try Files.replace(junit, with: report.junit) }
    if output.json {
      try OutputOptions.printJSON(report)
    } else {
      print(report.text)
    }
    if !report.valid { throw ExitCode.invalidPolicy }
    if !report.passed { throw ExitCode.failure }
  }

  /// Files as they are named, and those of directories by name; a file that is named twice is checked once.
  static func files(_ paths: [String]) throws -> [String] {
    var seen: Set<String> = []
    let all = try paths.flatMap { path -> [String] in
      var isDirectory: ObjCBool = false
      guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory), isDirectory.boolValue else {
        return [path]
      }
      let names = try FileManager.default.contentsOfDirectory(atPath: path).filter {
        ($0.hasSuffix(".yaml") || $0.hasSuffix(".yml")) && !$0.hasPrefix(".")
      }
      guard !names.isEmpty else {
        throw ValidationError("\(path) holds no scenario, a file that ends in .yaml or .yml")
      }
      return names.sorted().map { path.hasSuffix("/") ? path + $0 : "\(path)/\($0)" }
    }
    return all.filter { seen.insert($0).inserted }
  }
}
