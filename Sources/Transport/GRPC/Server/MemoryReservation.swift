// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// What one call has taken out of a ``MemoryBudget``. Gives all of it back at the latest when it goes.
final class MemoryReservation: Sendable {
  private let budget: MemoryBudget?
  private let bytes = Atomic(0)

  /// - Parameter budget: nil for none, which always has more.
  init(_ budget: MemoryBudget?) { self.budget = budget }

  deinit { releaseAll() }

  /// Takes more, or nothing and answers false.
  func grow(_ byteCount: Int) -> Bool {
    guard let budget else { return true }
    guard budget.reserve(byteCount) else { return false }
    bytes.add(byteCount, ordering: .relaxed)
    return true
  }

  /// Gives some back.
  func shrink(_ byteCount: Int) {
    guard let budget, byteCount > 0 else { return }
    // Never more than is left, so that a late `shrink` after `releaseAll` is harmless.
    var current = bytes.load(ordering: .relaxed)
    while true {
      let taken = min(byteCount, current)
      let (exchanged, original) = bytes.weakCompareExchange(
        expected: current, desired: current - taken, ordering: .relaxed)
      if exchanged { return budget.release(taken) }
      current = original
    }
  }

  func releaseAll() {
    let all = bytes.exchange(0, ordering: .relaxed)
    if all > 0 { budget?.release(all) }
  }
}
