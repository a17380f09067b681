// SPDX-License-Identifier: Apache-2.0

package import NIOCore

/// What both ends of HTTP/2 make of what their channel tells them. For its event loop only.
package class HTTP2ChannelHandler: ChannelDuplexHandler {
  package typealias InboundIn = ByteBuffer
  package typealias InboundOut = Never
  package typealias OutboundIn = Never
  package typealias OutboundOut = ByteBuffer

  /// Nil before it is made, and without memory.
  var connection: HTTP2Connection?

  init() {}

  package func handlerAdded(context: ChannelHandlerContext) {}

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
