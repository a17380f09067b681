// SPDX-License-Identifier: Apache-2.0

/// Endpoints that are alike.
public struct EndpointGroup: Hashable, Codable, Sendable {
  /// Endpoints are called `name-0`, `name-1`, ...
  public var name: String
  public var count = 1
  public var zone: String?
  /// With policy files: the addresses (`ip:port`) of the endpoints in them, one for each; empty: in the files' order.
  public var addresses: [String] = []
  public var weight: UInt16 = 1
  public var discipline = Discipline.fifo
  /// Requests served at a time at full speed; with `delay` it does not matter.
  public var cores = 1.0
  /// Factor of the speed of every core.
  public var speed = 1.0
  /// Requests that may wait or be served; one more is answered 503 at once. 0: any number.
  public var queueLimit = 0
  /// Instead of the scenario's.
  public var work: Distribution?
  /// With `delay`: how the latency grows with the requests in flight.
  public var curve: LatencyCurve?
  public var variation: Variation?
  /// Not there at the start: a `join` of the timeline brings it.
  public var joinsLater = false

  public init(name: String, count: Int = 1) {
    self.name = name
    self.count = count
  }

  public enum Discipline: String, Hashable, Codable, CaseIterable, Sendable {
    /// One request per core, the others wait in turn.
    case fifo
    /// All are served at once and share the cores; none gets more than one.
    case processorSharing
    /// Every request takes its work, however many there are.
    case delay
  }

  /// latency = work * (1 + inFlight / slope), and `overloadFactor` times that beyond `overloadAbove` in flight.
  public struct LatencyCurve: Hashable, Codable, Sendable {
    public var slope: Double
    /// 0: never.
    public var overloadAbove = 0
    public var overloadFactor = 1.0

    public init(slope: Double) { self.slope = slope }
  }

  /// Capacity that changes by chance: noisy neighbours.
  public struct Variation: Hashable, Codable, Sendable {
    /// Time between two changes.
    public var every: Distribution
    /// Share of the group's endpoints that is drawn anew each time, by chance; 1: all of them.
    public var fraction = 1.0
    /// What is drawn: a factor of `target`.
    public var factor: Distribution
    public var target = Target.cores

    public init(every: Distribution, factor: Distribution) {
      self.every = every
      self.factor = factor
    }

    public enum Target: String, Hashable, Codable, CaseIterable, Sendable {
      case cores, speed
    }
  }
}
