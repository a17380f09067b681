// SPDX-License-Identifier: Apache-2.0

import CNghttp2
import NIOCore

/// What nghttp2 asks and says while it produces frames.
extension HTTP2Session {
  /// How much of a stream's body fits into the next DATA frame; the bytes are asked for by `sendBody`.
  func nextBody(of id: Int32, atMost length: Int, _ flags: inout UInt32) -> Int {
    guard let stream = streams[id], !stream.flags.contains(.aborted) else {
      return Int(NGHTTP2_ERR_DEFERRED.rawValue)
    }
    let count = min(length, stream.queue.byteCount)
    let isEnd = stream.flags.contains(.endSubmitted) && count == stream.queue.byteCount
    guard count > 0 || isEnd else {
      stream.flags.insert(.deferred)
      return Int(NGHTTP2_ERR_DEFERRED.rawValue)
    }
    flags |= NGHTTP2_DATA_FLAG_NO_COPY.rawValue
    if isEnd {
      flags |= NGHTTP2_DATA_FLAG_EOF.rawValue
      if let trailers = stream.trailers {
        stream.trailers = nil
        encoder.encode(trailers: trailers)
        let result = encoder.withVectors { nghttp2_submit_trailer(pointer, id, $0, $1) }
        if result == 0 { flags |= NGHTTP2_DATA_FLAG_NO_END_STREAM.rawValue }
      }
    }
    return count
  }

  /// Appends a DATA frame. Enough for one write makes a pause.
  func sendBody(of id: Int32, header: UnsafeRawBufferPointer, _ length: Int) -> Int32 {
    guard let stream = streams[id], stream.queue.byteCount >= length else {
      return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE.rawValue
    }
    output.append(header)
    stream.queue.take(length) { output.append($0) }
    if stream.relieved(below: limits.sendQueueBytesLow) { relievedStreams.append(stream) }
    return output.byteCount < Self.producedPieceBytes ? 0 : NGHTTP2_ERR_PAUSE.rawValue
  }

  func sent(_ frame: nghttp2_frame) {
    switch UInt32(frame.hd.type) {
    case NGHTTP2_DATA.rawValue:
      budgets.sentData()
      sentMessage(frame)
    case NGHTTP2_HEADERS.rawValue:
      budgets.sentHeaders()
      sentMessage(frame)
    case NGHTTP2_RST_STREAM.rawValue: sentReset(frame)
    case NGHTTP2_GOAWAY.rawValue:
      guard frame.goaway.error_code != HTTP2ErrorCode.noError.rawValue, !isTerminating else { return }
      // nghttp2's own verdict.
      isTerminating = true
      statistics.refused(.protocolViolation)
    default: break
    }
  }

  private func sentMessage(_ frame: nghttp2_frame) {
    guard let stream = streams[frame.hd.stream_id] else { return }
    stream.flags.insert(.headSent)
    guard frame.hd.flags & UInt8(NGHTTP2_FLAG_END_STREAM.rawValue) != 0 else { return }
    stream.flags.insert(.endSent)
    guard isServer, stream.flags.isDisjoint(with: [.endReceived, .aborted]) else { return }
    // The answer does not depend on what is still to come (RFC 9113, section 8.1).
    abort(stream, .noError, TransportError(.cancelled, "answered before the end of the request"))
  }

  /// A reset that this end has not asked for is one that the peer has provoked.
  private func sentReset(_ frame: nghttp2_frame) {
    let code = HTTP2ErrorCode(rawValue: frame.rst_stream.error_code)
    guard isServer, code != .noError else { return }
    if let stream = streams[frame.hd.stream_id], stream.flags.contains(.aborted) { return }
    statistics.refused(code == .refusedStream ? .concurrentStreams : .malformedMessage)
    provokedReset()
  }

  func provokedReset() {
    guard isServer, !isTerminating, !budgets.provokedReset(now: now) else { return }
    terminate(.enhanceYourCalm, .resetFlood, "the peer made too many mistakes on its streams")
  }

  /// A response or trailers that nghttp2 will not send: too long, most likely.
  func notSent(_ frame: nghttp2_frame, _ code: Int32) {
    guard UInt32(frame.hd.type) == NGHTTP2_HEADERS.rawValue, let stream = streams[frame.hd.stream_id],
      !stream.flags.contains(.aborted), isServer || stream.flags.contains(.headSent)
    else { return }
    guard code != NGHTTP2_ERR_STREAM_CLOSED.rawValue, code != NGHTTP2_ERR_STREAM_CLOSING.rawValue else { return }
    abort(stream, .internalError, Self.notSubmitted(code))
  }

  /// Tells those whose queue has become short, outside of nghttp2's work. False when there is none.
  func notifyRelieved() -> Bool {
    guard !relievedStreams.isEmpty else { return false }
    let streams = relievedStreams
    relievedStreams.removeAll(keepingCapacity: true)
    for stream in streams where stream.session != nil && !stream.flags.contains(.congested) {
      stream.receiver.body?.becameWritable()
    }
    return true
  }
}
