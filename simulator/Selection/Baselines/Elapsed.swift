// SPDX-License-Identifier: Apache-2.0

extension FixedWidthInteger {
  /// Time since then; 0 when the clock was set back meanwhile.
  @inline(__always)
  func since(_ then: Self) -> Self { self > then ? self &- then : 0 }
}
