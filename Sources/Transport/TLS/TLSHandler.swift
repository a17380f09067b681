// SPDX-License-Identifier: Apache-2.0

package import NIOCore

/// TLS on a connection: below it is ciphertext, above it plaintext, both as `ByteBuffer`.
///
/// Fires ``TLSHandshakeCompleted`` when the handshake is done. What is written before waits. A failure is fired as a
/// `TransportError`, and the channel closed: `tlsFailed`, `timedOut` when the handshake took too long, `connectionClosed`
/// when the connection ended without the other end having said so (close_notify), which may be a truncation by a third.
package final class TLSHandler: ChannelDuplexHandler {
  package typealias InboundIn = ByteBuffer
  package typealias InboundOut = ByteBuffer
  package typealias OutboundIn = ByteBuffer
  package typealias OutboundOut = ByteBuffer

  /// Where the connection is in its life.
  enum State {
    /// The channel is not active yet.
    case waiting
    case handshaking
    case open
    /// We want no more of it: our last records are on their way, and what still comes is dropped.
    case closing
    /// Nothing more happens: failed, or closed.
    case ended
  }

  /// A direction of an open connection. Each ends by itself, with close_notify.
  enum Direction { case open, ended }

  /// Ciphertext is decrypted, and plaintext encrypted, in pieces of this size at most; OpenSSL's memory grows no further.
  static let pieceByteCount = OpenSSLConnection.recordByteCountMax
  /// Ciphertext is passed on in buffers of about this size.
  static let batchByteCount = 4 * OpenSSLConnection.recordByteCountMax

  /// Then the event loop's other connections have their turn.
  static let batchesAtOnceMax = 16

  package static let handshakeTimeoutDefault = TimeAmount.seconds(10)
  /// For our last records to arrive, and the other end to close as well, before the channel is closed all the same.
  package var closeTimeout = TimeAmount.seconds(3)

  let role: OpenSSLContext.Role
  let serverName: String?
  let makeConnection: () throws(TransportError) -> OpenSSLConnection
  /// What the other end's certificate must say besides being verified.
  let serverIDs: [SPIFFEPattern]
  let handshakeTimeout: TimeAmount

  var state = State.waiting
  var input = Direction.open
  var output = Direction.open
  var connection: OpenSSLConnection?
  var writes = PendingWrites()
  /// Until the handshake is complete, or while closing: gives up when it fires.
  var timer: Scheduled<Void>?
  var closePromise: EventLoopPromise<Void>?
  /// Why it has ended, when it should not have.
  var failure: (any Error)?
  /// Somebody above wants to read and has got nothing since.
  var wantsRead = false
  var isFirstRead = true
  var isEncrypting = false

  /// The end that accepted the connection.
  ///
  /// - Parameter alpn: in order of preference. A client that offers protocols, but none of these, is refused.
  package init(
    server context: TLSServerContext, alpn: [String], handshakeTimeout: TimeAmount = handshakeTimeoutDefault
  ) {
    role = .server
    serverName = nil
    serverIDs = []
    self.handshakeTimeout = handshakeTimeout
    makeConnection = { () throws(TransportError) in
      try OpenSSLConnection(context.current, alpn: alpn)
    }
  }

  /// The end that made the connection.
  ///
  /// - Parameters:
  ///   - serverName: a DNS name or an IP address, which the server's certificate must be for. Needed unless the
  ///     configuration does not verify servers, or verifies their SPIFFE IDs.
  ///   - alpn: what is offered, in order of preference.
  package init(
    client context: TLSClientContext, serverName: String?, alpn: [String],
    handshakeTimeout: TimeAmount = handshakeTimeoutDefault
  ) {
    role = .client
    self.serverName = serverName
    serverIDs = context.configuration.serverIDs
    self.handshakeTimeout = handshakeTimeout
    let checksName = context.configuration.verifiesPeer && context.configuration.serverIDs.isEmpty
    makeConnection = { () throws(TransportError) in
      try OpenSSLConnection(context.current, serverName: serverName, checksName: checksName, alpn: alpn)
    }
  }

  // MARK: The channel's life

  package func handlerAdded(context: ChannelHandlerContext) {
    if context.channel.isActive { begin(context) }
  }

  package func channelActive(context: ChannelHandlerContext) {
    begin(context)
    context.fireChannelActive()
  }

  package func handlerRemoved(context: ChannelHandlerContext) {
    end(TransportError(.connectionClosed, "\(name(context)): TLS was taken off the connection"))
  }

  package func channelInactive(context: ChannelHandlerContext) {
    if isAlive { connectionEnded(context) }
    end(TransportError(.connectionClosed, "\(name(context)): the connection has closed"))
    context.fireChannelInactive()
  }

  package func errorCaught(context: ChannelHandlerContext, error: any Error) {
    switch state {
    case .handshaking:
      fail(context, .tlsFailed, "the handshake broke off: \(error)")
    case .waiting, .open:
      // Whoever hears of it need not hear of the truncation that follows.
      input = .ended
      context.fireErrorCaught(error)
    case .closing:
      closeNow(context)
    case .ended:
      break
    }
  }

  package func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    guard case ChannelEvent.inputClosed = event else {
      context.fireUserInboundEventTriggered(event)
      return
    }
    // With close_notify it was passed on already. Without, it is the end: there is no half of a truncated connection.
    connectionEnded(context)
  }

  private func begin(_ context: ChannelHandlerContext) {
    guard case .waiting = state else { return }
    state = .handshaking
    do throws(TransportError) {
      connection = try makeConnection()
    } catch {
      fail(context, error.code, error.message)
      return
    }
    let timeout = handshakeTimeout
    timer = context.eventLoop.assumeIsolated().scheduleTask(in: timeout) { [weak self] in
      guard let self, case .handshaking = self.state else { return }
      let seconds = Double(timeout.nanoseconds) / 1e9
      self.fail(context, .timedOut, "the handshake was not complete after \(seconds) s")
    }
    // Also when nobody above reads yet.
    context.read()
    handshake(context)
  }

  /// Nothing more comes of the other end.
  private func connectionEnded(_ context: ChannelHandlerContext) {
    switch state {
    case .handshaking:
      fail(context, .tlsFailed, "the other end closed the connection during the handshake")
    case .open where input == .open:
      fail(context, .connectionClosed, "the connection ended without close_notify: it may have been cut short")
    case .closing:
      closeNow(context)
    case .waiting, .open, .ended:
      break
    }
  }

  // MARK: The handshake

  private func handshake(_ context: ChannelHandlerContext) {
    guard let connection else { return }
    let step = connection.handshake()
    sendOutgoing(context)
    switch step {
    case .needsMore: break
    case .done: handshakeDone(context, connection.session)
    case .ended: fail(context, .tlsFailed, "the other end closed the connection during the handshake")
    case .failed(let reason): fail(context, .tlsFailed, reason)
    }
  }

  private func handshakeDone(_ context: ChannelHandlerContext, _ session: TLSSession) {
    timer?.cancel()
    timer = nil
    if !serverIDs.isEmpty {
      let id = session.certificate?.spiffeID
      guard let id, serverIDs.contains(where: { $0.matches(id) }) else {
        let wanted = serverIDs.map(\.description).joined(separator: ", ")
        // The server has completed its handshake, or will: for it this is an end, not a truncation.
        connection?.end()
        fail(context, .tlsFailed, "the server is \(id?.description ?? "without a SPIFFE ID"), wanted \(wanted)")
        return
      }
    }
    state = .open
    context.fireUserInboundEventTriggered(TLSHandshakeCompleted(session: session))
    encryptFlushed(context)
  }

  // MARK: Reading

  package func read(context: ChannelHandlerContext) {
    wantsRead = true
    context.read()
  }

  package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    var bytes = unwrapInboundIn(data)
    if isFirstRead, bytes.readableBytes > 0 {
      isFirstRead = false
      guard !refusesPlaintext(context, bytes.readableBytesView) else { return }
    }
    // What comes after the end of input, or while closing, is dropped.
    while bytes.readableBytes > 0, input == .open, isAlive, let connection {
      connection.receive(&bytes, byteCountMax: Self.pieceByteCount)
      if case .handshaking = state { handshake(context) }
      if case .open = state { decrypt(context, connection) }
    }
  }

  private var isAlive: Bool {
    switch state {
    case .handshaking, .open: true
    case .waiting, .closing, .ended: false
    }
  }

  package func channelReadComplete(context: ChannelHandlerContext) {
    switch state {
    // Nobody above asks for what only concerns us.
    case .handshaking, .closing: context.read()
    // What came was not enough for a record: whoever asked still waits.
    case .open: if wantsRead, input == .open { context.read() }
    case .waiting, .ended: break
    }
    context.fireChannelReadComplete()
  }

  private func decrypt(_ context: ChannelHandlerContext, _ connection: OpenSSLConnection) {
    guard input == .open else { return }
    var plaintext = context.channel.allocator.buffer(capacity: 0)
    var step = Step.done
    while case .done = step { step = connection.decrypt(into: &plaintext) }
    // Answers to what is no data, such as key updates.
    sendOutgoing(context)
    if plaintext.readableBytes > 0 {
      wantsRead = false
      context.fireChannelRead(wrapInboundOut(plaintext))
    }
    // Whoever got the data may have closed the connection, or had it closed.
    guard case .open = state, input == .open else { return }
    switch step {
    case .done, .needsMore: break
    case .ended: inputEnded(context)
    case .failed(let reason): fail(context, .tlsFailed, reason)
    }
  }

  private typealias Step = OpenSSLConnection.Step

  /// The other end has said that it sends nothing more. As without TLS, that closes the channel unless it is allowed.
  private func inputEnded(_ context: ChannelHandlerContext) {
    input = .ended
    let allowed = try? context.channel.syncOptions?.getOption(.allowRemoteHalfClosure)
    if allowed ?? false, output == .open {
      context.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
    } else {
      closeGracefully(context, nil)
    }
  }

  private func refusesPlaintext(_ context: ChannelHandlerContext, _ bytes: ByteBufferView) -> Bool {
    let other: OpenSSLContext.Role = role == .server ? .client : .server
    guard let explanation = PlaintextGreeting.explanation(bytes, from: other) else { return false }
    if role == .server, !bytes.starts(with: "PRI ".utf8) {
      context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: PlaintextGreeting.answer)), promise: nil)
    }
    fail(context, .tlsFailed, explanation)
    return true
  }
}
