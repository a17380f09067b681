// SPDX-License-Identifier: Apache-2.0

internal import SwerveABI

/// What is published for a service: its policy, and the endpoints that take requests.
struct ServicePolicy {
  /// The whole set, for the decision core.
  let cells: [swerve_cell]
  let header: swerve_set_header
  let pool: swerve_pool_policy
  let requests: swerve_request_policy

  /// Nil for a set that is too short to have a policy.
  init?(_ cells: [swerve_cell]) {
    guard cells.count >= Int(SWERVE_CELL_ENDPOINTS) else { return nil }
    self.cells = cells
    header = cells[Int(SWERVE_CELL_HEADER)].header
    pool = cells[Int(SWERVE_CELL_POOL)].pool
    requests = cells[Int(SWERVE_CELL_REQUESTS)].requests
  }

  /// Those that take new requests; the draining ones are not among them.
  var endpoints: ArraySlice<swerve_cell> {
    cells.dropFirst(Int(SWERVE_CELL_ENDPOINTS)).prefix(Int(header.endpoint_count))
  }

  /// The service that is asked when this one can do nothing.
  var fallback: UInt32? { pool.fallback == none ? nil : pool.fallback }
  var hasResponse: Bool { pool.has_response != 0 }

  /// Of a whole request, with all its attempts; nil when it may take any time.
  var timeout: Duration? { requests.timeout_ms == 0 ? nil : .milliseconds(Int64(requests.timeout_ms)) }
  /// Of one attempt.
  var perTryTimeout: Duration? {
    requests.per_try_timeout_ms == 0 ? nil : .milliseconds(Int64(requests.per_try_timeout_ms))
  }
  var connectTimeout: Duration? {
    pool.connect_timeout_ms == 0 ? nil : .milliseconds(Int64(pool.connect_timeout_ms))
  }
  var idleNanoseconds: UInt64 { pool.idle_timeout_ms == 0 ? .max : UInt64(pool.idle_timeout_ms) * 1_000_000 }
}
