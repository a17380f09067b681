// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// One accepted connection, from its acceptance to its end, whatever it speaks; the last handler of its pipeline.
///
/// For its event loop only.
final class ServerConnection: ChannelInboundHandler {
  typealias InboundIn = Any

  private let channel: any Channel
  private let grace: TimeAmount
  private var isDraining = false
  /// How what it speaks drains; nil as long as that is not known.
  private var drainProtocol: (() -> Void)?

  /// - Parameter grace: how long a client may take to say what it speaks when the server drains.
  init(_ channel: any Channel, grace: Duration) {
    self.channel = channel
    self.grace = TimeAmount(grace)
  }

  /// What it speaks is known.
  func speaks(drain: @escaping () -> Void) {
    drainProtocol = drain
    if isDraining { drain() }
  }

  /// Lets it live for so long, and up to a tenth more or less, so that clients do not all come back at once.
  func drain(after age: Duration) {
    let age = age * Double.random(in: 0.9...1.1)
    let loop = channel.eventLoop.assumeIsolated()
    let timer = loop.scheduleTask(in: TimeAmount(age)) { [weak self] in self?.drain() }
    channel.closeFuture.whenComplete { _ in timer.cancel() }
  }

  /// No more requests; the connection closes when those under way have ended.
  func drain() {
    isDraining = true
    if let drainProtocol { return drainProtocol() }
    // Its first bytes may be here already.
    channel.eventLoop.assumeIsolated().scheduleTask(in: grace) { [weak self] in
      if let self, self.drainProtocol == nil { self.close() }
    }
  }

  func close() { channel.close(promise: nil) }

  func handlerRemoved(context: ChannelHandlerContext) {
    drainProtocol = nil
  }

  /// Errors that no handler has answered end the connection; those of TLS are counted where they are.
  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }
}
