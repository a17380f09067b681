// SPDX-License-Identifier: Apache-2.0

import Foundation
import FoundationXML
import Testing

@testable import Simulator

@Suite struct PageTests {
  private static let few = SyntheticRuns(seeds: [1, 2], windows: 30, requestsPerWindow: 60)

  private func page(_ runs: SyntheticRuns, change: (inout [RunResult]) -> Void = { _ in }) -> String {
    var results = runs.results()
    change(&results)
    return HTMLReport(results: results, scenarios: [runs.model]).html()
  }

  private static let shapes: [SyntheticRuns] = [
    few,
    SyntheticRuns(selectors: [.core], seeds: [1], endpoints: 1, windows: 1, requestsPerWindow: 3_000, hasFault: false),
    SyntheticRuns(seeds: [1], windows: 5, requestsPerWindow: 0),
    SyntheticRuns(seeds: [1], windows: 0),
    SyntheticRuns(
      selectors: SelectorName.all, seeds: [1], endpoints: 100, windows: 10, requestsPerWindow: 50, hasErrors: false,
      hasVerdicts: false),
    SyntheticRuns(selectors: [.core], seeds: [1], endpoints: 300, windows: 10, requestsPerWindow: 50),
  ]

  /// Made once: the large ones take a while.
  private static let pages = shapes.map { HTMLReport(results: $0.results(), scenarios: [$0.model]).html() }

  @Test(arguments: shapes.indices)
  func thePageIsWellFormed(shape: Int) throws {
    let reader = PageReader()
    let parser = XMLParser(data: Data(Self.pages[shape].utf8))
    parser.delegate = reader
    #expect(parser.parse(), "\(parser.parserError as (any Error)?), line \(parser.lineNumber)")
    #expect(reader.identifiers.count == Set(reader.identifiers).count)
    #expect(reader.drawings == reader.drawingsWithTitle)
    #expect(reader.notNumbers == [])
  }

  @Test(arguments: shapes.indices)
  func nothingComesFromElsewhere(shape: Int) {
    let text = Self.pages[shape].replacing("http://www.w3.org/2000/svg", with: "")
    for word in ["http:", "https:", "//", "<script", "@import", "url(", "src=", "<link"] {
      #expect(!text.contains(word), "\(word)")
    }
  }

  @Test func theSameResultsMakeTheSamePage() {
    #expect(page(Self.few) == page(Self.few))
  }

  @Test func namesFromFilesAreEscaped() {
    var runs = Self.few
    runs.scenario = "<img onerror=\"x\">&"
    let text = page(runs) { results in
      results[0].faults[0].label = "<b>bold</b>"
      results[0].verdicts[0].measured = "</td>"
      results[0].verdicts[0].holds = false
    }
    #expect(!text.contains("<img"))
    #expect(!text.contains("<b>"))
    #expect(text.contains("&lt;b&gt;bold&lt;/b&gt;"))
  }

  @Test func aViolationIsShownWithTheCommandThatRepeatsIt() {
    let violation = Violation(time: 1_500_000_000, invariant: "work is conserved", detail: "lost 1 request")
    let text = page(Self.few) { $0[1].violations = [violation] }
    #expect(text.contains("What may never happen did"))
    #expect(text.contains("work is conserved"))
    #expect(text.contains("swerve sim run hang-of-one --selector swerve --seed 2"))
    #expect(text.contains("1 violation of invariants"))
    #expect(!page(Self.few).contains("What may never happen did"))
  }

  @Test func aFailedExpectationOfOneSeedIsCounted() {
    let text = page(Self.few) { results in
      for index in results.indices {
        for verdict in results[index].verdicts.indices { results[index].verdicts[verdict].holds = true }
      }
      results[1].verdicts[0].holds = false
      results[1].verdicts[0].measured = "p99 9 s of 7 requests"
    }
    #expect(text.contains("1 of 20 expectations fail"))
    #expect(text.contains("✗ fails 1/2"))
    #expect(text.contains("p99 9 s of 7 requests"))
  }

  @Test func whatIsAbsentIsSaid() {
    let calm = page(SyntheticRuns(seeds: [1], windows: 10, hasFault: false, hasErrors: false, hasVerdicts: false))
    #expect(calm.contains("No request failed."))
    #expect(calm.contains("Nothing was ejected."))
    #expect(!calm.contains("Expectations</h3>"))
    #expect(!calm.contains("What goes wrong"))
    #expect(page(SyntheticRuns(seeds: [1], windows: 5, requestsPerWindow: 0)).contains("No request was counted."))
  }

  @Test func eventsOfTheBreakersAreListedBelowThem() {
    let text = page(Self.few)
    #expect(text.contains("<th scope=\"row\">16.25 s</th><td>backend-0</td><td>ejected</td><td>consecutive_5xx</td>"))
    #expect(text.contains("<td>the service</td><td>panic</td>"))
  }

  @Test func policySetsHaveLinesAndRowsOfTheirOwn() {
    let runs = SyntheticRuns(selectors: [.core], seeds: [1], windows: 10, requestsPerWindow: 40)
    let results = ["old", "<new>"].flatMap { label in
      runs.results().map { result in
        var result = result
        result.policy = label
        return result
      }
    }
    let text = HTMLReport(results: results, scenarios: [runs.model]).html()
    #expect(text.contains("id=\"s0-k0\"") && text.contains("id=\"s0-k1\"") && !text.contains("id=\"s0-k2\""))
    #expect(text.contains("<th scope=\"col\">policies</th>") && text.contains("p99 ratio to old"))
    #expect(text.contains("<span>policies old and &lt;new&gt;</span>"))
    #expect(!text.contains("selector</th>"))
    let both = results + SyntheticRuns(scenario: "two", selectors: [.core], seeds: [1], windows: 1).results()
    #expect(HTMLReport(results: both).html().contains("<h1>Comparison of policies</h1>"))
  }

  @Test func severalScenariosHaveContents() {
    let runs = ["one", "two"].map { SyntheticRuns(scenario: $0, seeds: [1], windows: 10, requestsPerWindow: 40) }
    let text = HTMLReport(results: runs.flatMap { $0.results() }, scenarios: runs.map(\.model)).html()
    #expect(text.contains("<a href=\"#s1\">two</a>"))
    #expect(text.contains("<section id=\"s1\""))
    #expect(text.contains("geometric mean"))
  }

  @Test func theBestOfEachColumnIsMarkedAndTheOracleIsNotRanked() {
    func run(_ selector: SelectorName, _ ms: UInt64) -> PooledRun? {
      var result = RunResult(scenario: "s", selector: selector, seed: 1, windowNanoseconds: 1)
      for _ in 0..<100 { result.latency.add(ms * 1_000_000) }
      result.outcomes.successes = 100
      return PooledRun([result], style: 0)
    }
    let runs = [
      run(.core, 20), run(.baseline(.random, ejection: false), 40), run(.baseline(.oracle, ejection: false), 10),
    ].compactMap { $0 }
    let table = ResultsTable(runs, Comparison(results: runs.flatMap(\.runs)))
    #expect(table.rows.map { $0.cells[2].isBest } == [true, false, false])
    // Nobody has errors: no one is best.
    #expect(table.rows.allSatisfy { !$0.cells[4].isBest })
  }

  @Test func distributionsNeverFall() throws {
    let runs = try #require(PooledRun(Self.few.results().filter { $0.selector == .core }, style: 0))
    let points = LatencyCharts.points(of: runs, from: 30e6).compactMap { $0 }
    #expect(points.count > 20)
    #expect(points.first?.x == 30e6)
    #expect(points.last?.y == 1)
    for (earlier, later) in zip(points, points.dropFirst()) { #expect(earlier.x < later.x && earlier.y <= later.y) }
  }
}

/// Collects what must hold of every page.
private final class PageReader: NSObject, XMLParserDelegate {
  var identifiers: [String] = []
  var drawings = 0
  var drawingsWithTitle = 0
  var notNumbers: [String] = []
  private var isFirstOfDrawing = false

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
    attributes: [String: String]
  ) {
    if let identifier = attributes["id"] { identifiers.append(identifier) }
    for value in attributes.values where value.contains("nan") && !value.contains("nano") { notNumbers.append(value) }
    if isFirstOfDrawing, name == "title" { drawingsWithTitle += 1 }
    isFirstOfDrawing = name == "svg" && attributes["role"] == "img"
    if isFirstOfDrawing { drawings += 1 }
  }
}
