// SPDX-License-Identifier: Apache-2.0

package import NIOCore
package import NIOHTTP1

/// A server's HTTP/1.1 connection: requests one after the other, each answered before the next begins.
///
/// The parser turns all that was read into parts at once, however many requests that are. The parts wait here, and nothing
/// more is read while any does: `advance` hands them on as far as the exchange under way allows.
package final class HTTP1ServerHandler: ChannelInboundHandler {
  package typealias InboundIn = HTTPServerRequestPart
  package typealias OutboundOut = HTTPServerResponsePart

  /// How far the connection's life has come.
  private enum Phase {
    case idle
    /// Bytes of a head have come; those of its first line until that is complete.
    case head(lineBytes: Int?)
    case exchange(HTTP1ServerExchange)
    /// The last response is out: what still comes is dropped until the client closes too.
    case lingering
    case closed
  }

  private let handler: any RequestHandler
  private let peer: Peer
  private let limits: HTTP1Limits
  let statistics: ServerStatistics

  private var context: ChannelHandlerContext?
  private var phase = Phase.idle
  private var parts: HTTP1RequestParts
  /// What the parser found wrong behind the parts that wait.
  private var refusal: HTTP1Refusal?
  private(set) var isDraining = false
  /// The client sends no more.
  private var inputEnded = false
  private var isReading = false
  private var isAdvancing = false
  private var isInRead = false
  private var output: HTTP1Output?
  private var bodyBytes = 0
  private var inputTimer: LazyTimer?
  private var outputTimer: LazyTimer?

  package init(handler: any RequestHandler, peer: Peer, limits: HTTP1Limits, statistics: ServerStatistics) {
    self.handler = handler
    self.peer = peer
    self.limits = limits
    self.statistics = statistics
    parts = HTTP1RequestParts(requestsMax: limits.pipelinedMax)
  }

  /// The handlers of a connection, in order, this one last.
  package var handlers: [any ChannelHandler] {
    var decoderLimits = NIOHTTPDecoderLimitConfiguration()
    decoderLimits.maxHeaderFieldCount = limits.headFieldsMax
    // The target counts with the fields there, and is bounded with the request line here.
    decoderLimits.maxHeaderListSize = limits.headBytesMax + limits.requestLineBytesMax
    decoderLimits.maxHeaderFieldSize = max(limits.headBytesMax, limits.requestLineBytesMax)
    var encoding = HTTPResponseEncoder.Configuration()
    encoding.automaticallySetFramingHeaders = false
    return [
      HTTP1InputMeter(self), HTTPResponseEncoder(configuration: encoding),
      ByteToMessageHandler(HTTPRequestDecoder(limitConfiguration: decoderLimits)), self,
    ]
  }

  /// Closes when the request under way has ended, or when none comes.
  package func drain() {
    isDraining = true
    switch phase {
    case .idle: inputTimer?.arm(limits.drainGrace)
    case .head: break
    case .exchange(let exchange): exchange.closeAfter()
    case .lingering, .closed: break
    }
  }

  private var exchange: HTTP1ServerExchange? {
    if case .exchange(let exchange) = phase { exchange } else { nil }
  }

  // MARK: Channel

  package func handlerAdded(context: ChannelHandlerContext) {
    self.context = context
    output = HTTP1Output(context)
    inputTimer = LazyTimer(context.eventLoop) { [weak self] in self?.inputTimedOut() }
    outputTimer = LazyTimer(context.eventLoop) { [weak self] in
      self?.statistics.add(.sendTimeout)
      self?.closeNow(TransportError(.timedOut, "the client takes no response"))
    }
    _ = try? context.channel.syncOptions?.setOption(.autoRead, value: false)
    // A client that has sent everything may say so and still wants its answer. TLS has its own end of input.
    if peer.tls == nil { _ = try? context.channel.syncOptions?.setOption(.allowRemoteHalfClosure, value: true) }
    inputTimer?.arm(limits.idleTimeout)
    readIfWanted()
  }

  package func handlerRemoved(context: ChannelHandlerContext) {
    ended(TransportError(.connectionClosed, "the connection closed in mid-exchange"))
    self.context = nil
    output = nil
  }

  package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    isInRead = true
    output?.readBegan()
    if !parts.append(unwrapInboundIn(data)) { statistics.add(.pipelineTooLong) }
    advance()
  }

  package func channelReadComplete(context: ChannelHandlerContext) {
    isInRead = false
    isReading = false
    output?.readCompleted()
    readIfWanted()
    context.fireChannelReadComplete()
  }

  package func channelWritabilityChanged(context: ChannelHandlerContext) {
    if context.channel.isWritable {
      outputTimer?.disarm()
      exchange?.writabilityChanged()
    } else {
      outputTimer?.arm(limits.sendTimeout)
    }
    context.fireChannelWritabilityChanged()
  }

  package func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if case .some(.inputClosed) = event as? ChannelEvent {
      inputEnded = true
      switch phase {
      case .idle, .head, .lingering: closeNow(nil)
      case .exchange, .closed: break
      }
    }
    context.fireUserInboundEventTriggered(event)
  }

  package func channelInactive(context: ChannelHandlerContext) {
    if exchange != nil { statistics.add(.clientClosed) }
    ended(TransportError(.connectionClosed, "the client closed the connection in mid-exchange"))
    context.fireChannelInactive()
  }

  package func errorCaught(context: ChannelHandlerContext, error: any Error) {
    switch error {
    case let error as HTTPParserError:
      // The parser may report an error twice; and the end of input in mid-message is one, too.
      if refusal == nil { refusal = HTTP1Refusal(error) }
      advance()
    default:
      if exchange != nil { statistics.add(.clientClosed) }
      context.fireErrorCaught(error)
      closeNow(TransportError(.connectionClosed, "the connection failed: \(error)"))
    }
  }

  // MARK: Reading

  /// Bytes have come and go to the parser next. False: they are dropped.
  func willParse(_ bytes: ByteBuffer) -> Bool {
    switch phase {
    case .lingering, .closed: return false
    case .exchange: return refusal == nil
    case .idle:
      inputTimer?.arm(limits.headTimeout)
      return lineContinues(bytes, after: 0)
    case .head(let lineBytes): return lineBytes.map { lineContinues(bytes, after: $0) } ?? true
    }
  }

  private func lineContinues(_ bytes: ByteBuffer, after count: Int) -> Bool {
    let view = bytes.readableBytesView
    let end = view.firstIndex(of: UInt8(ascii: "\n"))
    let lineBytes = count + (end.map { $0 - view.startIndex } ?? view.count)
    phase = .head(lineBytes: end == nil ? lineBytes : nil)
    guard lineBytes > limits.requestLineBytesMax else { return true }
    refuse(HTTP1Refusal(.uriTooLong, "the request line is too long", .requestLineTooLong))
    return false
  }

  private func readIfWanted() {
    guard let context, !isReading, parts.isEmpty else { return }
    switch phase {
    case .closed: return
    case .idle, .head, .lingering: break
    case .exchange(let exchange):
      let isWanted = !exchange.requestEnded && exchange.unconsumedBytes < limits.bodyWindowBytes && refusal == nil
      guard isWanted else {
        inputTimer?.disarm()
        return
      }
      if inputTimer?.isArmed == false { armBodyTimer() }
    }
    isReading = true
    context.read()
  }

  private func armBodyTimer() {
    bodyBytes = 0
    inputTimer?.arm(limits.bodyTimeout)
  }

  private func inputTimedOut() {
    switch phase {
    case .idle:
      if !isDraining { statistics.add(.idleTimeout) }
      close()
    case .head: refuse(HTTP1Refusal(.requestTimeout, "the request's head did not come in time", .headTimeout))
    case .exchange:
      if bodyBytes >= limits.bodyBytesMin { return armBodyTimer() }
      refuse(HTTP1Refusal(.requestTimeout, "the request's body comes too slowly", .bodyTimeout))
    case .lingering, .closed: closeNow(nil)
    }
  }

  // MARK: Exchanges

  /// Hands on what waits as far as that is allowed now.
  func advance() {
    guard !isAdvancing else { return }
    isAdvancing = true
    while step() {}
    isAdvancing = false
    if !isInRead { readIfWanted() }
  }

  private func step() -> Bool {
    switch phase {
    case .lingering, .closed:
      parts.removeAll()
      return false
    case .exchange(let exchange):
      if exchange.isOver {
        retire(exchange)
        return true
      }
      return exchange.requestEnded ? false : continueRequest(exchange)
    case .idle, .head:
      guard let part = parts.popFirst() else {
        if let refusal { refuse(refusal) } else if parts.isCut || inputEnded { close() }
        return false
      }
      // Parts of a request that was refused at its head are dropped.
      if case .head(let head) = part { begin(head) }
      return true
    }
  }

  private func begin(_ head: HTTPRequestHead) {
    guard let context else { return }
    do {
      let head = try HTTP1RequestHead(head, scheme: peer.tls == nil ? "http" : "https", limits: limits)
      let exchange = HTTP1ServerExchange(head, on: self, context.eventLoop)
      phase = .exchange(exchange)
      statistics.requestBegan()
      if head.contentLength == 0 { inputTimer?.disarm() } else { armBodyTimer() }
      exchange.begin(handler, peer)
    } catch {
      refuse(error)
    }
  }

  private func continueRequest(_ exchange: HTTP1ServerExchange) -> Bool {
    if exchange.responseEnded, mustNotDrain(exchange) {
      statistics.add(.bodyNotDrained)
      close()
      return true
    }
    guard exchange.unconsumedBytes < limits.bodyWindowBytes || exchange.responseEnded else { return false }
    switch parts.popFirst() {
    case .body(let body):
      bodyBytes += body.readableBytes
      exchange.receive(body)
    case .end(let trailers):
      inputTimer?.disarm()
      exchange.receiveEnd(trailers)
    case .head, nil:
      if let refusal { refuse(refusal) }
      return false
    }
    return true
  }

  /// The rest of a request that has its answer is not worth reading.
  private func mustNotDrain(_ exchange: HTTP1ServerExchange) -> Bool {
    exchange.isAmbiguous || exchange.drainedBytes > limits.drainBytesMax
  }

  private func retire(_ exchange: HTTP1ServerExchange) {
    exchange.end(nil)
    phase = .idle
    guard exchange.isKeepAlive, !isDraining else { return close() }
    inputTimer?.arm(limits.idleTimeout)
  }

  // MARK: Answering

  var drainBytesMax: Int { limits.drainBytesMax }

  var isWritable: Bool { output?.isWritable ?? true }

  /// - Parameter waits: more is likely to follow in this turn of the event loop.
  func write(_ part: HTTPServerResponsePart, byteCount: Int = 0, waits: Bool = false) {
    output?.write(wrapOutboundOut(part), byteCount: byteCount, waits: waits)
  }

  /// Answers in the handler's place, and ends the connection.
  private func refuse(_ refusal: HTTP1Refusal) {
    statistics.add(refusal.reason)
    let exchange = exchange
    if let exchange {
      let error = TransportError(
        refusal.status == .requestTimeout ? .timedOut : .protocolViolation, refusal.message)
      let canAnswer = !exchange.headSent && !exchange.responseEnded
      phase = .idle
      exchange.end(error)
      guard canAnswer else { return closeNow(error) }
    }
    write(.head(refusal.head), waits: true)
    if exchange?.head.request.method != .head { write(.body(.byteBuffer(refusal.body)), waits: true) }
    write(.end(nil), waits: true)
    close()
  }

  /// The client would take what follows for another response: only the connection's end tells it.
  func responseLengthWrong() {
    statistics.add(.responseLengthWrong)
    closeNow(TransportError(.protocolViolation, "the response's body is not as long as its head says"))
  }

  // MARK: Ending

  /// Ends our side after what was written, and the connection when the client ends its own.
  private func close() {
    guard let context else { return }
    exchange?.end(nil)
    parts.removeAll()
    phase = .lingering
    output?.flush()
    guard !inputEnded, context.channel.isActive else { return closeNow(nil) }
    inputTimer?.arm(limits.lingerTimeout)
    context.close(mode: .output, promise: nil)
    if !isInRead { readIfWanted() }
  }

  /// Ends the connection; what was not yet taken by the socket is lost.
  func closeNow(_ error: TransportError?) {
    ended(error ?? TransportError(.connectionClosed, "the connection was closed"))
    context?.close(promise: nil)
  }

  private func ended(_ error: TransportError) {
    let exchange = exchange
    phase = .closed
    parts.removeAll()
    inputTimer?.end()
    outputTimer?.end()
    exchange?.end(error)
  }
}
