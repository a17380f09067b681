// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import swerve

@Suite struct SummaryTests {
  private func sample(_ path: BenchPath, round: Int, _ rate: Double) -> Sample {
    Sample(.keepAlive, path.rawValue, size: 32, round: round, [.requestsPerSecond: rate])
  }

  @Test func ratiosPairSamplesOfTheSameRound() throws {
    // The order of paths differs from round to round, as it does in a real run.
    let samples = [
      sample(.direct, round: 0, 100), sample(.swerve, round: 0, 99),
      sample(.swerve, round: 1, 49), sample(.direct, round: 1, 50),
      sample(.direct, round: 2, 10), sample(.swerve, round: 2, 20),
    ]
    let summaries = Summary.all(of: samples)
    #expect(summaries.map(\.subject) == ["direct", "swerve"])
    let swerve = try #require(summaries.last)
    #expect(swerve.ratios["requestsPerSecond"] == [0.99, 0.98, 2])
    #expect(swerve.ratio(.requestsPerSecond) == 0.99)
    #expect(swerve.median(.requestsPerSecond) == 49)
    #expect(swerve.median(.p50Microseconds) == nil)
  }

  @Test func roundWithoutABaseHasNoRatio() throws {
    let summaries = Summary.all(of: [sample(.swerve, round: 0, 5)])
    #expect(summaries.first?.ratios.isEmpty == true)
  }

  @Test func decisionsAreComparedWithTheFewestEndpoints() throws {
    let samples = [
      Sample(.decisions, "RANDOM", size: 1024, round: 0, [.nanosecondsPerDecision: 120]),
      Sample(.decisions, "RANDOM", size: 64, round: 0, [.nanosecondsPerDecision: 100]),
      Sample(.decisions, DecisionMeasurement.passer, size: 1, round: 0, [.nanosecondsPerDecision: 50]),
    ]
    let summaries = Summary.all(of: samples)
    #expect(summaries.first { $0.size == 1024 }?.ratio(.nanosecondsPerDecision) == 1.2)
    let bars = Bar.all(summaries, nil)
    #expect(bars.map(\.measured) == [100, 1.2])
    #expect(bars.map(\.isPassed) == [true, true])
  }

  @Test func barTakesTheWorstSize() {
    var samples: [Sample] = []
    for (size, rate) in [(1, 100.0), (32, 90.0)] {
      samples.append(Sample(.keepAlive, "direct", size: size, round: 0, [.requestsPerSecond: 100]))
      samples.append(Sample(.keepAlive, "swerve", size: size, round: 0, [.requestsPerSecond: rate]))
      samples.append(Sample(.keepAlive, "envoy", size: size, round: 0, [.requestsPerSecond: 20]))
    }
    let bars = Bar.all(Summary.all(of: samples), nil)
    #expect(bars.map(\.measured) == [0.9])
    #expect(bars.map(\.isPassed) == [false])
  }
}
