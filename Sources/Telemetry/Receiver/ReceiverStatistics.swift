// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// What a receiver has counted since it started. Cheap enough for every request.
public final class ReceiverStatistics: Sendable {
  private let accepted = PerSignal()
  private let rejected = PerSignal()
  private let acceptedBytes = PerSignal()
  private let refusals: [Atomic64] = RefusalCount.allCases.map { _ in Atomic64() }

  /// Counts of one moment.
  public struct Snapshot: Hashable, Sendable, Codable {
    /// Items by signal, as the Collector's `otelcol_receiver_accepted_*`.
    public var acceptedItems: [String: Int]
    /// Items of accepted requests that no backend could store.
    public var rejectedItems: [String: Int]
    public var acceptedBytes: [String: Int]
    /// Requests by the reason for which they were refused.
    public var refusedRequests: [String: Int]
  }

  func accepted(_ signal: Signal, _ taken: TakenItems, byteCount: Int) {
    accepted[signal].add(taken.accepted)
    rejected[signal].add(taken.rejected)
    acceptedBytes[signal].add(byteCount)
  }

  func refused(_ signal: Signal, _ refusal: Refusal) {
    refusals[RefusalCount(refusal.reason).rawValue].add(1)
  }

  /// Requests refused as `.overloaded`.
  var overloads: Int { refusals[RefusalCount.overloaded.rawValue].value }

  public var snapshot: Snapshot {
    Snapshot(
      acceptedItems: accepted.values, rejectedItems: rejected.values, acceptedBytes: acceptedBytes.values,
      refusedRequests: Dictionary(
        uniqueKeysWithValues: RefusalCount.allCases.map { ("\($0)", refusals[$0.rawValue].value) }))
  }
}

private enum RefusalCount: Int, CaseIterable {
  case overloaded, unavailable, invalid, tooLarge, unauthenticated, permissionDenied

  init(_ reason: Refusal.Reason) {
    self =
      switch reason {
      case .overloaded: .overloaded
      case .unavailable: .unavailable
      case .invalid: .invalid
      case .tooLarge: .tooLarge
      case .unauthenticated: .unauthenticated
      case .permissionDenied: .permissionDenied
      }
  }
}

/// A counter that may stand in an array.
final class Atomic64: Sendable {
  private let count = Atomic(0)

  func add(_ number: Int) { count.add(number, ordering: .relaxed) }
  var value: Int { count.load(ordering: .relaxed) }
}

private struct PerSignal: Sendable {
  private let metrics = Atomic64()
  private let traces = Atomic64()
  private let logs = Atomic64()
  private let profiles = Atomic64()

  subscript(signal: Signal) -> Atomic64 {
    switch signal {
    case .metrics: metrics
    case .traces: traces
    case .logs: logs
    case .profiles: profiles
    }
  }

  var values: [String: Int] {
    Dictionary(uniqueKeysWithValues: Signal.allCases.map { ($0.rawValue, self[$0].value) })
  }
}
