// SPDX-License-Identifier: Apache-2.0

import CNghttp2

/// nghttp2's callbacks: each finds the session and calls the method of what has happened.
final class HTTP2Callbacks: @unchecked Sendable {
  /// Never changed once made, and copied into each session: all share it.
  static let shared = HTTP2Callbacks()

  /// Nil without memory.
  let pointer: OpaquePointer?

  /// Asks a stream for its body. Computed: the type is C's.
  static var bodyProvider: nghttp2_data_provider {
    nghttp2_data_provider(source: nghttp2_data_source(fd: 0)) { _, stream, _, length, flags, _, user in
      guard let session = session(user), let flags else {
        return Int(NGHTTP2_ERR_CALLBACK_FAILURE.rawValue)
      }
      return session.nextBody(of: stream, atMost: length, &flags.pointee)
    }
  }

  private init() {
    var created: OpaquePointer?
    pointer = nghttp2_session_callbacks_new(&created) == 0 ? created : nil
    guard let pointer else { return }
    setReceiving(pointer)
    setSending(pointer)
  }

  private func setReceiving(_ callbacks: OpaquePointer) {
    nghttp2_session_callbacks_set_on_begin_frame_callback(callbacks) { _, header, user in
      if let header, let session = session(user) { session.frameBegins(header.pointee) }
      return 0
    }
    nghttp2_session_callbacks_set_on_begin_headers_callback(callbacks) { _, frame, user in
      if let frame, let session = session(user) { session.headersBegin(frame.pointee) }
      return 0
    }
    nghttp2_session_callbacks_set_on_header_callback(callbacks) { _, _, name, nameLength, value, valueLength, _, user in
      session(user)?.headerField(
        name: UnsafeBufferPointer(start: name, count: nameLength),
        value: UnsafeBufferPointer(start: value, count: valueLength))
      return 0
    }
    // Without this nghttp2 leaves such fields out; the message is malformed (RFC 9113, section 8.2.1).
    nghttp2_session_callbacks_set_on_invalid_header_callback(callbacks) { _, _, _, _, _, _, _, _ in
      NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE.rawValue
    }
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks) { _, _, stream, bytes, length, user in
      session(user)?.received(UnsafeRawBufferPointer(start: bytes, count: length), on: stream)
      return 0
    }
    nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks) { _, frame, user in
      if let frame, let session = session(user) { session.received(frame.pointee) }
      return 0
    }
    nghttp2_session_callbacks_set_on_stream_close_callback(callbacks) { _, stream, code, user in
      session(user)?.streamClosed(stream, HTTP2ErrorCode(rawValue: code))
      return 0
    }
    nghttp2_session_callbacks_set_error_callback2(callbacks) { _, _, message, length, user in
      session(user)?.explain(UnsafeRawBufferPointer(start: message, count: length))
      return 0
    }
  }

  private func setSending(_ callbacks: OpaquePointer) {
    nghttp2_session_callbacks_set_send_data_callback(callbacks) { _, frame, header, length, _, user in
      guard let frame, let header, let session = session(user) else { return NGHTTP2_ERR_CALLBACK_FAILURE.rawValue }
      return session.sendBody(
        of: frame.pointee.hd.stream_id, header: UnsafeRawBufferPointer(start: header, count: 9), length)
    }
    nghttp2_session_callbacks_set_on_frame_send_callback(callbacks) { _, frame, user in
      if let frame, let session = session(user) { session.sent(frame.pointee) }
      return 0
    }
    nghttp2_session_callbacks_set_on_frame_not_send_callback(callbacks) { _, frame, code, user in
      if let frame, let session = session(user) { session.notSent(frame.pointee, code) }
      return 0
    }
  }
}

private func session(_ user: UnsafeMutableRawPointer?) -> HTTP2Session? {
  user.map { Unmanaged<HTTP2Session>.fromOpaque($0).takeUnretainedValue() }
}
