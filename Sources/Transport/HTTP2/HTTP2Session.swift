// SPDX-License-Identifier: Apache-2.0

import CNghttp2
import HTTPTypes
import NIOCore

/// What a session tells its connection. Called in the middle of nghttp2's work: nothing may be read or produced from here.
protocol HTTP2SessionDelegate: AnyObject {
  /// Something waits to be produced.
  func sessionHasOutput()
  /// A request has come; the receiver that is returned hears its body.
  func session(began request: HTTPRequest, on stream: HTTP2Stream) -> (any BodyReceiver)?
  func session(pingAnswered data: UInt64)
}

/// The protocol of one connection: owns an `nghttp2_session` and its streams. Bytes in, bytes out; knows no channel.
///
/// nghttp2 calls back while it reads and while it produces. Streams are looked up by their number then, not kept as
/// pointers in nghttp2: a closed stream is one that is not found.
final class HTTP2Session {
  let isServer: Bool
  let limits: HTTP2Limits
  let statistics: HTTP2Statistics
  let eventLoop: any EventLoop
  weak var delegate: (any HTTP2SessionDelegate)?

  let pointer: OpaquePointer
  var streams: [Int32: HTTP2Stream] = [:]
  var collector: HeaderCollector
  var budgets: HTTP2Budgets
  var output = HTTP2Output()
  var encoder = HeaderEncoder()

  /// What is being read, so that parts of it can be passed on without a copy.
  private var input = ByteBuffer()
  private var inputBase: UnsafeRawPointer?
  var now: NIODeadline
  private var waitingHeads: [HTTP2Stream] = []
  var relievedStreams: [HTTP2Stream] = []
  /// Said about requests that fail because the connection does.
  var violation: String?
  /// The peer's own limit, once its first SETTINGS have come.
  var hasPeerSettings = false
  var receivedGoAway = false
  private var sentGoAway = false
  private(set) var closedStreamCount = 0
  var isTerminating = false
  private(set) var isDead = false

  static let producedPieceBytes = 64 << 10

  init?(
    isServer: Bool, limits: HTTP2Limits, statistics: HTTP2Statistics, eventLoop: any EventLoop
  ) {
    var created: OpaquePointer?
    guard let callbacks = HTTP2Callbacks.shared.pointer, let options = HTTP2Options(limits),
      (isServer
        ? nghttp2_session_server_new2(&created, callbacks, nil, options.pointer)
        : nghttp2_session_client_new2(&created, callbacks, nil, options.pointer)) == 0,
      let created
    else { return nil }
    pointer = created
    self.isServer = isServer
    self.limits = limits
    self.statistics = statistics
    self.eventLoop = eventLoop
    collector = HeaderCollector(byteCountMax: limits.headerListBytesMax)
    budgets = HTTP2Budgets(limits)
    now = eventLoop.now
    nghttp2_session_set_user_data(pointer, Unmanaged.passUnretained(self).toOpaque())
  }

  deinit {
    nghttp2_session_del(pointer)
  }

  // MARK: Connection

  /// Announces this end's limits. First of all.
  func start() {
    var settings = [
      Self.setting(NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, limits.streamWindowBytes),
      Self.setting(NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, limits.headerListBytesMax),
      Self.setting(NGHTTP2_SETTINGS_MAX_FRAME_SIZE, min(max(limits.frameBytesMax, 1 << 14), 1 << 24 - 1)),
      isServer
        ? Self.setting(NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, limits.concurrentStreamsMax)
        : Self.setting(NGHTTP2_SETTINGS_ENABLE_PUSH, 0),
    ]
    nghttp2_submit_settings(pointer, 0, &settings, settings.count)
    let window = Int32(clamping: min(limits.connectionWindowBytes, Int(Int32.max)))
    nghttp2_session_set_local_window_size(pointer, 0, 0, window)
  }

  private static func setting(_ id: nghttp2_settings_id, _ value: Int) -> nghttp2_settings_entry {
    nghttp2_settings_entry(settings_id: Int32(id.rawValue), value: UInt32(clamping: min(value, Int(Int32.max))))
  }

  /// Takes what has come from the peer. Nil when that was in order, otherwise why the connection is over at once.
  func receive(_ buffer: ByteBuffer) -> TransportError? {
    guard !isDead else { return nil }
    now = eventLoop.now
    input = buffer
    let result = buffer.withUnsafeReadableBytes { bytes in
      inputBase = bytes.baseAddress
      return nghttp2_session_mem_recv(pointer, bytes.bindMemory(to: UInt8.self).baseAddress, bytes.count)
    }
    inputBase = nil
    input = ByteBuffer()
    guard result < 0 else { return nil }
    return failed(Int32(clamping: result))
  }

  private func failed(_ code: Int32) -> TransportError {
    let isFlooded = code == NGHTTP2_ERR_FLOODED.rawValue
    if !isTerminating { statistics.refused(isFlooded ? .acknowledgementFlood : .protocolViolation) }
    let reason = String(cString: nghttp2_strerror(code))
    return TransportError(.protocolViolation, "HTTP/2: \(violation ?? reason)")
  }

  /// Produces frames until there are enough for one write. False when nothing is left.
  func produce() throws(TransportError) -> Bool {
    submitWaitingHeads()
    while output.byteCount < Self.producedPieceBytes {
      guard !isDead else { return false }
      let before = output.byteCount
      var bytes: UnsafePointer<UInt8>?
      let count = nghttp2_session_mem_send(pointer, &bytes)
      guard count >= 0 else { throw failed(Int32(clamping: count)) }
      if count > 0, let bytes { output.append(UnsafeRawBufferPointer(start: bytes, count: count)) }
      if output.byteCount == before { return false }
    }
    return true
  }

  /// True when both ends have said all.
  var isOver: Bool {
    nghttp2_session_want_read(pointer) == 0 && nghttp2_session_want_write(pointer) == 0 && waitingHeads.isEmpty
  }

  var hasWaitingHeads: Bool { !waitingHeads.isEmpty }

  /// Asks the peer for no more requests, with time for those on their way (RFC 9113, section 6.8).
  func submitShutdownNotice() {
    guard !isDead else { return }
    nghttp2_submit_shutdown_notice(pointer)
  }

  func submitGoAway() {
    guard !isDead, !isTerminating, !sentGoAway else { return }
    sentGoAway = true
    nghttp2_submit_goaway(pointer, 0, nghttp2_session_get_last_proc_stream_id(pointer), 0, nil, 0)
  }

  func submitPing(_ data: UInt64) {
    guard !isDead else { return }
    withUnsafeBytes(of: data) { bytes in
      _ = nghttp2_submit_ping(pointer, 0, bytes.bindMemory(to: UInt8.self).baseAddress)
    }
  }

  /// Gives the connection up: GOAWAY, and nothing that comes is looked at any more.
  func terminate(_ code: HTTP2ErrorCode, _ refusal: HTTP2Refusal?, _ message: String) {
    guard !isTerminating else { return }
    isTerminating = true
    if let refusal { statistics.refused(refusal) }
    violation = message
    nghttp2_session_terminate_session(pointer, code.rawValue)
    delegate?.sessionHasOutput()
  }

  /// Ends everything without a word to the peer.
  func die(_ error: TransportError) {
    isDead = true
    waitingHeads.removeAll()
    relievedStreams.removeAll()
    for id in streams.keys.sorted() {
      guard let stream = streams[id] else { continue }
      var error = error
      error.isUnprocessed = !isServer && !stream.flags.contains(.headSent)
      close(stream, error)
    }
  }

  // MARK: Streams

  /// Tells the receiver what it does not know yet, and takes the stream apart.
  func close(_ stream: HTTP2Stream, _ error: TransportError) {
    guard streams.removeValue(forKey: stream.id) != nil else { return }
    closedStreamCount += 1
    let receiver = stream.receiver.body
    // A server's handler that has heard the request's end still has to hear that nobody waits for its answer.
    let isComplete =
      isServer ? stream.flags.isSuperset(of: [.endReceived, .endSent]) : stream.flags.contains(.receiverDone)
    if stream.unconsumedByteCount > 0, !isDead {
      nghttp2_session_consume_connection(pointer, stream.unconsumedByteCount)
    }
    stream.flags.insert(.receiverDone)
    stream.detach()
    if !isComplete { receiver?.fail(stream.failure ?? error) }
  }

  /// Resets a stream; its receiver hears of it when that is on its way.
  func abort(_ stream: HTTP2Stream, _ code: HTTP2ErrorCode, _ error: TransportError) {
    stream.flags.insert(.aborted)
    stream.failure = error
    stream.head = nil
    stream.queue.removeAll()
    nghttp2_submit_rst_stream(pointer, 0, stream.id, code.rawValue)
    delegate?.sessionHasOutput()
  }

  func consumed(_ byteCount: Int, on stream: HTTP2Stream) {
    guard !isDead, byteCount > 0 else { return }
    if stream.flags.isDisjoint(with: [.endReceived, .aborted]) {
      nghttp2_session_consume(pointer, stream.id, byteCount)
    } else {
      nghttp2_session_consume_connection(pointer, byteCount)
    }
    delegate?.sessionHasOutput()
  }

  /// Bytes that nobody wants.
  func dropped(_ byteCount: Int) {
    nghttp2_session_consume_connection(pointer, byteCount)
  }

  // MARK: Sending

  func headWaits(on stream: HTTP2Stream) {
    waitingHeads.append(stream)
    delegate?.sessionHasOutput()
  }

  func bodyWaits(on stream: HTTP2Stream) {
    if stream.flags.contains(.deferred) {
      stream.flags.remove(.deferred)
      nghttp2_session_resume_data(pointer, stream.id)
    }
    delegate?.sessionHasOutput()
  }

  func submit(informational head: HTTPResponse, on stream: HTTP2Stream) {
    encoder.encode(head)
    encoder.withVectors { vectors, count in
      _ = nghttp2_submit_headers(pointer, 0, stream.id, nil, vectors, count, nil)
    }
    delegate?.sessionHasOutput()
  }

  private func submitWaitingHeads() {
    guard !waitingHeads.isEmpty else { return }
    let streams = waitingHeads
    waitingHeads.removeAll(keepingCapacity: true)
    for stream in streams {
      guard let head = stream.head, !stream.flags.contains(.aborted), !isDead else { continue }
      stream.head = nil
      stream.flags.insert(.headSubmitted)
      encoder.encode(head)
      let endsHere = stream.flags.contains(.endSubmitted) && stream.queue.byteCount == 0 && stream.trailers == nil
      var provider = HTTP2Callbacks.bodyProvider
      let result = encoder.withVectors { vectors, count in
        endsHere
          ? nghttp2_submit_response(pointer, stream.id, vectors, count, nil)
          : nghttp2_submit_response(pointer, stream.id, vectors, count, &provider)
      }
      if result != 0 { abort(stream, .internalError, Self.notSubmitted(result)) }
    }
  }

  /// Submits a client's request, or says why it cannot be.
  func submit(_ request: HTTPRequest, endsHere: Bool) -> Result<HTTP2Stream, TransportError> {
    encoder.encode(request)
    let peerMax = Int(nghttp2_session_get_remote_settings(pointer, NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE))
    guard encoder.listByteCount <= min(peerMax, HTTP2Options.sentHeaderBytesMax) else {
      return .failure(
        TransportError(.limitExceeded, "the request's fields are longer than the server allows", isUnprocessed: true))
    }
    var provider = HTTP2Callbacks.bodyProvider
    let id = encoder.withVectors { vectors, count in
      endsHere
        ? nghttp2_submit_request(pointer, nil, vectors, count, nil, nil)
        : nghttp2_submit_request(pointer, nil, vectors, count, &provider, nil)
    }
    guard id > 0 else { return .failure(Self.notSubmitted(id)) }
    let stream = HTTP2Stream(id: id, session: self)
    stream.flags.insert(.headSubmitted)
    if endsHere { stream.flags.insert(.endSubmitted) }
    streams[id] = stream
    budgets.ownStreamBegan()
    delegate?.sessionHasOutput()
    return .success(stream)
  }

  static func notSubmitted(_ code: Int32) -> TransportError {
    TransportError(.limitExceeded, "HTTP/2: \(String(cString: nghttp2_strerror(code)))", isUnprocessed: true)
  }

  /// Requests that a client may have under way at once.
  var peerStreamsMax: Int {
    guard hasPeerSettings else { return HTTP2Options.streamsBeforeSettings }
    return Int(nghttp2_session_get_remote_settings(pointer, NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS))
  }

  // MARK: Receiving

  /// A part of what is being read, as a slice of it. A small part of a large buffer is copied: it might keep all of it
  /// in memory for long.
  func slice(_ bytes: UnsafeRawBufferPointer) -> ByteBuffer {
    if let inputBase, let start = bytes.baseAddress, bytes.count * 8 >= input.storageCapacity {
      let offset = start - inputBase
      if offset >= 0, let slice = input.getSlice(at: input.readerIndex + offset, length: bytes.count) { return slice }
    }
    return ByteBuffer(bytes: bytes)
  }
}
