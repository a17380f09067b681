// SPDX-License-Identifier: Apache-2.0

internal import SwerveABI
internal import SwerveCore

/// A limit of a service's policy that the relay enforces.
enum ServiceLimit {
  case maxRequests, maxConnections, pending

  var answer: LocalAnswer {
    switch self {
    case .maxRequests: .maxRequests
    case .maxConnections: .maxConnections
    case .pending: .pending
    }
  }

  private var reason: swerve_reason {
    switch self {
    case .maxRequests: SWERVE_REASON_MAX_REQUESTS
    case .maxConnections: SWERVE_REASON_MAX_CONNECTIONS
    case .pending: SWERVE_REASON_PENDING
    }
  }

  private var cause: swerve_cause {
    switch self {
    case .maxRequests: SWERVE_CAUSE_MAX_REQUESTS
    case .maxConnections: SWERVE_CAUSE_MAX_CONNECTIONS
    case .pending: SWERVE_CAUSE_PENDING
    }
  }

  /// Counts that the limit, of this value, has refused a request; once in a while that is an event.
  func noteRefusal(_ records: any RequestRecords, service: UInt32, limit: UInt32) {
    records.count(reason, service: service)
    let now = Clock.now()
    guard let state = records.service(service), let node = records.node, let events = records.events,
      swerve_native_limit_event_due(state, now) != 0
    else { return }
    swerve_native_write_limit_event(node, events, cause.rawValue, limit, service, state, now)
  }
}

extension Relay {
  /// Admits a request of the service: it counts as under way until its response is counted, or it is withdrawn. False
  /// when the limit is reached.
  func admit(_ service: UInt32) -> Bool {
    guard let state = records.service(service) else { return true }
    let limit = selection.policy(of: service)?.header.max_requests ?? noLimit
    if swerve_native_admit_request(state, limit) != 0 { return true }
    ServiceLimit.maxRequests.noteRefusal(records, service: service, limit: limit)
    return false
  }

  /// Takes an admission back: nothing was sent.
  func withdraw(_ service: UInt32) {
    if let state = records.service(service) { swerve_native_request_withdrawn(state) }
  }
}
