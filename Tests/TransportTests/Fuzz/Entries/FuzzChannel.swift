// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOEmbedded

/// A connection without a socket. As with one, nothing is read unless the handlers ask for it, if they ask at all.
final class FuzzChannel {
  /// The outermost handler: sees what the others ask of the socket.
  private final class Socket: ChannelOutboundHandler {
    typealias OutboundIn = ByteBuffer
    var wantsRead = false
    func read(context: ChannelHandlerContext) { wantsRead = true }

    /// An embedded channel knows no half of it, and closes.
    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
      if mode == .output { promise?.succeed() } else { context.close(mode: mode, promise: promise) }
    }
  }

  let channel: EmbeddedChannel
  let loop: EmbeddedEventLoop
  private let socket = Socket()
  private(set) var written = ByteBuffer()

  init(loop: EmbeddedEventLoop = EmbeddedEventLoop()) {
    self.loop = loop
    channel = EmbeddedChannel(handler: socket, loop: loop)
  }

  func open(_ handlers: [any ChannelHandler]) {
    do {
      try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
      try channel.pipeline.syncOperations.addHandlers(handlers)
    } catch {
      preconditionFailure("an embedded channel cannot be opened: \(error)")
    }
    run()
  }

  /// Feeds what the peer sends.
  ///
  /// - Parameters:
  ///   - gated: only what the handlers want to read; false where the channel reads by itself.
  ///   - between: called after each part.
  func feed(_ parts: [ByteBuffer], gated: Bool, between: () -> Void = {}) {
    for part in parts {
      guard channel.isActive, !gated || socket.wantsRead else { return }
      socket.wantsRead = false
      // Errors have been heard by the handlers; here comes what they pass on.
      _ = try? channel.writeInbound(part)
      run()
      between()
      run()
    }
  }

  /// The peer sends no more, but still reads.
  func endInput() {
    channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
    run()
  }

  func advance(_ time: TimeAmount) {
    loop.advanceTime(by: time)
    run()
  }

  func run() {
    loop.run()
    while let part = try? channel.readOutbound(as: ByteBuffer.self) { written.writeImmutableBuffer(part) }
    // Only to see that it can be read.
    if written.readableBytes > 1 << 20 { written.clear() }
  }

  /// The connection is gone, and with it whatever was under way.
  func close() {
    _ = try? channel.finish(acceptAlreadyClosed: true)
    loop.run()
  }
}
