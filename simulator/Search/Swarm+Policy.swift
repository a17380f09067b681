// SPDX-License-Identifier: Apache-2.0

import Policy

/// Settings of the traffic: each is there or not, and mostly so small that it matters.
extension Swarm {
  mutating func policy(_ scenario: Scenario) -> PolicySketch {
    var policy = PolicySketch()
    pool(&policy)
    if chance(0.85) { outliers(&policy) }
    balancing(&policy)
    if scenario.clients.mode == .request {
      if chance(0.6) { requests(&policy) }
      if chance(0.15) {
        policy.set(.trafficPolicy, "fallback.response.status", .integer(one(of: [200, 404, 503])))
      }
    }
    return policy
  }

  private mutating func pool(_ policy: inout PolicySketch) {
    let (tcp, http) = ("trafficPolicy.connectionPool.tcp.", "trafficPolicy.connectionPool.http.")
    if chance(0.3) { policy.set(.destinationRule, tcp + "maxConnections", count(1, 30)) }
    if chance(0.4) { policy.set(.destinationRule, tcp + "connectTimeout", span(1, 2_000)) }
    if chance(0.3) { policy.set(.destinationRule, http + "http1MaxPendingRequests", count(1, 10)) }
    if chance(0.4) { policy.set(.destinationRule, http + "http2MaxRequests", count(1, 50)) }
    if chance(0.2) { policy.set(.destinationRule, http + "maxRequestsPerConnection", count(1, 20)) }
    if chance(0.3) { policy.set(.destinationRule, http + "maxRetries", count(1, 6)) }
    if chance(0.2) { policy.set(.destinationRule, http + "idleTimeout", span(1, 5_000)) }
  }

  private mutating func outliers(_ policy: inout PolicySketch) {
    let outlier = "trafficPolicy.outlierDetection."
    policy.set(.destinationRule, outlier + "consecutive5xxErrors", count(0, 5))
    policy.set(.destinationRule, outlier + "baseEjectionTime", span(1, 1_000))
    policy.set(.destinationRule, outlier + "maxEjectionPercent", count(1, 100))
    if chance(0.3) { policy.set(.destinationRule, outlier + "consecutiveGatewayErrors", count(1, 5)) }
    if chance(0.5) { policy.set(.destinationRule, outlier + "interval", span(5, 5_000)) }
    if chance(0.5) { policy.set(.destinationRule, outlier + "minHealthPercent", count(0, 100)) }
    if chance(0.4) {
      policy.set(.destinationRule, outlier + "splitExternalLocalOriginErrors", .boolean(true))
      policy.set(.destinationRule, outlier + "consecutiveLocalOriginFailures", count(1, 5))
    }
    if chance(0.5) { policy.set(.trafficPolicy, "outlierDetection.maxEjectionTime", span(1, 3_000)) }
    if chance(0.25) {
      policy.set(.trafficPolicy, "outlierDetection.successRateMinimumHosts", count(1, 5))
      policy.set(.trafficPolicy, "outlierDetection.successRateRequestVolume", count(1, 20))
      policy.set(.trafficPolicy, "outlierDetection.successRateStdevFactor", count(100, 2_000))
    }
    if chance(0.25) {
      policy.set(.trafficPolicy, "outlierDetection.failurePercentageThreshold", count(1, 100))
      policy.set(.trafficPolicy, "outlierDetection.failurePercentageMinimumHosts", count(1, 4))
      policy.set(.trafficPolicy, "outlierDetection.failurePercentageRequestVolume", count(1, 20))
    }
  }

  private mutating func balancing(_ policy: inout PolicySketch) {
    let balancer = "trafficPolicy.loadBalancer."
    if chance(0.5) {
      policy.set(
        .destinationRule, balancer + "simple", .string(one(of: ["ROUND_ROBIN", "RANDOM", "LEAST_REQUEST"])))
    } else if chance(0.5) {
      policy.set(.trafficPolicy, "loadBalancer.simple", .string("PEAK_EWMA"))
    }
    if chance(0.25) {
      policy.set(.destinationRule, balancer + "warmup.duration", span(10, 5_000))
      policy.set(.destinationRule, balancer + "warmup.minimumPercent", count(1, 60))
      if chance(0.3) { policy.set(.destinationRule, balancer + "warmup.aggression", .number(share(1, 3))) }
    }
  }

  private mutating func requests(_ policy: inout PolicySketch) {
    if chance(0.3) { policy.set(.virtualService, "timeout", span(5, 3_000)) }
    if chance(0.8) {
      policy.set(.virtualService, "retries.attempts", count(0, 5))
      policy.set(.virtualService, "retries.retryOn", .string(conditions()))
      if chance(0.5) { policy.set(.virtualService, "retries.perTryTimeout", span(1, 1_000)) }
      if chance(0.5) { policy.set(.virtualService, "retries.backoff", span(1, 200)) }
      if chance(0.3) { policy.set(.virtualService, "retries.retryIgnorePreviousHosts", .boolean(false)) }
    }
    if chance(0.4) {
      policy.set(.trafficPolicy, "retryBudget.budgetPercent", count(1, 100))
      policy.set(.trafficPolicy, "retryBudget.minRetryConcurrency", count(1, 5))
    }
  }

  private mutating func conditions() -> String {
    let all = ["5xx", "gateway-error", "connect-failure", "reset", "retriable-4xx", "refused-stream"]
    let some = all.filter { _ in chance(0.5) }
    return (some.isEmpty ? [one(of: all)] : some).joined(separator: ",")
  }

  private mutating func count(_ low: Int, _ high: Int) -> JSONValue {
    .integer(low + random.below(high - low + 1))
  }

  /// Whole milliseconds.
  private mutating func span(_ low: Double, _ high: Double) -> JSONValue {
    .string("\(Int(logarithmic(low, high).rounded()))ms")
  }
}
