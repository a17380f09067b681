// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// Before the parser: sees the bytes of a head that is not complete, which the parser keeps to itself.
final class HTTP1InputMeter: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = ByteBuffer

  private let server: HTTP1ServerHandler

  init(_ server: HTTP1ServerHandler) { self.server = server }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    if server.willParse(unwrapInboundIn(data)) { context.fireChannelRead(data) }
  }
}
