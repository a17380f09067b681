// SPDX-License-Identifier: Apache-2.0

/// One experiment: who asks whom over which network, what goes wrong when, and what must hold.
///
/// A plain value: what is written in a scenario file (docs/SIMULATOR.md), checked, with defaults filled in. Times are
/// nanoseconds of simulated time from the start of the run.
public struct Scenario: Hashable, Codable, Sendable {
  public var name: String
  /// What it shows, one or two sentences.
  public var summary = ""
  /// Until when requests arrive. The run goes on until all of them are over.
  public var duration: UInt64
  /// What arrives before is simulated but not counted.
  public var warmup: UInt64 = 0
  public var seed: UInt64 = 1
  /// Selectors to run when the command line names none.
  public var selectors: [SelectorName] = [.core]
  /// The policy files under test; none: a service made of the endpoint groups, with default policy.
  public var policy = PolicyReference()
  public var clients = Clients()
  public var load: [LoadPhase]
  /// Work of a request in nanoseconds of one core, unless the endpoint group has its own.
  public var work: Distribution = .constant(1e6)
  public var endpoints: [EndpointGroup]
  public var network = Network()
  public var agent = AgentTimes()
  public var timeline: [TimelineEvent] = []
  public var expectations: [Expectation] = []

  public init(name: String, duration: UInt64, load: [LoadPhase], endpoints: [EndpointGroup]) {
    self.name = name
    self.duration = duration
    self.load = load
    self.endpoints = endpoints
  }

  public var endpointCount: Int { endpoints.reduce(0) { $0 + $1.count } }
}

/// The policy files of a scenario.
public struct PolicyReference: Hashable, Codable, Sendable {
  /// Relative to the scenario's file.
  public var paths: [String] = []
  /// `namespace/name:port` or less, as `swerve explain` takes it; nil when the files have only one service.
  public var service: String?

  public init() {}
}

/// Who asks.
public struct Clients: Hashable, Codable, Sendable {
  /// Requests come from all of them alike.
  public var count = 1
  /// Each has its own tables; clients are dealt to them in turn.
  public var nodes = 1
  /// Zones of the nodes, dealt in turn; empty when there are none.
  public var zones: [String] = []
  public var mode = Mode.request
  /// How long a client waits for the whole of a request, retries included; 0: without limit.
  public var timeout: UInt64 = 0
  /// Endpoints stop working on a request whose client has gone, as gRPC servers do. Most HTTP/1.1 servers do not.
  public var cancelsWork = false
  /// Connection mode: how long a connection is kept idle, and for how many requests; 0 requests: any number.
  public var keepAlive: UInt64 = 90_000_000_000
  public var requestsPerConnection = 0
  /// A request may go to this many endpoints only, neighbours in their order, by its key: a store with replicas. 0: to
  /// all.
  public var replicas = 0

  public init() {}

  public enum Mode: String, Hashable, Codable, CaseIterable, Sendable {
    /// An endpoint is selected for each request.
    case request
    /// An endpoint is selected for each connection; requests follow each other on it.
    case connection
  }
}

/// How many requests come from a time on.
public struct LoadPhase: Hashable, Codable, Sendable {
  public var start: UInt64
  public var amount: Amount
  public var arrivals = Arrivals.poisson

  public init(start: UInt64 = 0, _ amount: Amount, arrivals: Arrivals = .poisson) {
    self.start = start
    self.amount = amount
    self.arrivals = arrivals
  }

  public enum Amount: Hashable, Codable, Sendable {
    /// Of all clients together.
    case requestsPerSecond(Double)
    /// Share of the cores of all endpoint groups at their nominal speed that the work is meant to fill.
    case utilization(Double)
    /// Every client sends its next request when it has its answer and has paused for a while (nanoseconds).
    case closedLoop(think: Distribution)
  }

  public enum Arrivals: String, Hashable, Codable, CaseIterable, Sendable {
    case poisson
    /// At equal distances.
    case constant
  }
}

/// Delays of the control plane.
public struct AgentTimes: Hashable, Codable, Sendable {
  /// From a change of the endpoints until a node has it published.
  public var discoveryDelay: UInt64 = 10_000_000
  /// Time between two looks at the statistics (rates, reports).
  public var epoch: UInt64 = 1_000_000_000
  /// Age of the statistics by the time they are looked at.
  public var reportDelay: UInt64 = 0

  public init() {}
}
