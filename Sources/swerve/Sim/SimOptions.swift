// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Policy
import Simulator
import Testbed

struct SelectorOptions: ParsableArguments {
  @Option(
    name: .customLong("selector"),
    help: ArgumentHelp(
      "By which rule endpoints are selected; may be repeated. (default: those of the scenario)",
      valueName: "name"),
    completion: .list(SelectorName.all.map(\.description)), transform: SelectorOptions.name)
  var selectors: [SelectorName] = []

  private static func name(_ text: String) throws -> SelectorName {
    if let name = SelectorName(text) { return name }
    let all = SelectorName.all.map(\.description)
    let advice =
      Suggestion.nearest(to: text, among: all).map { "did you mean `\($0)`?" }
      ?? "there is \(all.joined(separator: ", "))"
    throw ValidationError("no selector is called `\(text)`; \(advice)")
  }
}

struct SeedOptions: ParsableArguments {
  @Option(help: "The first seed. (default: that of the scenario)")
  var seed: UInt64?

  @Option(help: "How many seeds, one after the other.")
  var seeds: Int?

  func validate() throws {
    if let seeds, !(1...100_000).contains(seeds) { throw ValidationError("--seeds must be between 1 and 100000") }
  }

  func seeds(of scenario: Scenario, count usual: Int) -> [UInt64] {
    (0..<UInt64(seeds ?? usual)).map { (seed ?? scenario.seed) &+ $0 }
  }
}

/// Where reports go besides the terminal.
struct ReportOptions: ParsableArguments {
  @Option(help: "Write the tables as Markdown.", completion: .file(extensions: ["md"]))
  var markdown: String?

  @Option(help: "Write a page with charts, one file that needs nothing else.", completion: .file(extensions: ["html"]))
  var html: String?

  /// Before anything is run.
  func check(_ jobs: [SimulationJob]) throws {
    let count = Set(jobs.map { Variant($0.selector, policy: $0.policy) }).count
    if html != nil, count > HTMLReport.variantsMax {
      throw ValidationError(
        "a page shows at most \(HTMLReport.variantsMax) selectors with policies apart, and these are \(count)")
    }
  }

  func write(_ results: [RunResult], _ set: ScenarioSet, comparison: Comparison? = nil) throws {
    if let markdown {
      let report = MarkdownReport(
        results: results, comparison: comparison, scenarios: set.scenarios, replay: set.replay)
      try Files.replace(markdown, with: report.markdown())
    }
    if let html {
      let report = HTMLReport(results: results, comparison: comparison, scenarios: set.scenarios, replay: set.replay)
      try Files.replace(html, with: report.html())
    }
  }
}
