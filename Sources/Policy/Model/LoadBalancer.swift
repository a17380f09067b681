// SPDX-License-Identifier: Apache-2.0

/// How an endpoint is selected for a new connection; `enum swerve_algorithm` has the kernel's numbers.
///
/// The raw values are the words of the `swerve.dev/load-balancer` annotation, after Istio's
/// `DestinationRule.trafficPolicy.loadBalancer.simple`.
public enum LoadBalancer: String, Codable, CaseIterable, Sendable {
  /// In turn.
  case roundRobin = "ROUND_ROBIN"
  /// Uniformly at random.
  case random = "RANDOM"
  /// Of two random choices the one with fewer active connections. The default.
  case leastRequest = "LEAST_REQUEST"
  /// Of two random choices the one with the lower peak-sensitive round-trip time times active connections.
  case peakEWMA = "PEAK_EWMA"
  /// A consistent hash of the client process (Eisenbud et al., NSDI 2016).
  case maglev = "MAGLEV"
  /// A consistent hash of the client address: what `sessionAffinity: ClientIP` means.
  case sourceIP = "SOURCE_IP"
}
