// SPDX-License-Identifier: Apache-2.0

/// A locality as Istio writes it, `region/zone/sub-zone`. Endpoints have zones and nothing else, so only that is compared.
struct LocalityName: Hashable, Sendable {
  let text: String
  /// nil: every zone.
  let zone: String?

  init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard (1...3).contains(parts.count), !parts.contains(""), text.utf8.count <= 253 else { return nil }
    self.text = text
    zone = parts.count < 2 || parts[1] == "*" ? nil : String(parts[1])
  }

  func includes(_ zone: String?) -> Bool { self.zone == nil || self.zone == zone }
}

/// `localityLbSetting`: which zone's endpoints get how much of the traffic of this node.
struct LocalityRule: Sendable {
  struct Distribution: Sendable {
    let from: LocalityName
    /// Percentages that add up to 100.
    let to: [(locality: LocalityName, percent: UInt32)]
  }

  var isEnabled = true
  /// Empty: the node's own zone first, the others when it fails.
  var distributions: [Distribution] = []
  /// `failoverPriority`, which says what is the case anyway.
  var hasPriority = false
  var position = Position.start

  var isFailover: Bool { isEnabled && distributions.isEmpty }

  /// The distribution of traffic from a zone: one that names the zone before one for all.
  func distribution(from zone: String?) -> Distribution? {
    guard isEnabled else { return nil }
    return distributions.first { $0.from.zone != nil && $0.from.zone == zone }
      ?? distributions.first { $0.from.zone == nil }
  }
}

extension LocalityRule {
  /// The endpoints of a service as traffic from `zone` sees them.
  func applied(to endpoints: [Endpoint], zone: String?) -> [Endpoint] {
    if let distribution = distribution(from: zone) { return Self.weighted(endpoints, by: distribution) }
    guard isFailover, let zone else { return endpoints }
    // Where nobody of the own zone takes connections there is nobody to stand by for.
    guard endpoints.contains(where: { $0.zone == zone && $0.weight > 0 }) else { return endpoints }
    return endpoints.map { $0.zone == zone ? $0 : $0.standingBy() }
  }

  /// Gives each zone its percentage, shared among its endpoints by their own weights.
  private static func weighted(_ endpoints: [Endpoint], by distribution: Distribution) -> [Endpoint] {
    let named = Set(distribution.to.compactMap(\.locality.zone))
    func share(of endpoint: Endpoint) -> Int? {
      distribution.to.firstIndex { target in
        target.locality.zone.map { $0 == endpoint.zone } ?? !named.contains(endpoint.zone ?? "")
      }
    }
    let shares = endpoints.map(share)
    var totals = [Double](repeating: 0, count: distribution.to.count)
    for (endpoint, index) in zip(endpoints, shares) {
      if let index { totals[index] += Double(endpoint.weight) }
    }
    let wanted = zip(endpoints, shares).map { endpoint, index in
      index.map { Double(distribution.to[$0].percent) * Double(endpoint.weight) / max(totals[$0], 1) } ?? 0
    }
    let scale = scale(of: wanted)
    return zip(endpoints, wanted).map { endpoint, share in
      // A weight of 0 is for those that get nothing.
      endpoint.weighing(share > 0 ? UInt16(clamping: max(1, Int((share * scale).rounded()))) : 0)
    }
  }

  /// The smallest factor that makes all shares whole, or the one that makes the largest share the largest weight.
  private static func scale(of shares: [Double]) -> Double {
    guard let largest = shares.max(), largest > 0 else { return 1 }
    for factor in 1...64 where Double(factor) * largest <= Double(UInt16.max) {
      let isWhole = shares.allSatisfy { share in
        let scaled = share * Double(factor)
        return abs(scaled - scaled.rounded()) < 1e-6
      }
      if isWhole { return Double(factor) }
    }
    return Double(UInt16.max) / largest
  }
}
