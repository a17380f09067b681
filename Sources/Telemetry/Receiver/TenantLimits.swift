// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// How much one tenant may send.
public struct TenantLimit: Hashable, Sendable {
  /// Requests per second in the long run; nil for no limit.
  public var requestsPerSecond: Double?
  /// Bytes of requests per second in the long run, as they arrive.
  public var bytesPerSecond: Double?
  /// What may come at once, in seconds of the rate.
  public var burst: Duration

  public init(requestsPerSecond: Double? = nil, bytesPerSecond: Double? = nil, burst: Duration = .seconds(1)) {
    self.requestsPerSecond = requestsPerSecond
    self.bytesPerSecond = bytesPerSecond
    self.burst = burst
  }

  public static let unlimited = TenantLimit()
}

/// Holds every tenant to its limit, with two token buckets each.
public final class TenantLimits: Sendable {
  fileprivate struct State {
    fileprivate var buckets: [String: (requests: TokenBucket, bytes: TokenBucket)] = [:]
  }

  /// Tenants remembered at most; beyond them, those are forgotten whose buckets are full.
  fileprivate static let tenantsMax = 10_000

  private let defaultLimit: TenantLimit
  private let limits: [String: TenantLimit]
  private let state = Mutex(State())

  /// - Parameters:
  ///   - limits: by tenant.
  ///   - defaultLimit: of tenants without one of their own, and of senders without tenant together.
  public init(_ limits: [String: TenantLimit] = [:], defaultLimit: TenantLimit = .unlimited) {
    self.limits = limits
    self.defaultLimit = defaultLimit
  }

  /// Counts a request before any of its body is kept. Its bytes come later, with `charge`, so that a tenant may overdraw
  /// its account by the requests under way, and waits until that is paid back.
  ///
  /// - Throws: `.overloaded` with the time after which it would be admitted.
  func admit(_ tenant: String?, now: ContinuousClock.Instant) throws(Refusal) {
    guard let limit = limit(of: tenant) else { return }
    guard let wait = state.withLock({ $0.admit(tenant ?? "", limit, now) }) else { return }
    let who = tenant.map { "tenant \($0)" } ?? "this receiver"
    throw Refusal(.overloaded(retryAfter: wait), "\(who) sends more than its limit allows")
  }

  /// Counts the bytes of a request that was admitted.
  func charge(_ tenant: String?, byteCount: Int) {
    guard limit(of: tenant) != nil else { return }
    state.withLock { $0.buckets[tenant ?? ""]?.bytes.take(Double(byteCount)) }
  }

  private func limit(of tenant: String?) -> TenantLimit? {
    let limit = tenant.flatMap { limits[$0] } ?? defaultLimit
    return limit.requestsPerSecond == nil && limit.bytesPerSecond == nil ? nil : limit
  }
}

extension TenantLimits.State {
  /// - Returns: nil when the request is admitted, else how long to wait.
  fileprivate mutating func admit(_ tenant: String, _ limit: TenantLimit, _ now: ContinuousClock.Instant) -> Duration? {
    var entry =
      buckets[tenant]
      ?? (
        TokenBucket(perSecond: limit.requestsPerSecond, burst: limit.burst, now: now),
        TokenBucket(perSecond: limit.bytesPerSecond, burst: limit.burst, now: now)
      )
    defer { buckets[tenant] = entry }
    entry.requests.refill(now)
    entry.bytes.refill(now)
    if let wait = entry.requests.wait(for: 1) ?? entry.bytes.wait(for: 1) { return wait }
    entry.requests.take(1)
    if buckets.count >= TenantLimits.tenantsMax {
      buckets = buckets.filter { !$0.value.requests.isFull || !$0.value.bytes.isFull }
    }
    return nil
  }
}

/// Fills at a rate up to a bound. What is taken may leave a debt.
struct TokenBucket {
  private let perSecond: Double?
  private let capacity: Double
  private var level: Double
  private var updated: ContinuousClock.Instant

  init(perSecond: Double?, burst: Duration, now: ContinuousClock.Instant) {
    self.perSecond = perSecond
    capacity = max((perSecond ?? 0) * burst.inSeconds, 1)
    level = capacity
    updated = now
  }

  var isFull: Bool { level >= capacity }

  mutating func refill(_ now: ContinuousClock.Instant) {
    guard let perSecond, now > updated else { return }
    level = min(capacity, level + updated.duration(to: now).inSeconds * perSecond)
    updated = now
  }

  func wait(for demand: Double) -> Duration? {
    guard let perSecond else { return nil }
    return level >= demand ? nil : .seconds((demand - level) / perSecond)
  }

  mutating func take(_ demand: Double) {
    if perSecond != nil { level -= demand }
  }
}
