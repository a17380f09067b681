// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Telemetry

@Suite struct PendingRequestsTests {
  private static func settings(min: Int, max: Int? = nil, bytes: Int = 1_000) -> BatchSettings {
    var settings = BatchSettings()
    settings.minSize = min
    settings.maxSize = max
    settings.bytesMax = bytes
    settings.flushTimeout = .milliseconds(200)
    return settings
  }

  private static func pending(
    _ requests: [(id: UInt64, items: Int, key: BatchKey)], since: Duration = .zero
  ) -> PendingRequests {
    var pending = PendingRequests()
    for (id, items, key) in requests {
      pending.append(PendingRequest(id: id, itemCount: items, byteCount: 10 * items, since: since), key)
    }
    return pending
  }

  private static func ids(_ choice: PendingRequests.Choice) -> [UInt64]? {
    guard case .batch(let requests) = choice else { return nil }
    return requests.map(\.id)
  }

  private static let a = BatchKey(signal: .metrics, tenant: "a")
  private static let b = BatchKey(signal: .metrics, tenant: "b")
  private static let traces = BatchKey(signal: .traces, tenant: "a")
  private static let profiles = BatchKey(signal: .profiles, tenant: nil)

  @Test func withoutSettingsRequestsGoOneByOneInOrder() {
    var pending = Self.pending([(1, 1, Self.b), (2, 1, Self.a), (3, 1, Self.b)])
    for id in [UInt64(1), 2, 3] { #expect(Self.ids(pending.take(nil, now: .zero, flushes: false)) == [id]) }
    #expect(pending.take(nil, now: .zero, flushes: false) == .wait(until: nil))
    #expect(pending.isEmpty)
  }

  @Test func onlyRequestsOfOneSignalAndTenantAreJoined() {
    var pending = Self.pending([(1, 5, Self.a), (2, 5, Self.b), (3, 5, Self.traces), (4, 5, Self.a), (5, 5, Self.b)])
    let settings = Self.settings(min: 10)
    #expect(Self.ids(pending.take(settings, now: .zero, flushes: false)) == [1, 4])
    #expect(Self.ids(pending.take(settings, now: .zero, flushes: false)) == [2, 5])
    #expect(pending.take(settings, now: .zero, flushes: false) == .wait(until: .milliseconds(200)))
  }

  @Test func profilesAreNeverJoinedAndDoNotWait() {
    var pending = Self.pending([(1, 5, Self.profiles), (2, 5, Self.profiles)])
    let settings = Self.settings(min: 100)
    #expect(Self.ids(pending.take(settings, now: .zero, flushes: false)) == [1])
    #expect(Self.ids(pending.take(settings, now: .zero, flushes: false)) == [2])
  }

  @Test func aSmallBatchWaitsForTheFlushTimeoutOfItsFirstRequest() {
    var pending = Self.pending([(1, 1, Self.a)], since: .seconds(5))
    pending.append(PendingRequest(id: 2, itemCount: 1, byteCount: 10, since: .milliseconds(5_100)), Self.a)
    let settings = Self.settings(min: 10)
    #expect(pending.take(settings, now: .milliseconds(5_190), flushes: false) == .wait(until: .milliseconds(5_200)))
    #expect(Self.ids(pending.take(settings, now: .milliseconds(5_200), flushes: false)) == [1, 2])
  }

  @Test func atTheEndNothingWaits() {
    var pending = Self.pending([(1, 1, Self.a)])
    #expect(Self.ids(pending.take(Self.settings(min: 10), now: .zero, flushes: true)) == [1])
  }

  @Test func aBatchStopsBeforeItWouldBeTooLarge() {
    var pending = Self.pending([(1, 6, Self.a), (2, 4, Self.a), (3, 1, Self.a)])
    let settings = Self.settings(min: 5, max: 10)
    #expect(Self.ids(pending.take(settings, now: .zero, flushes: false)) == [1, 2])
    var byBytes = Self.pending([(1, 6, Self.a), (2, 4, Self.a), (3, 1, Self.a)])
    #expect(Self.ids(byBytes.take(Self.settings(min: 100, bytes: 99), now: .zero, flushes: false)) == [1])
  }

  @Test func aRequestThatIsTooLargeGoesAlone() {
    var pending = Self.pending([(1, 50, Self.a), (2, 1, Self.a)])
    #expect(Self.ids(pending.take(Self.settings(min: 5, max: 10), now: .zero, flushes: false)) == [1])
  }

  @Test func theBatchThatHasWaitedLongestGoesFirst() {
    var pending = Self.pending([(7, 10, Self.a), (3, 10, Self.b), (5, 10, Self.traces)])
    let settings = Self.settings(min: 10)
    let order = (0..<3).compactMap { _ in Self.ids(pending.take(settings, now: .zero, flushes: false))?.first }
    #expect(order == [3, 5, 7])
  }
}
