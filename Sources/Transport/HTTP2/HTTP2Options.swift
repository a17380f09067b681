// SPDX-License-Identifier: Apache-2.0

import CNghttp2

/// nghttp2's own limits, set from ours.
final class HTTP2Options {
  /// Requests that a client begins before it knows the server's limit.
  static let streamsBeforeSettings = 100
  /// The longest header list that is sent; nghttp2's default.
  static let sentHeaderBytesMax = 64 << 10

  let pointer: OpaquePointer

  init?(_ limits: HTTP2Limits) {
    var created: OpaquePointer?
    guard nghttp2_option_new(&created) == 0, let created else { return nil }
    pointer = created
    // A body counts against its window until it is consumed, not only until it has come.
    nghttp2_option_set_no_auto_window_update(pointer, 1)
    nghttp2_option_set_peer_max_concurrent_streams(pointer, UInt32(Self.streamsBeforeSettings))
    nghttp2_option_set_max_send_header_block_length(pointer, Self.sentHeaderBytesMax)
    nghttp2_option_set_max_outbound_ack(pointer, max(limits.acknowledgementsQueuedMax, 1))
    nghttp2_option_set_max_settings(pointer, 32)
    nghttp2_option_set_max_continuations(pointer, max(limits.continuationsMax, 0))
    // Closed streams are kept only for the tree of priorities, which hardly any peer uses.
    nghttp2_option_set_no_closed_streams(pointer, 1)
    // Ours counts and answers ENHANCE_YOUR_CALM; theirs is out of its way.
    nghttp2_option_set_stream_reset_rate_limit(pointer, UInt64(UInt32.max), UInt64(UInt32.max))
  }

  deinit {
    nghttp2_option_del(pointer)
  }
}
