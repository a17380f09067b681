// SPDX-License-Identifier: Apache-2.0

import Glibc
package import HTTPTypes
package import NIOCore
package import NIOHTTP1

/// A client's HTTP/1.1 connection: one exchange at a time, kept for the next one when both ends agree.
package final class HTTP1ClientHandler: ChannelInboundHandler, ClientConnection {
  package typealias InboundIn = HTTPClientResponsePart
  package typealias OutboundOut = HTTPClientRequestPart

  private enum Phase {
    /// Not yet in a pipeline.
    case new
    case idle
    case exchange(HTTP1ClientExchange)
    case closed
  }

  package let eventLoop: any EventLoop
  package weak var delegate: (any ClientConnectionDelegate)?
  private let headBytesMax: Int
  private let readAheadBytesMax: Int

  private var context: ChannelHandlerContext?
  private var phase = Phase.new
  private var isDraining = false
  /// What the response's head says of the connection's future.
  private var isKeepAlive = true
  private var isReading = false
  private var isInRead = false
  private var output: HTTP1Output?

  /// - Parameters:
  ///   - headBytesMax: names and values of a response's head.
  ///   - readAheadBytesMax: of a response, what was received and is not consumed; beyond, nothing is read.
  package init(eventLoop: any EventLoop, headBytesMax: Int, readAheadBytesMax: Int) {
    self.eventLoop = eventLoop
    self.headBytesMax = headBytesMax
    self.readAheadBytesMax = readAheadBytesMax
  }

  /// The handlers of a connection, in order, this one last.
  package var handlers: [any ChannelHandler] {
    var limits = NIOHTTPDecoderLimitConfiguration()
    limits.maxHeaderListSize = headBytesMax
    limits.maxHeaderFieldSize = headBytesMax
    var encoding = HTTPRequestEncoder.Configuration()
    encoding.automaticallySetFramingHeaders = false
    return [
      HTTPRequestEncoder(configuration: encoding),
      ByteToMessageHandler(
        HTTPResponseDecoder(informationalResponseStrategy: .drop, limitConfiguration: limits)), self,
    ]
  }

  // MARK: ClientConnection

  package var version: HTTPVersion { .http1 }

  package var streamsAvailable: Int {
    if case .idle = phase, !isDraining { 1 } else { 0 }
  }

  package func begin(_ request: HTTPRequest, endsHere: Bool, receiver: any ResponseReceiver) -> any BodySender {
    guard case .idle = phase, !isDraining, let output else {
      let error = TransportError(
        .connectionClosed, "the connection takes no request now", isUnprocessed: true)
      return HTTP1ClientExchange.failed(error, receiver, eventLoop)
    }
    guard let head = HTTP1ClientRequest(request, endsHere: endsHere) else {
      let error = TransportError(
        .protocolViolation, "the request's method, path, authority or content-length is not one of HTTP/1.1")
      return HTTP1ClientExchange.failed(error, receiver, eventLoop)
    }
    let exchange = HTTP1ClientExchange(self, receiver, endsHere: endsHere, length: head.length, eventLoop)
    phase = .exchange(exchange)
    isKeepAlive = true
    let written = eventLoop.makePromise(of: Void.self)
    written.futureResult.assumeIsolated().whenFailure { _ in exchange.headNotSent = true }
    output.write(wrapOutboundOut(.head(head.head)), byteCount: 0, waits: true, promise: written)
    if endsHere { writeEnd(nil, of: exchange) }
    return exchange
  }

  package func drain() {
    isDraining = true
    if case .idle = phase { close(TransportError(.connectionClosed, "the connection was drained")) }
    delegate?.streamsAvailableChanged(self)
  }

  package func close(_ error: TransportError) {
    ended(error)
    context?.close(promise: nil)
  }

  // MARK: Channel

  package func handlerAdded(context: ChannelHandlerContext) {
    self.context = context
    output = HTTP1Output(context)
    _ = try? context.channel.syncOptions?.setOption(.autoRead, value: false)
    phase = .idle
    readIfWanted()
  }

  package func handlerRemoved(context: ChannelHandlerContext) {
    ended(TransportError(.connectionClosed, "the connection has closed"))
    self.context = nil
    output = nil
  }

  package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    isInRead = true
    output?.readBegan()
    guard case .exchange(let exchange) = phase else { return }
    switch unwrapInboundIn(data) {
    case .head(let head): receive(head, exchange)
    case .body(let body): exchange.receive(body)
    case .end(let trailers): receiveEnd(trailers, exchange)
    }
  }

  private func receive(_ head: HTTPResponseHead, _ exchange: HTTP1ClientExchange) {
    guard head.status != .switchingProtocols, let fields = HTTP1Fields.read(head.headers) else {
      return close(TransportError(.protocolViolation, "the server's response is none of HTTP/1.1"))
    }
    isKeepAlive = head.isKeepAlive
    let status = HTTPResponse.Status(code: Int(head.status.code), reasonPhrase: head.status.reasonPhrase)
    exchange.receive(HTTPResponse(status: status, headerFields: fields))
  }

  private func receiveEnd(_ trailers: HTTPHeaders?, _ exchange: HTTP1ClientExchange) {
    // A server that has answered before it had the whole request may not want the rest, nor what follows it.
    let isReusable = isKeepAlive && exchange.requestWritten && !isDraining
    phase = isReusable ? .idle : .closed
    exchange.receiveEnd(trailers.flatMap { HTTP1Fields.read($0) })
    guard isReusable else {
      delegate?.closed(self, nil)
      context?.close(promise: nil)
      return
    }
    delegate?.streamsAvailableChanged(self)
  }

  package func channelReadComplete(context: ChannelHandlerContext) {
    isInRead = false
    isReading = false
    output?.readCompleted()
    readIfWanted()
    context.fireChannelReadComplete()
  }

  package func channelWritabilityChanged(context: ChannelHandlerContext) {
    if context.channel.isWritable, case .exchange(let exchange) = phase { exchange.becameWritable() }
    context.fireChannelWritabilityChanged()
  }

  package func channelInactive(context: ChannelHandlerContext) {
    ended(TransportError(.connectionClosed, "the server closed the connection"))
    context.fireChannelInactive()
  }

  package func errorCaught(context: ChannelHandlerContext, error: any Error) {
    switch error {
    case HTTPParserError.invalidEOFState:
      close(TransportError(.connectionClosed, "the server closed the connection in mid-response"))
    case HTTPParserError.headerOverflow:
      close(TransportError(.limitExceeded, "the response's head is larger than \(headBytesMax) bytes"))
    case is HTTPParserError, is NIOHTTPDecoderError:
      close(TransportError(.protocolViolation, "what the server sends is no response of HTTP/1.1: \(error)"))
    default:
      close(error as? TransportError ?? TransportError(.connectionClosed, "the connection failed: \(error)"))
    }
  }

  // MARK: For the exchange

  var isWritable: Bool { output?.isWritable ?? true }

  func write(_ part: HTTPClientRequestPart, byteCount: Int) {
    output?.write(wrapOutboundOut(part), byteCount: byteCount, waits: true)
  }

  func writeEnd(_ trailers: HTTPHeaders?, of exchange: HTTP1ClientExchange) {
    let written = eventLoop.makePromise(of: Void.self)
    written.futureResult.assumeIsolated().whenSuccess { exchange.requestWritten = true }
    output?.write(wrapOutboundOut(.end(trailers)), byteCount: 0, waits: false, promise: written)
  }

  func readIfWanted() {
    guard let context, !isReading, !isInRead else { return }
    switch phase {
    case .new, .closed: return
    case .exchange(let exchange) where exchange.unconsumedBytes >= readAheadBytesMax: return
    // An idle connection is read to learn of its end.
    case .exchange, .idle: break
    }
    isReading = true
    context.read()
  }

  /// Closes by a reset: a server that takes no more of a request would not see its end behind what it has not read.
  func abort(_ error: TransportError) {
    let options = context?.channel as? any SocketOptionProvider
    _ = options?.setSoLinger(linger(l_onoff: 1, l_linger: 0))
    close(error)
  }

  func requestLengthWrong() {
    abort(TransportError(.protocolViolation, "the request's body is not as long as its content-length says"))
  }

  private func ended(_ error: TransportError) {
    let before = phase
    phase = .closed
    switch before {
    case .closed: return
    case .new, .idle: break
    case .exchange(let exchange): exchange.fail(error)
    }
    delegate?.closed(self, error)
  }
}
