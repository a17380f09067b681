// SPDX-License-Identifier: Apache-2.0

internal import COTLP

/// The memory of one request. See `otlp_arena` in C.
struct Arena: ~Copyable {
  let pointer: UnsafeMutablePointer<otlp_arena>

  init(limit: Int, kept: Int) throws(OTLPError) {
    guard let pointer = otlp_arena_create(max(limit, 0), max(kept, 0)) else {
      throw OTLPError(.tooLarge, reason: "no memory for an arena")
    }
    self.pointer = pointer
  }

  deinit { otlp_arena_destroy(pointer) }

  func reset() { otlp_arena_reset(pointer) }

  var bytes: Int { pointer.pointee.chunk_bytes }
}
