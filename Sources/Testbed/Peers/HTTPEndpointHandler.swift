// SPDX-License-Identifier: Apache-2.0

internal import NIOCore
internal import NIOHTTP1

/// Answers the requests of one connection.
final class HTTPEndpointHandler: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart

  private let name: String
  private let serviceTime: TimeAmount
  private let behaviourFile: String?
  private let counters: HTTPEndpointCounters
  /// Requests of this connection that are not answered.
  private var waiting = 0
  private var keepsAlive = true

  init(name: String, serviceTime: Duration, behaviourFile: String?, counters: HTTPEndpointCounters) {
    self.name = name
    self.behaviourFile = behaviourFile
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
      begin()
      serve(context, behaviourFile.map(EndpointBehaviour.read) ?? .well)
    }
  }

  func channelInactive(context: ChannelHandlerContext) {
    while waiting > 0 { end() }
    context.fireChannelInactive()
  }

  private func serve(_ context: ChannelHandlerContext, _ behaviour: EndpointBehaviour) {
    switch behaviour {
    case .well: answer(context, after: serviceTime, .ok)
    case .slow(let more): answer(context, after: serviceTime + .nanoseconds(Int64(more.nanoseconds)), .ok)
    case .status(let code): answer(context, after: .zero, HTTPResponseStatus(statusCode: code))
    case .hang: return
    }
  }

  private func begin() {
    waiting += 1
    let now = counters.inFlight.add(1, ordering: .relaxed).newValue
    _ = counters.inFlightMax.max(now, ordering: .relaxed)
  }

  private func end() {
    waiting -= 1
    counters.inFlight.subtract(1, ordering: .relaxed)
  }

  private func answer(_ context: ChannelHandlerContext, after time: TimeAmount, _ status: HTTPResponseStatus) {
    guard time > .zero else { return answer(context, status) }
    context.eventLoop.assumeIsolated().scheduleTask(in: time) { self.answer(context, status) }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }

  private func answer(_ context: ChannelHandlerContext, _ status: HTTPResponseStatus) {
    guard context.channel.isActive else { return }
    end()
    counters.requests.add(1, ordering: .relaxed)
    var headers = HTTPHeaders([
      ("content-type", "text/plain"), ("content-length", "\(name.utf8.count + 1)"), ("x-endpoint", name),
      ("x-in-flight-max", "\(counters.inFlightMax.load(ordering: .relaxed))"),
    ])
    if !keepsAlive { headers.add(name: "connection", value: "close") }
    let head = HTTPResponseHead(version: .http1_1, status: status, headers: headers)
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    let body = context.channel.allocator.buffer(string: name + "\n")
    context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
    let done = context.writeAndFlush(wrapOutboundOut(.end(nil)))
    if !keepsAlive { done.assumeIsolated().whenComplete { _ in context.close(promise: nil) } }
  }
}
