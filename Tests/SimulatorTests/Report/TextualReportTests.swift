// SPDX-License-Identifier: Apache-2.0

import Foundation
import Simulator
import Testing

@Suite struct TextualReportTests {
  private func run(_ selector: SelectorName, _ seed: UInt64, ms: UInt64) -> RunResult {
    var result = RunResult(scenario: "steady", selector: selector, seed: seed, windowNanoseconds: 1_000_000_000)
    for _ in 0..<1_000 { result.latency.add(ms << 20) }
    result.outcomes.successes = 990
    result.outcomes.refusals = ["no_healthy": 10]
    result.outcomes.retries = 5
    result.requestCount = 1_200
    result.traceHash = 0xAB
    result.verdicts = [
      Verdict(expectation: "p99 below 50 ms", holds: ms < 48, measured: "p99 \(ms) ms | of all")
    ]
    return result
  }

  @Test func theTableIsExactlyThis() {
    let random = SelectorName.baseline(.random, ejection: false)
    let report = MarkdownReport(results: [run(.core, 1, ms: 32), run(random, 1, ms: 64)])
    let expected = """
      ## steady

      Seed 1, 2,400 requests simulated.

      | selector | p50 | p90 | p99 | p99.9 | errors | p99 ratio to swerve | retries per 1,000 | expectations |
      | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
      | swerve | **33.7 ms** | **33.7 ms** | **33.7 ms** | **33.7 ms** | 1 % | 1 | 5 | ✓ 1/1 |
      | random | 67.4 ms | 67.4 ms | 67.4 ms | 67.4 ms | 1 % | 2 | 5 | ✗ 0/1 |

      |  | selector | expectation | measured | seeds |
      | --- | --- | --- | --- | --- |
      | ✓ | swerve | p99 below 50 ms | p99 32 ms \\| of all | 1 of 1 |
      | ✗ | random | p99 below 50 ms | p99 64 ms \\| of all | 0 of 1 |

      """
    #expect(report.markdown() == expected)
  }

  @Test func rowsOfPolicySetsAreCalledByTheirLabels() {
    var results = [run(.core, 1, ms: 32), run(.core, 1, ms: 64)]
    (results[0].policy, results[1].policy) = ("old", "a|b")
    let text = MarkdownReport(results: results).markdown()
    #expect(text.contains("| policies | p50 |") && text.contains("| p99 ratio to old |"))
    #expect(text.contains("\n| old | **33.7 ms** |") && text.contains("\n| a\\|b | 67.4 ms |"))
    #expect(text.contains("| ✗ | a\\|b | p99 below 50 ms |"))
    #expect(RunSummary(results[1]).policies == "a|b")
  }

  @Test func intervalsAndViolationsAreInIt() {
    var results = [run(.core, 1, ms: 32), run(.core, 2, ms: 32)]
    results[1].violations = [Violation(time: 2_000_000_000, invariant: "in flight *never* negative", detail: "-1")]
    let text = MarkdownReport(results: results).markdown()
    #expect(text.contains("| swerve | 33.7 ms ± 0 s |"))
    #expect(
      text.contains(
        "- **in flight \\*never\\* negative** at 2 s: -1 (`swerve sim run steady --selector swerve --seed 2`)"))
  }

  @Test func theSummaryIsSmallAndKeepsTheHash() throws {
    var result = run(.core, 3, ms: 32)
    result.windows = [Window(), Window()]
    result.windows[1].requests = 2
    result.windows[1].latency.add(1 << 25)
    let summary = RunSummary(result)
    #expect(summary.traceHash == "00000000000000ab")
    #expect(summary.selector == "swerve")
    #expect(summary.latency.p99 == result.latency.percentile(99))
    #expect(summary.windows.map(\.requests) == [0, 2])
    #expect(summary.replay == "swerve sim run steady --selector swerve --seed 3")
    let data = try JSONEncoder().encode(summary)
    #expect(data.count < 2_000)
    #expect(try JSONDecoder().decode(RunSummary.self, from: data).outcomes == result.outcomes)
  }
}
