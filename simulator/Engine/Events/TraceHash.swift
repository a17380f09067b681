// SPDX-License-Identifier: Apache-2.0

/// A hash of everything that happens in a run, in order: FNV-1a over words, with a shift, so that high bits count.
struct TraceHash {
  private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

  @inline(__always)
  mutating func add(_ time: UInt64, _ what: UInt64) {
    value = (value ^ time) &* 0x100_0000_01b3
    value = (value ^ what ^ (value >> 29)) &* 0x100_0000_01b3
  }
}
