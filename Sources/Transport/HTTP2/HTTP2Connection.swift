// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import NIOCore

/// What a connection tells the handler whose role it plays.
protocol HTTP2ConnectionDelegate: AnyObject {
  /// A server's: a request has come.
  func connection(began request: HTTPRequest, on stream: HTTP2Stream) -> (any BodyReceiver)?
  /// A turn's work is done: state may have changed.
  func connectionSettled()
  /// For the last time. Nil: in order.
  func connectionClosed(_ error: TransportError?)
}

/// Moves bytes between a channel and a session: one flush for everything that was read together, one for each turn of
/// the event loop otherwise, and no more production than the channel can take.
final class HTTP2Connection: HTTP2SessionDelegate {
  private enum State {
    case idle, open, closing, closed
  }

  /// More than this is not produced in one turn: other connections share the loop.
  private static let turnBytes = 1 << 20

  let session: HTTP2Session
  weak var delegate: (any HTTP2ConnectionDelegate)?
  private let limits: HTTP2Limits
  private var context: ChannelHandlerContext?
  private var state = State.idle
  private var isReading = false
  private var isProducing = false
  private var isOutputScheduled = false
  private var error: TransportError?
  private lazy var timers = HTTP2Timers(self, limits)
  private var drainPing: UInt64?
  private var drainsWhenOpen = false

  init(session: HTTP2Session) {
    self.session = session
    limits = session.limits
    session.delegate = self
  }

  var isOpen: Bool { state == .idle || state == .open }
  var hasStreams: Bool { !session.streams.isEmpty }

  // MARK: Channel

  func added(_ context: ChannelHandlerContext) {
    self.context = context
    if context.channel.isActive { activate() }
  }

  func activate() {
    guard state == .idle, context != nil else { return }
    state = .open
    session.statistics.connectionsChanged(by: 1)
    session.start()
    timers.start()
    if drainsWhenOpen { drainServer() }
    sessionHasOutput()
  }

  func read(_ buffer: ByteBuffer) {
    timers.heard()
    guard state == .open else { return }
    isReading = true
    if let error = session.receive(buffer) { fail(error) }
  }

  func readCompleted() {
    isReading = false
    produce()
  }

  func writabilityChanged() { produce() }

  /// The peer sends no more. HTTP/2 has no use for half a connection.
  func inputClosed() {
    fail(TransportError(.connectionClosed, "the peer has closed the connection"))
    context?.close(promise: nil)
  }

  func inactive() {
    finish(TransportError(.connectionClosed, session.violation.map { "HTTP/2: \($0)" } ?? "the connection was lost"))
  }

  /// The channel has an error: the socket's, or TLS's.
  func failed(_ error: any Error) {
    fail(error as? TransportError ?? TransportError(.connectionClosed, "the connection was lost: \(error)"))
  }

  func removed() {
    finish(TransportError(.connectionClosed, "the connection is no longer HTTP/2"))
    context = nil
  }

  // MARK: Output

  func sessionHasOutput() {
    // What is said while reading goes out when all has been read.
    guard !isReading, !isProducing, !isOutputScheduled, let context else { return }
    isOutputScheduled = true
    context.eventLoop.assumeIsolated().execute {
      self.isOutputScheduled = false
      self.produce()
    }
  }

  private func produce() {
    guard let context, state == .open || state == .closing, !isProducing else { return }
    isProducing = true
    var turnByteCount = 0
    var hasMore = true
    do {
      while hasMore, context.channel.isWritable, turnByteCount < Self.turnBytes, state != .closed {
        hasMore = try session.produce()
        turnByteCount += session.output.byteCount
        session.output.drain { context.write(NIOAny($0), promise: nil) }
        // Those who hear that they may go on, do so here.
        if session.notifyRelieved() || session.hasWaitingHeads { hasMore = true }
      }
    } catch {
      isProducing = false
      return fail(error)
    }
    if turnByteCount > 0 { context.flush() }
    isProducing = false
    if hasMore, context.channel.isWritable { sessionHasOutput() }
    settle()
  }

  private func settle() {
    if state == .open, session.isOver || session.isTerminating { beginClosing() }
    if state == .closing, session.isOver {
      // Nothing is heard any more: whoever waits for an answer does so in vain.
      if session.isTerminating {
        finish(TransportError(.protocolViolation, "HTTP/2: \(session.violation ?? "the connection was given up")"))
      }
      closeWhenWritten()
    }
    timers.settled()
    delegate?.connectionSettled()
  }

  // MARK: Ending

  /// The connection is beyond repair.
  func fail(_ error: TransportError) {
    guard isOpen else { return }
    self.error = error
    isReading = false
    finish(error)
    context?.close(promise: nil)
  }

  /// Says goodbye, and closes when the peer has heard it.
  func terminate(_ code: HTTP2ErrorCode, _ refusal: HTTP2Refusal?, _ error: TransportError) {
    guard isOpen else { return }
    if self.error == nil { self.error = error }
    session.terminate(code, refusal, error.message)
    if !isReading { produce() }
  }

  /// A peer that does not read, or goes on sending, has only so long.
  private func beginClosing() {
    guard let context else { return }
    state = .closing
    let last = context.eventLoop.assumeIsolated().scheduleTask(in: limits.closeTimeout) { context.close(promise: nil) }
    context.channel.closeFuture.assumeIsolated().whenComplete { _ in last.cancel() }
  }

  /// A server leaves it to the client to close: otherwise what the client is just sending makes the kernel reset the
  /// connection, and the last answers may be lost with it.
  private func closeWhenWritten() {
    guard let context, !session.isServer else { return }
    context.writeAndFlush(NIOAny(ByteBuffer())).assumeIsolated().whenComplete { _ in context.close(promise: nil) }
  }

  private func finish(_ error: TransportError) {
    guard state != .closed else { return }
    let wasOpen = state != .idle
    let isOrderly = session.isOver && !session.isTerminating && self.error == nil
    state = .closed
    if wasOpen { session.statistics.connectionsChanged(by: -1) }
    timers.stop()
    session.die(self.error ?? error)
    delegate?.connectionClosed(isOrderly ? nil : self.error ?? error)
  }

  // MARK: Draining

  /// A server's: no more requests than those the peer has sent by the time it hears of it (RFC 9113, section 6.8).
  func drainServer() {
    guard state == .open, drainPing == nil else {
      drainsWhenOpen = state == .idle
      return
    }
    session.submitShutdownNotice()
    drainPing = timers.ping()
    // A peer that does not answer has had its notice.
    context?.eventLoop.assumeIsolated().scheduleTask(in: limits.closeTimeout) { [weak self] in
      self?.session.submitGoAway()
      self?.sessionHasOutput()
    }
    sessionHasOutput()
  }

  func drainClient() {
    guard isOpen else { return }
    session.submitGoAway()
    sessionHasOutput()
  }

  func session(began request: HTTPRequest, on stream: HTTP2Stream) -> (any BodyReceiver)? {
    delegate?.connection(began: request, on: stream)
  }

  func session(pingAnswered data: UInt64) {
    guard data == drainPing else { return }
    session.submitGoAway()
  }
}
