// SPDX-License-Identifier: Apache-2.0

/// What must hold of a run for it to pass: one line of a scenario's `expect`.
public struct Expectation: Hashable, Codable, Sendable {
  public var claim: Claim
  /// Requests that began from here on; nil: from the end of the warm-up.
  public var from: UInt64?
  /// Until here; nil: to the end.
  public var until: UInt64?
  /// Selectors it is made of; empty: all that are run.
  public var selectors: [SelectorName] = []

  public init(_ claim: Claim, from: UInt64? = nil, until: UInt64? = nil) {
    self.claim = claim
    self.from = from
    self.until = until
  }

  public enum Claim: Hashable, Codable, Sendable {
    /// The latency at a percentile (0 to 100), failures included, is below.
    case latency(percentile: Double, below: UInt64)
    /// ... is not below: a collapse that must be seen.
    case latencyAbove(percentile: Double, above: UInt64)
    /// Share of the requests that failed, 0 to 1.
    case errorRate(below: Double)
    /// ... is larger: failures that must be seen.
    case errorRateAbove(Double)
    /// From so long after `from` on, no second has more than this share of failed requests.
    case recovery(within: UInt64, errorRate: Double)
    /// Share of the requests that reached the endpoints of a group (one of them, with an index).
    case share(of: EventTarget, min: Double, max: Double)
    /// No request is sent to them.
    case noRequests(to: EventTarget)
    /// At least so many of the nodes have ejected them by then.
    case ejected(EventTarget, by: UInt64, nodes: Double)
    /// Successful requests per second.
    case throughput(above: Double)
    /// Requests refused for a reason of docs/REASONS.md are between these numbers.
    case refused(reason: String, min: Int, max: Int)

    /// The endpoints it is about; nil when it is about requests as a whole.
    var target: EventTarget? {
      switch self {
      case .share(let target, _, _), .noRequests(let target), .ejected(let target, _, _): target
      default: nil
      }
    }
  }
}
