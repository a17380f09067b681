// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// One accepted connection, from its acceptance to its end, whatever it speaks; the last handler of its pipeline.
///
/// For its event loop only.
final class ServerConnection: ChannelInboundHandler {
  typealias InboundIn = Any

  private let channel: any Channel
  private var isDraining = false
  /// How what it speaks drains; nil as long as that is not known.
  private var drainProtocol: (() -> Void)?

  init(_ channel: any Channel) { self.channel = channel }

  /// What it speaks is known.
  func speaks(drain: @escaping () -> Void) {
    drainProtocol = drain
    if isDraining { drain() }
  }

  /// No more requests; the connection closes when those under way have ended.
  func drain() {
    isDraining = true
    if let drainProtocol { drainProtocol() } else { channel.close(promise: nil) }
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
