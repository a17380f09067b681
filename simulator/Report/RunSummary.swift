// SPDX-License-Identifier: Apache-2.0

/// A run for `--json`: what people and dashboards read, without the histograms. Times are nanoseconds.
public struct RunSummary: Codable, Sendable {
  public var scenario: String
  public var selector: String
  /// Label of the set of policy files; left out with the scenario's own.
  public var policies: String?
  public var seed: UInt64
  /// 16 digits: as a number it would not survive readers that have doubles only.
  public var traceHash: String
  public var requests: Int
  public var events: Int
  public var outcomes: Outcomes
  public var errorRate: Double
  /// Of the counted requests.
  public var latency: Percentiles
  public var windowNanoseconds: UInt64
  public var windows: [WindowSummary]
  public var endpoints: [EndpointResult]
  public var faults: [FaultBand]
  public var verdicts: [Verdict]
  public var violations: [Violation]
  /// The command that repeats the run.
  public var replay: String

  public struct Percentiles: Hashable, Codable, Sendable {
    public var p50, p90, p99, p999: UInt64
  }

  public struct WindowSummary: Hashable, Codable, Sendable {
    public var requests: Int
    public var failures: Int
    public var p50: UInt64
    public var p99: UInt64
  }

  public init(_ result: RunResult, replay: String? = nil) {
    scenario = result.scenario
    selector = result.selector.description
    policies = result.policy
    seed = result.seed
    let digits = String(result.traceHash, radix: 16)
    traceHash = String(repeating: "0", count: 16 - digits.count) + digits
    requests = result.requestCount
    events = result.eventCount
    outcomes = result.outcomes
    errorRate = result.outcomes.errorRate
    latency = Percentiles(
      p50: result.latency.percentile(50), p90: result.latency.percentile(90), p99: result.latency.percentile(99),
      p999: result.latency.percentile(99.9))
    windowNanoseconds = result.windowNanoseconds
    windows = result.windows.map { window in
      WindowSummary(
        requests: window.requests, failures: window.failures, p50: window.latency.percentile(50),
        p99: window.latency.percentile(99))
    }
    endpoints = result.endpoints
    faults = result.faults
    verdicts = result.verdicts
    violations = result.violations
    self.replay = replay ?? HTMLReport.replayCommand(result)
  }
}
