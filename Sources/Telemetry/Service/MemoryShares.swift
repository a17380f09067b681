// SPDX-License-Identifier: Apache-2.0

import OTLP
import Transport

/// What the parts of a service may take of its memory limit.
///
/// The parts count what they are sent. Buffers are larger than what is in them, by half as a rule: so half of the limit
/// is given out, and the rest is for that, for connections and for the process itself.
struct MemoryShares {
  /// Bodies of requests that are being received: all receivers together.
  let bodies: MemoryBudget
  /// Requests that wait in memory to be sent: all exporters together.
  let queues: MemoryBudget
  /// Of each event loop. Messages are many times larger than their encoding, but only for as long as one is looked at.
  let decoding: DecodingLimits
  /// Calls under way at once. A call takes about as much memory as a small request, before any of it has come.
  let callsMax: Int

  /// - Parameter loopCount: event loops, which read one request at a time each.
  init(limitBytes: Int, loopCount: Int) {
    bodies = MemoryBudget(bytesMax: limitBytes / 4)
    queues = MemoryBudget(bytesMax: limitBytes / 4)
    let kept = min(max(limitBytes / 16 / max(loopCount, 1), 64 << 10), 16 << 20)
    decoding = DecodingLimits(memoryBytesMax: limitBytes / 2, keptBytesMax: kept)
    callsMax = max(limitBytes / Self.limitBytesPerCall, 100)
  }

  /// A sixteenth of the limit is for calls, of 2 KiB.
  private static let limitBytesPerCall = 32 << 10
}
