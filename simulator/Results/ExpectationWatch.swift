// SPDX-License-Identifier: Apache-2.0

/// Evaluates a scenario's expectations while it runs.
///
/// The engine tells what happens; each claim listens to what it is about. Nothing is allocated once it is made, and a
/// run without expectations costs a look at an empty array.
public final class ExpectationWatch {
  private let watches: [ClaimWatch]
  // Of `watches`, which keep them; not counted once more for every request.
  private let ofRequests: [Unmanaged<ClaimWatch>]
  private let ofAttempts: [Unmanaged<ClaimWatch>]
  private let ofEjections: [ClaimWatch]
  private let ofRefusals: [ClaimWatch]

  /// - Parameter selector: expectations that name selectors, but not this one, are left out.
  public init(_ scenario: Scenario, selector: SelectorName) {
    watches = scenario.expectations
      .filter { $0.selectors.isEmpty || $0.selectors.contains(selector) }
      .map { Self.watch(of: $0, in: scenario) }
    ofRequests = watches.filter { $0.subject == .requests }.map(Unmanaged.passUnretained)
    ofAttempts = watches.filter { $0.subject == .attempts }.map(Unmanaged.passUnretained)
    ofEjections = watches.filter { $0.subject == .ejections }
    ofRefusals = watches.filter { $0.subject == .refusals }
  }

  /// A request is over for its client: each one once, those of the warm-up and refused ones as well.
  ///
  /// - Parameters:
  ///   - failed: neither an endpoint's success nor the fallback's answer.
  ///   - latency: until the client knew, nanoseconds.
  @inline(__always)
  public func requestEnded(began: UInt64, ended: UInt64, failed: Bool, latency: UInt64) {
    for watch in ofRequests {
      watch._withUnsafeGuaranteedRef {
        if $0.from <= began, began < $0.until { $0.requestEnded(began: began, failed: failed, latency: latency) }
      }
    }
  }

  /// An attempt of a request was sent to an endpoint.
  @inline(__always)
  public func attemptSent(endpoint: Int, at time: UInt64) {
    for watch in ofAttempts {
      watch._withUnsafeGuaranteedRef { if $0.from <= time, time < $0.until { $0.attemptSent(endpoint: endpoint) } }
    }
  }

  /// A node has ejected an endpoint, or has it back.
  public func ejectionChanged(node: Int, endpoint: Int, isEjected: Bool, at time: UInt64) {
    for watch in ofEjections {
      watch.ejectionChanged(node: node, endpoint: endpoint, isEjected: isEjected, at: time)
    }
  }

  /// A request was refused, by the name of the reason in docs/REASONS.md; it is reported as ended, too.
  public func requestRefused(reason: String, began: UInt64) {
    for watch in ofRefusals where watch.from <= began && began < watch.until {
      watch.requestRefused(reason: reason)
    }
  }

  /// What has come of the expectations for this selector, in their order.
  public func verdicts() -> [Verdict] { watches.map { $0.verdict() } }

  private static func watch(of expectation: Expectation, in scenario: Scenario) -> ClaimWatch {
    switch expectation.claim {
    case .latency(let percentile, let below):
      LatencyWatch(percentile: percentile, bound: below, isAbove: false, expectation, scenario)
    case .latencyAbove(let percentile, let above):
      LatencyWatch(percentile: percentile, bound: above, isAbove: true, expectation, scenario)
    case .errorRate(let below): ErrorRateWatch(bound: below, isAbove: false, expectation, scenario)
    case .errorRateAbove(let above): ErrorRateWatch(bound: above, isAbove: true, expectation, scenario)
    case .recovery(let within, let errorRate):
      RecoveryWatch(within: within, errorRate: errorRate, expectation, scenario)
    case .share(let target, let min, let max): ShareWatch(of: target, min: min, max: max, expectation, scenario)
    case .noRequests(let target): NoRequestsWatch(to: target, expectation, scenario)
    case .ejected(let target, let time, let nodes):
      EjectedWatch(target, by: time, nodes: nodes, expectation, scenario)
    case .throughput(let above): ThroughputWatch(above: above, expectation, scenario)
    case .refused(let reason, let min, let max):
      RefusedWatch(reason: reason, min: min, max: max, expectation, scenario)
    }
  }
}

/// One claim and what was seen of it.
class ClaimWatch {
  enum Subject {
    case requests, attempts, ejections, refusals
  }

  let subject: Subject
  /// What began from here on ...
  let from: UInt64
  /// ... and before here counts. An expectation without end includes what happens after the last request has arrived.
  let until: UInt64
  /// Where the requests end: `until`, or the scenario's duration.
  let end: UInt64
  private let windowInWords: String

  init(_ subject: Subject, _ expectation: Expectation, _ scenario: Scenario) {
    self.subject = subject
    from = expectation.from ?? scenario.warmup
    until = expectation.until ?? .max
    end = min(until, scenario.duration)
    windowInWords =
      (expectation.from.map { " from " + Text.duration($0, digits: 6) } ?? "")
      + (expectation.until.map { " until " + Text.duration($0, digits: 6) } ?? "")
  }

  func requestEnded(began: UInt64, failed: Bool, latency: UInt64) {}
  func attemptSent(endpoint: Int) {}
  func ejectionChanged(node: Int, endpoint: Int, isEjected: Bool, at time: UInt64) {}
  func requestRefused(reason: String) {}
  func verdict() -> Verdict { Verdict(expectation: "", holds: false, measured: "") }

  /// A verdict on a claim in words; the window is added where the expectation has one.
  final func verdict(_ claim: String, holds: Bool, _ measured: String) -> Verdict {
    Verdict(expectation: claim + windowInWords, holds: holds, measured: measured)
  }

  static func bound(_ nanoseconds: UInt64) -> String { Text.duration(nanoseconds, digits: 6) }
  static func bound(_ share: Double) -> String { Text.percent(share, digits: 6) }
}
