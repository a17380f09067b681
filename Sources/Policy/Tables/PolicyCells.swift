// SPDX-License-Identifier: Apache-2.0

import Foundation
public import SwerveABI

/// A service's policy as the cells behind the header of its endpoint set.
enum PolicyCells {
  /// In the order of `SWERVE_CELL_OUTLIER` to `SWERVE_CELL_LIFETIME`.
  static func cells(_ settings: TrafficSettings, fallback: UInt32?) -> [swerve_cell] {
    [
      swerve_cell(outlier: outlier(settings.outlierDetection)),
      swerve_cell(pool: pool(settings, fallback: fallback)),
      swerve_cell(requests: requests(settings.request)),
      warmup(settings.warmup),
      swerve_cell(lifetime: lifetime(settings)),
    ]
  }

  private static func outlier(_ detection: TrafficSettings.OutlierDetection) -> swerve_outlier_policy {
    var policy = swerve_outlier_policy()
    policy.consecutive_5xx = detection.consecutive5xxErrors
    policy.consecutive_gateway = detection.consecutiveGatewayErrors
    policy.consecutive_local = detection.consecutiveLocalOriginFailures
    policy.interval_ms = detection.intervalMilliseconds
    policy.base_ejection_ms = detection.baseEjectionTimeMilliseconds
    policy.max_ejection_ms = detection.maxEjectionTimeMilliseconds
    policy.max_ejection_percent = UInt16(clamping: detection.maxEjectionPercent)
    policy.panic_percent = UInt16(clamping: detection.healthyPanicThresholdPercent)
    policy.split_local_origin = detection.splitExternalLocalOriginErrors ? 1 : 0
    return policy
  }

  private static func pool(_ settings: TrafficSettings, fallback: UInt32?) -> swerve_pool_policy {
    var policy = swerve_pool_policy()
    policy.connect_timeout_ms = settings.connectTimeoutMilliseconds
    policy.idle_timeout_ms = settings.idleTimeoutMilliseconds
    policy.max_requests_per_connection = settings.maxRequestsPerConnection
    policy.max_pending_requests = settings.maxPendingRequests
    policy.warmup_ms = settings.warmup?.durationMilliseconds ?? 0
    policy.fallback = fallback ?? .max
    if case .response = settings.fallback { policy.has_response = 1 }
    return policy
  }

  private static func lifetime(_ settings: TrafficSettings) -> swerve_lifetime_policy {
    var policy = swerve_lifetime_policy()
    policy.max_duration_ms = settings.maxConnectionDurationMilliseconds
    policy.idle_timeout_ms = settings.tcpIdleTimeoutMilliseconds
    return policy
  }

  private static func requests(_ request: TrafficSettings.RequestPolicy) -> swerve_request_policy {
    var policy = swerve_request_policy()
    policy.timeout_ms = request.timeoutMilliseconds
    policy.per_try_timeout_ms = request.perTryTimeoutMilliseconds
    policy.retry_on = request.retryOn.rawValue
    policy.retry_attempts = request.retryAttempts
    policy.retry_backoff_ms = request.retryBackoffMilliseconds
    policy.max_retries = request.maxRetries
    if let budget = request.retryBudget {
      policy.budget_percent = UInt16(clamping: budget.budgetPercent)
      policy.budget_min = UInt16(clamping: budget.minRetryConcurrency)
    }
    policy.ignore_previous_hosts = request.retryIgnorePreviousHosts ? 1 : 0
    return policy
  }

  /// The share of an endpoint by elapsed sixteenths of its warm-up: Envoy's slow start, max(minimum, time^(1/aggression)).
  private static func warmup(_ warmup: TrafficSettings.Warmup?) -> swerve_cell {
    var cell = swerve_cell()
    guard let warmup else { return cell }
    let minimum = Double(warmup.minimumPercent) / 100
    withUnsafeMutableBytes(of: &cell.warmup) { bytes in
      let shares = bytes.bindMemory(to: UInt16.self)
      for step in shares.indices {
        let share = max(minimum, pow(Double(step) / Double(shares.count), 1 / warmup.aggression))
        shares[step] = UInt16(min(65_535, (share * 65_536).rounded()))
      }
    }
    return cell
  }
}

/// What the kernel holds of a service's policy, byte by byte: equal images mean the same to it.
public struct PolicyImage: Hashable, Sendable {
  private let bytes: [UInt8]

  public init(_ settings: TrafficSettings, fallback: UInt32?) {
    self.init(
      limits: (settings.maxConnections, settings.maxRequests), PolicyCells.cells(settings, fallback: fallback)[...])
  }

  /// The policy of a published set; nil for a set that has none.
  public init?(_ cells: [swerve_cell]) {
    guard cells.count >= Int(SWERVE_CELL_ENDPOINTS), let header = cells.first?.header else { return nil }
    self.init(limits: (header.max_connections, header.max_requests), cells[1..<Int(SWERVE_CELL_ENDPOINTS)])
  }

  private init(limits: (UInt32, UInt32), _ cells: ArraySlice<swerve_cell>) {
    bytes = withUnsafeBytes(of: limits) { Array($0) } + cells.withUnsafeBytes { Array($0) }
  }
}
