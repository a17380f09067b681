// SPDX-License-Identifier: Apache-2.0

internal import SwerveABI
internal import SwerveCore

/// The retries of one request, by its service's policy.
struct Retry {
  private let policy: swerve_request_policy
  /// Retries so far.
  private(set) var count: UInt32 = 0
  /// Whether it is counted among the service's retries under way.
  private(set) var isUnderWay = false

  /// Nothing is tried again without a policy.
  init(_ policy: swerve_request_policy?) {
    self.policy = policy ?? swerve_request_policy()
  }

  private func has(_ condition: swerve_retry) -> Bool { policy.retry_on & UInt32(condition.rawValue) != 0 }

  private var isLeft: Bool { count < policy.retry_attempts }

  /// Whether a request of this method may be sent twice.
  func mayRepeat(_ traits: RequestTraits) -> Bool {
    policy.retry_attempts > 0 && (traits.isIdempotent || has(SWERVE_RETRY_NON_IDEMPOTENT))
  }

  /// Whether the policy has an attempt tried again that ended like this.
  func wants(_ outcome: Outcome) -> Bool {
    guard isLeft else { return false }
    switch outcome {
    case .unconnected: return has(SWERVE_RETRY_CONNECT_FAILURE) || has(SWERVE_RETRY_5XX)
    case .lost: return swerve_native_is_retriable(0, policy.retry_on) != 0
    // What is answered then is a gateway error.
    case .timedOut: return swerve_native_is_retriable(504, policy.retry_on) != 0
    case .responded(let status): return swerve_native_is_retriable(status, policy.retry_on) != 0
    }
  }

  /// How an attempt ended.
  enum Outcome {
    /// No endpoint could be reached.
    case unconnected
    /// The connection was lost before a response.
    case lost
    case timedOut
    case responded(UInt32)
  }

  /// Whether an endpoint that was tried is avoided.
  var ignoresPreviousHosts: Bool { policy.ignore_previous_hosts != 0 }

  /// Begins the next retry if the service has not too many under way. False when it has: then it is counted.
  mutating func begin(_ relay: Relay, service: UInt32) -> Bool {
    if !isUnderWay, !relay.retries.admit(service, policy, requests: relay.requestsUnderWay(service)) {
      relay.records.count(SWERVE_PATH_RETRY_OVERFLOW, service: service)
      return false
    }
    isUnderWay = true
    count += 1
    relay.records.count(SWERVE_PATH_RETRY, service: service)
    return true
  }

  /// The request is over.
  mutating func end(_ relay: Relay, service: UInt32) {
    if isUnderWay { relay.retries.dismiss(service) }
    isUnderWay = false
  }

  /// How long to wait before the present retry.
  func delay(using generator: inout some RandomNumberGenerator) -> Duration {
    Retry.delay(retry: count, baseMilliseconds: policy.retry_backoff_ms, using: &generator)
  }

  /// See `swerve_retry_delay_ns` in retry.h.
  static func delay(
    retry: UInt32, baseMilliseconds: UInt32, using generator: inout some RandomNumberGenerator
  ) -> Duration {
    .nanoseconds(Int64(clamping: swerve_native_retry_delay_ns(baseMilliseconds, retry, generator.next())))
  }
}

/// How many requests of each service are being tried again.
struct RetriesUnderWay {
  private var counts: [UInt32: UInt32] = [:]

  /// Counts one more, if the policy has room: for a share of the requests under way when it has a budget, else for a
  /// number.
  mutating func admit(_ service: UInt32, _ policy: swerve_request_policy, requests: UInt32) -> Bool {
    let now = counts[service, default: 0]
    let hasRoom = withUnsafePointer(to: policy) { swerve_native_has_retry_room($0, now, requests) }
    guard hasRoom != 0 else { return false }
    counts[service] = now + 1
    return true
  }

  mutating func dismiss(_ service: UInt32) {
    guard let now = counts[service] else { return }
    counts[service] = now > 1 ? now - 1 : nil
  }
}

extension Relay {
  func requestsUnderWay(_ service: UInt32) -> UInt32 {
    records.service(service).map { swerve_native_requests_under_way($0) } ?? 0
  }
}
