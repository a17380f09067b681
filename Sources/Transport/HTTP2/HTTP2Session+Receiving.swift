// SPDX-License-Identifier: Apache-2.0

import CNghttp2
import HTTPTypes
import NIOCore

/// What nghttp2 says while it reads.
extension HTTP2Session {
  func frameBegins(_ header: nghttp2_frame_hd) {
    guard !isTerminating, let refusal = budgets.receive(header, now: now) else { return }
    terminate(.enhanceYourCalm, refusal, "the peer sent too many frames of one kind (\(refusal.rawValue))")
  }

  func headersBegin(_ frame: nghttp2_frame) {
    collector = HeaderCollector(byteCountMax: limits.headerListBytesMax)
    guard isServer, frame.headers.cat == NGHTTP2_HCAT_REQUEST, !isDead else { return }
    let stream = HTTP2Stream(id: frame.hd.stream_id, session: self)
    streams[stream.id] = stream
    budgets.streamBegan()
  }

  func headerField(name: UnsafeBufferPointer<UInt8>, value: UnsafeBufferPointer<UInt8>) {
    collector.add(name: name, value: value)
    if collector.isFarOversized {
      terminate(.enhanceYourCalm, .headerListFlood, "the peer sent far more fields than it was told to")
    }
  }

  func received(_ frame: nghttp2_frame) {
    guard !isDead else { return }
    switch UInt32(frame.hd.type) {
    case NGHTTP2_HEADERS.rawValue: receivedHeaders(frame)
    case NGHTTP2_DATA.rawValue:
      if endsStream(frame), let stream = streams[frame.hd.stream_id] { receivedEnd(stream, trailers: nil) }
    case NGHTTP2_SETTINGS.rawValue where frame.hd.flags & UInt8(NGHTTP2_FLAG_ACK.rawValue) == 0:
      hasPeerSettings = true
    case NGHTTP2_PING.rawValue where frame.hd.flags & UInt8(NGHTTP2_FLAG_ACK.rawValue) != 0:
      delegate?.session(pingAnswered: Self.pingData(frame.ping))
    case NGHTTP2_GOAWAY.rawValue: receivedGoAway(frame.goaway)
    default: break
    }
  }

  func received(_ bytes: UnsafeRawBufferPointer, on id: Int32) {
    guard !isDead else { return }
    guard let stream = streams[id], !stream.flags.contains(.aborted), let receiver = stream.receiver.body else {
      return dropped(bytes.count)
    }
    // nghttp2 resets the stream, but still hands over the frame that was too much. A window below the protocol's initial
    // one is not known to the peer from the beginning.
    guard stream.unconsumedByteCount + bytes.count <= max(limits.streamWindowBytes, 65_535) else {
      stream.flags.insert(.aborted)
      stream.failure = TransportError(.protocolViolation, "the peer sent more of a body than its window allows")
      provokedReset()
      return dropped(bytes.count)
    }
    stream.unconsumedByteCount += bytes.count
    receiver.receive(body: slice(bytes))
  }

  func streamClosed(_ id: Int32, _ code: HTTP2ErrorCode) {
    guard !isDead, let stream = streams[id] else { return }
    if code == .noError { budgets.streamEndedWell() }
    close(stream, Self.closed(id, code, isServer: isServer))
  }

  func explain(_ message: UnsafeRawBufferPointer) {
    if violation == nil { violation = String(decoding: message, as: UTF8.self) }
  }

  private static func closed(_ id: Int32, _ code: HTTP2ErrorCode, isServer: Bool) -> TransportError {
    let isUnprocessed = !isServer && code == .refusedStream
    return TransportError(
      .reset(code), "the peer has reset stream \(id) with code \(code.rawValue)", isUnprocessed: isUnprocessed)
  }

  private static func pingData(_ ping: nghttp2_ping) -> UInt64 {
    withUnsafeBytes(of: ping.opaque_data) { $0.loadUnaligned(as: UInt64.self) }
  }

  private func endsStream(_ frame: nghttp2_frame) -> Bool {
    frame.hd.flags & UInt8(NGHTTP2_FLAG_END_STREAM.rawValue) != 0
  }

  // MARK: Heads and trailers

  private func receivedHeaders(_ frame: nghttp2_frame) {
    guard let stream = streams[frame.hd.stream_id], !stream.flags.contains(.aborted) else { return }
    if collector.isOversized { return refuseHeaders(of: stream, frame) }
    if isServer, frame.headers.cat == NGHTTP2_HCAT_REQUEST {
      receivedRequest(on: stream)
    } else if !isServer, !stream.flags.contains(.headReceived) {
      receivedResponse(on: stream)
    } else {
      return receivedEnd(stream, trailers: collector.fields)
    }
    if endsStream(frame), !stream.flags.contains(.aborted) { receivedEnd(stream, trailers: nil) }
  }

  private func receivedRequest(on stream: HTTP2Stream) {
    guard let request = collector.request() else {
      statistics.refused(.malformedMessage)
      return abort(stream, .protocolError, TransportError(.protocolViolation, "the request is malformed"))
    }
    guard let receiver = delegate?.session(began: request, on: stream), stream.session != nil else { return }
    stream.receiver = .request(receiver)
  }

  private func receivedResponse(on stream: HTTP2Stream) {
    guard let response = collector.response(), case .response(let receiver) = stream.receiver else {
      return abort(stream, .protocolError, TransportError(.protocolViolation, "the response is malformed"))
    }
    guard response.status.kind != .informational else { return }
    stream.flags.insert(.headReceived)
    receiver.receive(head: response)
  }

  private func receivedEnd(_ stream: HTTP2Stream, trailers: HTTPFields?) {
    stream.flags.insert(.endReceived)
    guard stream.flags.isDisjoint(with: [.receiverDone, .aborted]) else { return }
    stream.flags.insert(.receiverDone)
    stream.receiver.body?.receiveEnd(trailers: trailers)
  }

  /// Only a request can be answered; there is nobody to say it to about trailers or a response (RFC 6585, section 5).
  private func refuseHeaders(of stream: HTTP2Stream, _ frame: nghttp2_frame) {
    statistics.refused(.headerList)
    let error = TransportError(.limitExceeded, "the peer's fields are longer than \(limits.headerListBytesMax) bytes")
    if isServer, !budgets.oversizedHeaders(now: now) {
      terminate(.enhanceYourCalm, .headerListFlood, "too many requests with more fields than are allowed")
    } else if isServer, frame.headers.cat == NGHTTP2_HCAT_REQUEST {
      if endsStream(frame) { stream.flags.insert(.endReceived) }
      stream.respond(HTTPResponse(status: .requestHeaderFieldsTooLarge))
    } else {
      abort(stream, .enhanceYourCalm, error)
    }
  }

  // MARK: Connection

  private func receivedGoAway(_ frame: nghttp2_goaway) {
    receivedGoAway = true
    if frame.error_code != HTTP2ErrorCode.noError.rawValue {
      // What it says is for people, and only some of it.
      let text = UnsafeRawBufferPointer(start: frame.opaque_data, count: min(frame.opaque_data_len, 200))
      violation = "the peer gave up: GOAWAY with code \(frame.error_code), \"\(String(decoding: text, as: UTF8.self))\""
    }
    // nghttp2 closes streams above the last one by itself, but not those it has only queued.
    for id in streams.keys.sorted() where !isServer {
      guard let stream = streams[id], !stream.flags.contains(.headSent) else { continue }
      nghttp2_submit_rst_stream(pointer, 0, id, HTTP2ErrorCode.cancel.rawValue)
      close(
        stream, TransportError(.connectionClosed, "the server takes no more requests (GOAWAY)", isUnprocessed: true))
    }
  }
}
