// SPDX-License-Identifier: Apache-2.0

/// Something that happens.
public struct TimelineEvent: Hashable, Codable, Sendable {
  public var at: UInt64
  /// When it is over; nil: never.
  public var until: UInt64?
  public var target = EventTarget()
  public var fault: Fault

  public init(at: UInt64, until: UInt64? = nil, target: EventTarget = EventTarget(), _ fault: Fault) {
    self.at = at
    self.until = until
    self.target = target
    self.fault = fault
  }
}

/// Whom it happens to: the endpoints that fit all of these, and the nodes where the fault is one of nodes. Nothing said:
/// all.
public struct EventTarget: Hashable, Codable, Sendable {
  public var group: String?
  /// Indices in the group; empty: all.
  public var indices: [Int] = []
  public var zone: String?
  /// Indices of nodes; empty: all.
  public var nodes: [Int] = []

  public init(group: String? = nil, indices: [Int] = [], zone: String? = nil, nodes: [Int] = []) {
    self.group = group
    self.indices = indices
    self.zone = zone
    self.nodes = nodes
  }
}

public enum Fault: Hashable, Codable, Sendable {
  // Of endpoints.
  /// Requests under way are reset, connects refused.
  case crash
  /// Accepts everything and answers nothing. What is under way goes on afterwards.
  case hang
  /// Speed times 1/factor.
  case slow(factor: Double)
  /// Cores times the factor.
  case capacity(factor: Double)
  /// So many times slower at first, back to normal linearly until the event's end.
  case coldStart(factor: Double)
  /// A share of the requests is answered with the status after `latency` nanoseconds, without work.
  case errors(rate: Double, status: Int, latency: UInt64)
  /// Known to nobody before, from then on discovered.
  case join
  /// Discovered as gone, and stopped once the nodes know.
  case leave
  /// Keeps what it has and gets nothing new.
  case drain

  // Of paths: from the nodes to the endpoints.
  /// Nothing passes, either way.
  case partition
  /// One way, in addition, in nanoseconds.
  case latency(Distribution)
  case loss(probability: Double)

  // Of nodes.
  /// The monotonic clock goes forward by so many nanoseconds at once, as after a suspended virtual machine.
  case clockJump(by: UInt64)
  /// The agent is away: no discovery, no look at rates; tables stay as they are.
  case agentRestart
  /// There is no room for endpoints that were not there before.
  case tableFull
}
