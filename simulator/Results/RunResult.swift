// SPDX-License-Identifier: Apache-2.0

/// What one run of a scenario with one selector, one set of policy files and one seed has brought.
public struct RunResult: Codable, Sendable {
  public var scenario: String
  public var selector: SelectorName
  /// Label of the set of policy files; nil: the scenario's own.
  public var policy: String?
  public var seed: UInt64
  /// Of everything that happened, in order: equal hashes, equal runs.
  public var traceHash: UInt64
  /// Requests that were counted: those that began after the warm-up.
  public var outcomes = Outcomes()
  /// Of the counted requests; a failed one has the time until the client knew.
  public var latency = LatencyHistogram()
  /// Equal parts of the whole duration, warm-up included.
  public var windows: [Window] = []
  public var windowNanoseconds: UInt64
  public var endpoints: [EndpointResult] = []
  public var faults: [FaultBand] = []
  /// Of the node that saw the most, in the order of time; at most `transitionsMax`.
  public var transitions: [Transition] = []
  /// Verdicts on the scenario's expectations, in their order; those of other selectors are left out.
  public var verdicts: [Verdict] = []
  public var violations: [Violation] = []
  /// Events of the simulation.
  public var eventCount = 0
  /// Requests simulated, warm-up included.
  public var requestCount = 0

  public var variant: Variant { Variant(selector, policy: policy) }

  public static let transitionsMax = 10_000

  public init(scenario: String, selector: SelectorName, seed: UInt64, windowNanoseconds: UInt64) {
    self.scenario = scenario
    self.selector = selector
    self.seed = seed
    self.windowNanoseconds = windowNanoseconds
    traceHash = 0
  }
}

/// Counted requests by how they ended for the client.
public struct Outcomes: Hashable, Codable, Sendable {
  public var successes = 0
  /// Answered by the policy's fallback.
  public var fallbacks = 0
  /// Answered 5xx by an endpoint.
  public var statuses = 0
  /// Reset or refused by an endpoint.
  public var resets = 0
  public var timeouts = 0
  /// Refused by Swerve, by the name of the reason in docs/REASONS.md.
  public var refusals: [String: Int] = [:]
  /// Attempts after the first of a request.
  public var retries = 0

  public init() {}

  public var refused: Int { refusals.values.reduce(0, +) }
  public var failures: Int { statuses + resets + timeouts + refused }
  public var total: Int { successes + fallbacks + failures }
  public var errorRate: Double { total == 0 ? 0 : Double(failures) / Double(total) }

  /// Takes another run's together with these.
  public mutating func add(_ other: Outcomes) {
    successes += other.successes
    fallbacks += other.fallbacks
    statuses += other.statuses
    resets += other.resets
    timeouts += other.timeouts
    retries += other.retries
    refusals.merge(other.refusals, uniquingKeysWith: +)
  }
}

/// Requests that began in one part of the run.
public struct Window: Codable, Sendable {
  public var requests = 0
  public var failures = 0
  /// Coarse: percentiles are right within 3 %.
  public var latency = LatencyHistogram(precisionBits: 4)

  public init() {}
}

public struct EndpointResult: Codable, Sendable {
  /// `group-index`.
  public var name: String
  public var group: String
  /// Attempts that were sent to it after the warm-up.
  public var sent = 0
  /// Of those, answered 5xx or not at all.
  public var failed = 0
  /// Attempts sent, by window.
  public var sentByWindow: [Int] = []
  /// Share of the nodes that have it ejected or half-open at the end of each window; empty when nothing ejects.
  public var ejectedByWindow: [Double] = []
  /// Busy share of its nominal cores after the warm-up.
  public var utilization = 0.0

  public init(name: String, group: String) {
    self.name = name
    self.group = group
  }
}

/// A fault of the timeline, for people.
public struct FaultBand: Hashable, Codable, Sendable {
  /// For example `hang backend-0`.
  public var label: String
  public var from: UInt64
  /// nil: to the end.
  public var until: UInt64?
  /// Indices of endpoints.
  public var endpoints: [Int]

  public init(label: String, from: UInt64, until: UInt64?, endpoints: [Int]) {
    self.label = label
    self.from = from
    self.until = until
    self.endpoints = endpoints
  }
}

/// A breaker that changed, as `swerve events` names it.
public struct Transition: Hashable, Codable, Sendable {
  public var time: UInt64
  public var node: Int
  /// Index; nil for an event of the service (panic).
  public var endpoint: Int?
  public var kind: String
  public var cause: String

  public init(time: UInt64, node: Int, endpoint: Int?, kind: String, cause: String) {
    self.time = time
    self.node = node
    self.endpoint = endpoint
    self.kind = kind
    self.cause = cause
  }
}

/// Whether an expectation holds.
public struct Verdict: Hashable, Codable, Sendable {
  /// The expectation in words, with its bound: `p99 below 50 ms`.
  public var expectation: String
  public var holds: Bool
  /// What was measured, in words.
  public var measured: String

  public init(expectation: String, holds: Bool, measured: String) {
    self.expectation = expectation
    self.holds = holds
    self.measured = measured
  }
}

/// Something that may never happen did.
public struct Violation: Hashable, Codable, Sendable {
  public var time: UInt64
  /// For example `no request to an ejected endpoint`.
  public var invariant: String
  public var detail: String

  public init(time: UInt64, invariant: String, detail: String) {
    self.time = time
    self.invariant = invariant
    self.detail = detail
  }
}
