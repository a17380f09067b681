// SPDX-License-Identifier: Apache-2.0

public import SwerveABI

/// A service's policy as the kernel holds it, in the names of the policy language.
public struct PolicyDescription: Hashable, Sendable {
  public struct Value: Hashable, Codable, Sendable {
    /// As in a DestinationRule, VirtualService or TrafficPolicy: `connectionPool.http.http2MaxRequests`.
    public var field: String
    /// With its unit; "off" and "unlimited" where the number stands for that.
    public var value: String
  }

  public private(set) var values: [Value] = []

  /// - Parameter cells: of a published set, or of one that would be. A set without a policy describes none.
  public init(_ cells: [swerve_cell]) {
    guard cells.count >= Int(SWERVE_CELL_ENDPOINTS) else { return }
    describe(cells[Int(SWERVE_CELL_HEADER)].header, cells[Int(SWERVE_CELL_POOL)].pool)
    describe(cells[Int(SWERVE_CELL_LIFETIME)].lifetime)
    describe(cells[Int(SWERVE_CELL_OUTLIER)].outlier)
    describe(cells[Int(SWERVE_CELL_REQUESTS)].requests)
  }

  private mutating func describe(_ header: swerve_set_header, _ pool: swerve_pool_policy) {
    add("connectionPool.tcp.maxConnections", limit(header.max_connections))
    add("connectionPool.tcp.connectTimeout", duration(pool.connect_timeout_ms))
    add("connectionPool.http.http2MaxRequests", limit(header.max_requests))
    add("connectionPool.http.http1MaxPendingRequests", limit(pool.max_pending_requests))
    add("connectionPool.http.maxRequestsPerConnection", orOff(pool.max_requests_per_connection, "unlimited"))
    add("connectionPool.http.idleTimeout", duration(pool.idle_timeout_ms))
    add("loadBalancer.warmup.duration", pool.warmup_ms == 0 ? "off" : duration(pool.warmup_ms))
    add("fallback.service", pool.fallback == .max ? "none" : "id \(pool.fallback)")
    add("fallback.response", pool.has_response == 0 ? "none" : "fixed")
  }

  private mutating func describe(_ lifetime: swerve_lifetime_policy) {
    add(
      "connectionPool.tcp.maxConnectionDuration",
      lifetime.max_duration_ms == 0 ? "unlimited" : duration(lifetime.max_duration_ms))
    add(
      "connectionPool.tcp.idleTimeout",
      lifetime.idle_timeout_ms == 0 ? "unlimited" : duration(lifetime.idle_timeout_ms))
  }

  private mutating func describe(_ outlier: swerve_outlier_policy) {
    add("outlierDetection.consecutive5xxErrors", orOff(outlier.consecutive_5xx))
    add("outlierDetection.consecutiveGatewayErrors", orOff(outlier.consecutive_gateway))
    add("outlierDetection.consecutiveLocalOriginFailures", orOff(outlier.consecutive_local))
    add("outlierDetection.splitExternalLocalOriginErrors", outlier.split_local_origin == 0 ? "false" : "true")
    add("outlierDetection.interval", duration(outlier.interval_ms))
    add("outlierDetection.baseEjectionTime", duration(outlier.base_ejection_ms))
    add("outlierDetection.maxEjectionTime", duration(outlier.max_ejection_ms))
    add("outlierDetection.maxEjectionPercent", "\(outlier.max_ejection_percent) %")
    add("outlierDetection.minHealthPercent", "\(outlier.panic_percent) %")
  }

  private mutating func describe(_ requests: swerve_request_policy) {
    add("timeout", requests.timeout_ms == 0 ? "off" : duration(requests.timeout_ms))
    add("retries.attempts", "\(requests.retry_attempts)")
    guard requests.retry_attempts > 0 else { return }
    add("retries.perTryTimeout", requests.per_try_timeout_ms == 0 ? "off" : duration(requests.per_try_timeout_ms))
    add("retries.retryOn", conditions(requests.retry_on))
    add("retries.backoff", duration(requests.retry_backoff_ms))
    add("retries.retryIgnorePreviousHosts", requests.ignore_previous_hosts == 0 ? "false" : "true")
    if requests.budget_percent > 0 {
      add("retryBudget", "\(requests.budget_percent) %, at least \(requests.budget_min)")
    } else {
      add("connectionPool.http.maxRetries", limit(requests.max_retries))
    }
  }

  private mutating func add(_ field: String, _ value: String) {
    values.append(Value(field: field, value: value))
  }

  private func limit(_ value: UInt32) -> String { value == .max ? "unlimited" : "\(value)" }

  private func orOff(_ value: UInt32, _ off: String = "off") -> String { value == 0 ? off : "\(value)" }

  private func duration(_ milliseconds: UInt32) -> String {
    milliseconds % 1000 == 0 ? "\(milliseconds / 1000)s" : "\(milliseconds)ms"
  }

  private func conditions(_ bits: UInt32) -> String {
    let names: [(TrafficSettings.RetryConditions, String)] = [
      (.serverError, "5xx"), (.gatewayError, "gateway-error"), (.connectFailure, "connect-failure"),
      (.reset, "reset"), (.retriable4xx, "retriable-4xx"), (.refusedStream, "refused-stream"),
      (.nonIdempotent, "non-idempotent"),
    ]
    let set = TrafficSettings.RetryConditions(rawValue: bits)
    return names.filter { set.contains($0.0) }.map(\.1).joined(separator: ",")
  }
}
