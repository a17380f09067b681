// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// How often a peer may do what costs this end more than itself: `burst` at once, `perSecond` for as long as it likes.
public struct FrameRate: Hashable, Sendable {
  public var burst: Int
  public var perSecond: Int

  public init(burst: Int, perSecond: Int) {
    self.burst = burst
    self.perSecond = perSecond
  }
}

/// What is left of a ``FrameRate``: a token bucket that work done for the peer may fill beyond the burst.
struct FrameBudget {
  private let rate: FrameRate
  private var tokens: Int
  private var filledAt: NIODeadline?

  /// Earned tokens are not saved up for longer than this many: an old connection is as much a suspect as a new one.
  private var tokensMax: Int { max(rate.burst, 1) * 64 }

  init(_ rate: FrameRate) {
    self.rate = rate
    tokens = rate.burst
  }

  /// The peer did what was asked of it, or was sent what such frames answer.
  mutating func earn(_ count: Int) {
    tokens = min(tokens + count, tokensMax)
  }

  /// False when the peer has no more of it.
  mutating func spend(now: NIODeadline) -> Bool {
    if tokens <= 0 { refill(now: now) }
    if filledAt == nil { filledAt = now }
    guard tokens > 0 else { return false }
    tokens -= 1
    return true
  }

  /// Only an empty bucket looks at the time: what flowed in meanwhile is limited by the burst in either case.
  private mutating func refill(now: NIODeadline) {
    guard rate.perSecond > 0, let last = filledAt else { return }
    let nanosecondsPerToken = Int64(1_000_000_000 / rate.perSecond)
    let earned = Int((now - last).nanoseconds / max(nanosecondsPerToken, 1))
    guard earned > 0 else { return }
    tokens = min(earned, rate.burst)
    filledAt = earned > rate.burst ? now : last + .nanoseconds(Int64(earned) * nanosecondsPerToken)
  }
}
