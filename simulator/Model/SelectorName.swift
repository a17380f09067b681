// SPDX-License-Identifier: Apache-2.0

public import Policy

/// Which rule the clients select endpoints by.
///
/// `swerve` is the decision core with the policy's own load balancer, `swerve/PEAK_EWMA` the core with another one.
/// The others are the baselines; `+ejection` adds Envoy's outlier detection to one.
public enum SelectorName: Hashable, Codable, Sendable {
  case core
  case coreWith(LoadBalancer)
  case baseline(Baseline, ejection: Bool)

  /// The baselines of docs/SIMULATOR.md.
  public enum Baseline: String, Hashable, Codable, CaseIterable, Sendable {
    case roundRobin = "rr"
    case random
    case weightedRoundRobin = "wrr"
    case leastOutstanding = "lor"
    case powerOfTwo = "p2c"
    /// Power of two choices on load that is polled every 500 ms.
    case yarp
    case peakEWMA = "peak-ewma"
    case c3
    /// C3's score on Prequal's probes.
    case c3Probes = "c3-probes"
    case prequal
    case oracle
  }
}

extension SelectorName: CustomStringConvertible {
  public var description: String {
    switch self {
    case .core: "swerve"
    case .coreWith(let loadBalancer): "swerve/\(loadBalancer.rawValue)"
    case .baseline(let baseline, let ejection): baseline.rawValue + (ejection ? "+ejection" : "")
    }
  }

  /// nil for a name that is none.
  public init?(_ text: String) {
    let plain = text.hasSuffix("+ejection") ? String(text.dropLast("+ejection".count)) : text
    if let baseline = Baseline(rawValue: plain) {
      self = .baseline(baseline, ejection: plain != text)
    } else if text == "swerve" {
      self = .core
    } else if text.hasPrefix("swerve/"), let balancer = LoadBalancer(rawValue: String(text.dropFirst("swerve/".count)))
    {
      self = .coreWith(balancer)
    } else {
      return nil
    }
  }

  /// Whether it is the decision core.
  public var isCore: Bool {
    if case .baseline = self { false } else { true }
  }

  /// Every name there is.
  public static var all: [SelectorName] {
    [.core] + LoadBalancer.allCases.map { .coreWith($0) }
      + Baseline.allCases.flatMap { [.baseline($0, ejection: false), .baseline($0, ejection: true)] }
  }
}

/// By its name, as in scenario files.
extension SelectorName {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    guard let name = SelectorName(text) else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "no selector is called `\(text)`")
    }
    self = name
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
