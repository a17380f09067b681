// SPDX-License-Identifier: Apache-2.0

internal import NIOCore

/// A request and what becomes of it.
final class OpenLoopExchange {
  /// When it was to be sent, CLOCK_MONOTONIC.
  let due: UInt64
  let isCounted: Bool
  var isOver = false
  var timeout: Scheduled<Void>?
  weak var connection: OpenLoopConnection?

  init(due: UInt64, isCounted: Bool) {
    self.due = due
    self.isCounted = isCounted
  }
}

/// A connection of an ``OpenLoopDriver``: one request at a time.
final class OpenLoopConnection: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  let client: Int
  private unowned let driver: OpenLoopDriver
  private var context: ChannelHandlerContext?
  private(set) var exchange: OpenLoopExchange?
  private(set) var requests = 0
  var idleSince: UInt64 = 0
  private var received: [UInt8] = []
  private var response: HTTPResponse?

  init(_ driver: OpenLoopDriver, client: Int) {
    self.driver = driver
    self.client = client
  }

  var isOpen: Bool { context?.channel.isActive == true }

  func send(_ exchange: OpenLoopExchange, _ request: ByteBuffer) {
    self.exchange = exchange
    exchange.connection = self
    requests += 1
    received.removeAll(keepingCapacity: true)
    response = nil
    context?.writeAndFlush(wrapOutboundOut(request), promise: nil)
  }

  func close() { context?.close(promise: nil) }

  func handlerAdded(context: ChannelHandlerContext) { self.context = context }
  func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    received += unwrapInboundIn(data).readableBytesView
    do {
      if response == nil { response = try HTTPResponse(head: received) }
    } catch {
      return context.close(promise: nil)
    }
    guard let response, received.count >= response.size, let exchange else { return }
    self.exchange = nil
    driver.answered(self, exchange, response)
  }

  func channelInactive(context: ChannelHandlerContext) {
    driver.closed(self)
    context.fireChannelInactive()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }
}
