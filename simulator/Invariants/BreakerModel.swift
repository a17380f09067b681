// SPDX-License-Identifier: Apache-2.0

import Policy
import SwerveABI

/// A breaker as it must be, by the rules at the top of bpf/core/breaker.h and Envoy's growth of ejection times: written
/// a second time, from what is promised, so that the core has something to be held against.
///
/// Times are what the clock of the node said, in nanoseconds.
struct BreakerModel: Equatable {
  enum State: UInt8 {
    case closed, open, halfOpen
  }

  private(set) var state = State.closed
  /// Open: until when. Half-open: since when. Closed: since when it warms up, 0 if it does not.
  private(set) var time: UInt64 = 0
  /// How often the ejection time has grown.
  private var growth: UInt64 = 0
  /// When it came back last.
  private var returned: UInt64 = 0

  init() {}

  /// Of an endpoint that comes to a service which has some.
  init(warmingUpSince time: UInt64) { self.time = Self.rounded(time) }

  /// Something that the core says has happened.
  struct Change {
    var kind: swerve_event_kind
    var cause: swerve_cause
    /// Of an ejection: its end.
    var until: UInt64 = 0
    var now: UInt64
    /// What the core was told of just now; nil: nothing, as the agent has ejected, or a probe goes out.
    var result: Result?
  }

  /// How a request or connect went.
  struct Result: Equatable {
    var isSuccess: Bool
    /// When it was sent.
    var started: UInt64
  }

  /// The word that the core must have.
  var word: UInt64 { time | UInt64(state.rawValue) }

  /// Words have no room for the last three bits of a time.
  private static func rounded(_ time: UInt64) -> UInt64 { time & ~UInt64(SWERVE_BREAKER_FLAGS.rawValue) }

  private static let probeTimeout = UInt64(SWERVE_PROBE_TIMEOUT_MS) * 1_000_000

  private static let thresholds = [
    SWERVE_CAUSE_CONSECUTIVE_5XX, SWERVE_CAUSE_CONSECUTIVE_GATEWAY, SWERVE_CAUSE_CONSECUTIVE_LOCAL,
  ]
  private static let rates = [SWERVE_CAUSE_SUCCESS_RATE, SWERVE_CAUSE_FAILURE_PERCENTAGE]

  /// Follows the core. Returns what is wrong with the change, if anything is; the model has changed all the same.
  mutating func follow(_ change: Change, _ settings: TrafficSettings) -> String? {
    switch change.kind {
    case SWERVE_EVENT_OPEN: open(change, settings.outlierDetection)
    case SWERVE_EVENT_HALF_OPEN: halfOpen(change)
    case SWERVE_EVENT_CLOSED: close(change, warmsUp: settings.warmup != nil)
    default: "an event of kind \(change.kind.rawValue)"
    }
  }

  private mutating func open(_ change: Change, _ policy: TrafficSettings.OutlierDetection) -> String? {
    var complaint: String?
    if state == .closed {
      let isByRate = Self.rates.contains(change.cause)
      if !isByRate, !Self.thresholds.contains(change.cause) { complaint = "ejected for \(Self.name(change.cause))" }
      if !isByRate, change.result?.isSuccess != false { complaint = "ejected, but nothing has failed" }
    } else {
      complaint = probed(change, isSuccess: false, SWERVE_CAUSE_PROBE_FAILED)
    }
    let expected = ejectionTime(policy, now: change.now)
    if change.until != change.now + expected {
      complaint = "ejected for \(change.until &- change.now) ns instead of \(expected)"
    }
    (state, time) = (.open, Self.rounded(change.until))
    return complaint
  }

  private mutating func halfOpen(_ change: Change) -> String? {
    var complaint: String?
    switch state {
    case .closed: complaint = "probed in rotation"
    case .open:
      if change.now < time { complaint = "probed \(time - change.now) ns before its time" }
    case .halfOpen:
      if change.now < time + Self.probeTimeout {
        complaint = "probed again \(change.now &- time) ns after the last probe, which is under way"
      }
    }
    (state, time) = (.halfOpen, Self.rounded(change.now))
    return complaint
  }

  private mutating func close(_ change: Change, warmsUp: Bool) -> String? {
    let complaint =
      state == .closed ? "closed twice" : probed(change, isSuccess: true, SWERVE_CAUSE_PROBE_SUCCEEDED)
    (state, time, returned) = (.closed, warmsUp ? Self.rounded(change.now) : 0, change.now)
    return complaint
  }

  /// Of an ejected endpoint only what was sent after its time counts.
  private func probed(_ change: Change, isSuccess: Bool, _ cause: swerve_cause) -> String? {
    if change.cause != cause { return "changed while ejected for \(Self.name(change.cause))" }
    guard let result = change.result else { return "changed while ejected, without a result" }
    if result.isSuccess != isSuccess {
      return isSuccess ? "closed, though what was tried failed" : "opened, though what was tried succeeded"
    }
    if result.started < time { return "judged by something older than its \(state == .open ? "time" : "probe")" }
    return nil
  }

  /// One base time more with each ejection, one less with each quiet interval in rotation, at most the longest.
  private mutating func ejectionTime(_ policy: TrafficSettings.OutlierDetection, now: UInt64) -> UInt64 {
    let interval = UInt64(policy.intervalMilliseconds) * 1_000_000
    let quiet = state == .closed && now > returned && interval > 0 ? (now - returned) / interval : 0
    growth = growth > quiet ? growth - quiet : 0
    let base = UInt64(policy.baseEjectionTimeMilliseconds)
    let longest = max(base, UInt64(policy.maxEjectionTimeMilliseconds))
    let milliseconds = min(longest, base * (growth + 1))
    if base * growth < longest { growth += 1 }
    return milliseconds * 1_000_000
  }

  private static func name(_ cause: swerve_cause) -> String { "`\(EventName.cause(cause))`" }
}
