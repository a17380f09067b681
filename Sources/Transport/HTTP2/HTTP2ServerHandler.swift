// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
package import NIOCore

/// Serves one connection of HTTP/2 (RFC 9113). Its channel carries plaintext, the client's preface first.
package final class HTTP2ServerHandler: ChannelDuplexHandler {
  package typealias InboundIn = ByteBuffer
  package typealias InboundOut = Never
  package typealias OutboundIn = Never
  package typealias OutboundOut = ByteBuffer

  private let handler: any RequestHandler
  private let peer: Peer
  private let limits: HTTP2Limits
  private let statistics: HTTP2Statistics
  private var connection: HTTP2Connection?
  private var drains = false

  /// - Parameter statistics: what this connection counts in, with others.
  package init(
    handler: any RequestHandler, peer: Peer, limits: HTTP2Limits = HTTP2Limits(),
    statistics: HTTP2Statistics = HTTP2Statistics()
  ) {
    self.handler = handler
    self.peer = peer
    self.limits = limits
    self.statistics = statistics
  }

  /// Takes no more requests, and closes when the last answer is complete. For the event loop only.
  package func drain() {
    drains = true
    connection?.drainServer()
  }

  /// Requests under way.
  package var streamCount: Int { connection?.session.streams.count ?? 0 }

  package func handlerAdded(context: ChannelHandlerContext) {
    let session = HTTP2Session(
      isServer: true, limits: limits, statistics: statistics, eventLoop: context.eventLoop)
    // Only without memory.
    guard let session else { return context.close(promise: nil) }
    let connection = HTTP2Connection(session: session)
    connection.delegate = self
    self.connection = connection
    connection.added(context)
    if drains { connection.drainServer() }
  }

  package func handlerRemoved(context: ChannelHandlerContext) { connection?.removed() }

  package func channelActive(context: ChannelHandlerContext) {
    connection?.activate()
    context.fireChannelActive()
  }

  package func channelInactive(context: ChannelHandlerContext) {
    connection?.inactive()
    context.fireChannelInactive()
  }

  package func channelRead(context: ChannelHandlerContext, data: NIOAny) { connection?.read(unwrapInboundIn(data)) }

  package func channelReadComplete(context: ChannelHandlerContext) { connection?.readCompleted() }

  package func channelWritabilityChanged(context: ChannelHandlerContext) {
    connection?.writabilityChanged()
    context.fireChannelWritabilityChanged()
  }

  package func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if case ChannelEvent.inputClosed = event { connection?.inputClosed() }
    context.fireUserInboundEventTriggered(event)
  }

  package func errorCaught(context: ChannelHandlerContext, error: any Error) { connection?.failed(error) }
}

extension HTTP2ServerHandler: HTTP2ConnectionDelegate {
  func connection(began request: HTTPRequest, on stream: HTTP2Stream) -> (any BodyReceiver)? {
    handler.begin(request, from: peer, answering: stream)
  }

  func connectionSettled() {}

  func connectionClosed(_ error: TransportError?) {}
}
