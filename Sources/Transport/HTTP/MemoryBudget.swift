// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Bytes that requests under way may hold in memory together. Shared by all connections of a process; never blocks.
public final class MemoryBudget: Sendable {
  public let bytesMax: Int
  private let reserved = Atomic(0)

  /// - Parameter bytesMax: all reservations together.
  public init(bytesMax: Int) {
    self.bytesMax = bytesMax
  }

  /// Takes `byteCount` out of the budget, or nothing and answers false.
  public func reserve(_ byteCount: Int) -> Bool {
    var current = reserved.load(ordering: .relaxed)
    while byteCount <= bytesMax - current {
      let (exchanged, original) = reserved.weakCompareExchange(
        expected: current, desired: current + byteCount, ordering: .relaxed)
      if exchanged { return true }
      current = original
    }
    return false
  }

  /// Gives back what `reserve` took.
  public func release(_ byteCount: Int) {
    reserved.subtract(byteCount, ordering: .relaxed)
  }

  /// Less than an eighth is left: time to refuse what is new, so that what is under way can end.
  public var isShort: Bool { reservedBytes > bytesMax - bytesMax / 8 }

  public var reservedBytes: Int { reserved.load(ordering: .relaxed) }
}
