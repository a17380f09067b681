// SPDX-License-Identifier: Apache-2.0

/// A rule by which the nodes of a simulation select endpoints. One object for all nodes; it keeps their states apart.
///
/// Deterministic: what chance it needs comes from `Choice.random`. Times are nanoseconds of simulated time. What is
/// balanced are requests in request mode, connections in connection mode: both are called requests here.
protocol EndpointSelector: AnyObject {
  /// Which information the rule needs beyond what a client sees by itself.
  var needs: SelectorNeeds { get }

  /// Selects an endpoint among `choice.candidates`, which are never none.
  func select(_ choice: borrowing Choice) -> Selection

  /// A request was sent to the endpoint that was selected last for it.
  func sent(node: Int, endpoint: Int, now: UInt64)

  /// Connection mode: the connection is made.
  func established(node: Int, endpoint: Int, roundTrip: UInt64, now: UInt64)

  /// It is over, exactly once for each that was sent.
  func finished(node: Int, endpoint: Int, result: SelectorResult, now: UInt64)

  /// What an endpoint says of itself: the answer to a probe, or what came with a response.
  func reported(node: Int, endpoint: Int, report: LoadReport, now: UInt64)

  /// Every `needs.tick`.
  func tick(now: UInt64)

  /// The node knows of other endpoints from now on. `endpoint` in no list any more may come back later, as a new one.
  func left(node: Int, endpoint: Int, now: UInt64)

  /// Whether it leaves endpoints out for a while by itself (outlier detection).
  var ejects: Bool { get }

  /// Whether the node leaves the endpoint out at present.
  func isEjected(node: Int, endpoint: Int) -> Bool

  /// Called whenever a node begins or ceases to leave an endpoint out. Set by the simulation where `ejects`.
  var onTransition: EjectionObserver? { get set }
}

/// Hears of an ejection (`isEjected`) or of its end.
typealias EjectionObserver = (_ node: Int, _ endpoint: Int, _ isEjected: Bool, _ now: UInt64) -> Void

extension EndpointSelector {
  var needs: SelectorNeeds { SelectorNeeds() }
  func reported(node: Int, endpoint: Int, report: LoadReport, now: UInt64) {}
  func established(node: Int, endpoint: Int, roundTrip: UInt64, now: UInt64) {}
  func tick(now: UInt64) {}
  func left(node: Int, endpoint: Int, now: UInt64) {}
  var ejects: Bool { false }
  func isEjected(node: Int, endpoint: Int) -> Bool { false }
  var onTransition: EjectionObserver? {
    get { nil }
    set {}
  }
}

struct SelectorNeeds: Equatable, Sendable {
  /// A load report with every response.
  var reports = false
  /// Whether it sends probes (`SelectorServices.probe`).
  var probes = false
  /// Time between two ticks; 0: none.
  var tick: UInt64 = 0

  init(reports: Bool = false, probes: Bool = false, tick: UInt64 = 0) {
    self.reports = reports
    self.probes = probes
    self.tick = tick
  }
}

/// What one selection goes by.
struct Choice: ~Copyable {
  let node: Int
  /// The same number for the same client, for consistent hashes.
  let client: Int
  let now: UInt64
  /// 64 fresh random bits.
  let random: UInt64
  /// Endpoints the node knows that take new requests, ascending; never empty. Borrowed for the call.
  let candidates: UnsafeBufferPointer<Int32>
  /// Endpoints that a request was sent to before, to be avoided where there are others; -1 in places that are not used.
  let tried: SIMD4<Int32>
  /// Which list of candidates this is: with `replicas` there is one for each first endpoint, else only 0.
  let list: Int

  init(
    node: Int, client: Int, now: UInt64, random: UInt64, candidates: UnsafeBufferPointer<Int32>, list: Int,
    tried: SIMD4<Int32> = SIMD4(repeating: -1)
  ) {
    self.tried = tried
    self.node = node
    self.client = client
    self.now = now
    self.random = random
    self.candidates = candidates
    self.list = list
  }
}

enum Selection: Equatable, Sendable {
  case endpoint(Int)
  /// Index of a reason of docs/REASONS.md (`enum swerve_reason`).
  case refused(reason: UInt32)
  /// To be asked again at that time: the rule holds the request back (C3's rate limit).
  case wait(until: UInt64)
}

/// How a request went.
struct SelectorResult: Equatable, Sendable {
  /// HTTP status; 0: no response (refused, reset, timed out).
  var status: Int
  var latency: UInt64
  /// The client has gone before the response; `status` is 0.
  var isAbandoned: Bool
  /// The connection could not be made; `status` is 0.
  var isUnconnected: Bool

  init(status: Int, latency: UInt64, isAbandoned: Bool = false, isUnconnected: Bool = false) {
    self.status = status
    self.latency = latency
    self.isAbandoned = isAbandoned
    self.isUnconnected = isUnconnected
  }

  var isSuccess: Bool { status != 0 && status < 500 }
}

/// What an endpoint knows of its own load, at one moment.
struct LoadReport: Equatable, Sendable {
  /// Requests between arrival and end of the answer.
  var requestsInFlight: UInt32
  /// Median latency of recent requests that arrived when about as many were in flight; 0: none yet.
  var latency: UInt64
  /// Used share of the cores it is meant to have; may be above 1.
  var utilization: Double
  var requestsPerSecond: Double
  var errorsPerSecond: Double
  /// Mean time of service of a request, waiting not included, nanoseconds.
  var serviceTime: Double

  init(
    requestsInFlight: UInt32 = 0, latency: UInt64 = 0, utilization: Double = 0, requestsPerSecond: Double = 0,
    errorsPerSecond: Double = 0, serviceTime: Double = 0
  ) {
    self.requestsInFlight = requestsInFlight
    self.latency = latency
    self.utilization = utilization
    self.requestsPerSecond = requestsPerSecond
    self.errorsPerSecond = errorsPerSecond
    self.serviceTime = serviceTime
  }
}

/// What the simulation does for a selector.
protocol SelectorServices: AnyObject {
  var nodeCount: Int { get }
  var endpointCount: Int { get }
  /// Weight of an endpoint, as its group has it.
  func weight(of endpoint: Int) -> Double
  /// Asks an endpoint for its load; `reported` gets the answer after a round trip, unless it is lost.
  func probe(node: Int, endpoint: Int)

  // The truth, for the oracle only.
  /// When a request that came to the endpoint now would be answered, nanoseconds from now, at its present speed; nil: it
  /// would not, or with an error.
  func expectedLatency(of endpoint: Int) -> Double?
}
