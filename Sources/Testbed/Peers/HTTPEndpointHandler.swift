// SPDX-License-Identifier: Apache-2.0

internal import NIOCore
internal import NIOHTTP1

/// Answers the requests of one connection.
final class HTTPEndpointHandler: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  private let name: String
  private let serviceTime: TimeAmount
  private let counters: HTTPEndpointCounters
  private var keepsAlive = true

  init(name: String, serviceTime: Duration, counters: HTTPEndpointCounters) {
    self.name = name
    self.serviceTime = .nanoseconds(Int64(serviceTime.nanoseconds))
    self.counters = counters
  }

  func channelActive(context: ChannelHandlerContext) {
    counters.accepted.add(1, ordering: .relaxed)
    context.fireChannelActive()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head): keepsAlive = head.isKeepAlive
    case .body: break
    case .end:
      guard serviceTime > .zero else { return answer(context) }
      context.eventLoop.assumeIsolated().scheduleTask(in: serviceTime) { self.answer(context) }
    }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }

  private func answer(_ context: ChannelHandlerContext) {
    guard context.channel.isActive else { return }
    counters.requests.add(1, ordering: .relaxed)
    var headers = HTTPHeaders([
      ("content-type", "text/plain"), ("content-length", "\(name.utf8.count + 1)"), ("x-endpoint", name),
    ])
    if !keepsAlive { headers.add(name: "connection", value: "close") }
    let head = HTTPResponseHead(version: .http1_1, status: .ok, headers: headers)
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    let body = context.channel.allocator.buffer(string: name + "\n")
    context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
    let done = context.writeAndFlush(wrapOutboundOut(.end(nil)))
    if !keepsAlive { done.assumeIsolated().whenComplete { _ in context.close(promise: nil) } }
  }
}
