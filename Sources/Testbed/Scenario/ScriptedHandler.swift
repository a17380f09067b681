// SPDX-License-Identifier: Apache-2.0

internal import NIOCore
internal import NIOHTTP1

/// The requests of one connection of a ``ScriptedEndpoint``.
final class ScriptedHandler: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  private let endpoint: ScriptedEndpoint
  private let responseBytes: Int
  private var keepsAlive = true

  init(_ endpoint: ScriptedEndpoint, responseBytes: Int) {
    self.endpoint = endpoint
    self.responseBytes = responseBytes
  }

  func channelActive(context: ChannelHandlerContext) {
    endpoint.connected(context.channel)
    context.fireChannelActive()
  }

  func channelInactive(context: ChannelHandlerContext) {
    endpoint.disconnected(context.channel)
    context.fireChannelInactive()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head): keepsAlive = head.isKeepAlive
    case .body: break
    case .end: endpoint.requested { [self] status in answer(context, status) }
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }

  private func answer(_ context: ChannelHandlerContext, _ status: Int) {
    guard context.channel.isActive else { return }
    var headers = HTTPHeaders([("content-type", "text/plain"), ("content-length", "\(responseBytes)")])
    if !keepsAlive { headers.add(name: "connection", value: "close") }
    let head = HTTPResponseHead(version: .http1_1, status: .init(statusCode: status), headers: headers)
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    if responseBytes > 0 {
      let body = ByteBuffer(repeating: UInt8(ascii: "."), count: responseBytes)
      context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
    }
    let done = context.writeAndFlush(wrapOutboundOut(.end(nil)))
    if !keepsAlive { done.assumeIsolated().whenComplete { _ in context.close(promise: nil) } }
  }
}
