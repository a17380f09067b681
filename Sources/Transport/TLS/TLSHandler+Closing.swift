// SPDX-License-Identifier: Apache-2.0

package import NIOCore

extension TLSHandler {
  package func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
    switch (mode, state) {
    case (.all, .open), (.all, .closing):
      closeGracefully(context, promise)
    case (.output, .open) where output == .open:
      endOutput(context)
      if input == .ended {
        closeGracefully(context, promise)
      } else {
        context.close(mode: .output, promise: promise)
      }
    case (.input, _):
      input = .ended
      context.close(mode: .input, promise: promise)
    default:
      context.close(mode: mode, promise: promise)
    }
  }

  /// Sends what was flushed, and that nothing more follows.
  private func endOutput(_ context: ChannelHandlerContext) {
    encryptFlushed(context, all: true)
    guard output == .open else { return }
    output = .ended
    for promise in writes.takeAll() { promise.fail(ChannelError.outputClosed) }
    connection?.end()
  }

  /// Closes the channel once our last records have left. The other end's close_notify is not waited for (RFC 8446,
  /// section 6.1).
  func closeGracefully(_ context: ChannelHandlerContext, _ promise: EventLoopPromise<Void>?) {
    if let promise {
      if let closePromise { closePromise.futureResult.cascade(to: promise) } else { closePromise = promise }
    }
    guard case .open = state else { return }
    endOutput(context)
    guard case .open = state else { return }
    state = .closing
    timer = context.eventLoop.assumeIsolated().scheduleTask(in: Self.closeTimeout) { [weak self] in
      self?.closeNow(context)
    }
    let written = context.eventLoop.makePromise(of: Void.self)
    sendOutgoing(context, promise: written)
    written.futureResult.assumeIsolated().whenComplete { [weak self] _ in self?.closeNow(context) }
  }

  private func closeNow(_ context: ChannelHandlerContext) {
    guard case .closing = state else { return }
    state = .ended
    timer?.cancel()
    let promise = closePromise
    closePromise = nil
    context.close(promise: promise)
  }

  /// Tells the other end (with the alert that OpenSSL made of it), those who wait, and those above; closes the channel.
  func fail(_ context: ChannelHandlerContext, _ code: TransportError.Code, _ reason: String) {
    switch state {
    case .ended, .closing: return
    case .waiting, .handshaking, .open: break
    }
    let error = TransportError(code, "\(name(context)): \(reason)")
    sendOutgoing(context)
    end(error)
    context.fireErrorCaught(error)
    context.close(promise: nil)
  }

  /// Gives up what waits and releases what OpenSSL holds.
  func end(_ error: TransportError) {
    state = .ended
    timer?.cancel()
    timer = nil
    connection = nil
    for promise in writes.takeAll() { promise.fail(error) }
    // The channel has closed, which is what was asked for.
    closePromise?.succeed()
    closePromise = nil
  }

  /// For messages: with whom.
  func name(_ context: ChannelHandlerContext) -> String {
    let address = context.channel.remoteAddress.map { "\($0.ipAddress ?? "?"):\($0.port ?? 0)" } ?? "an unknown address"
    return switch (role, serverName) {
    case (.server, _): "TLS with the client \(address)"
    case (.client, let name?): "TLS with the server \(name) (\(address))"
    case (.client, nil): "TLS with the server \(address)"
    }
  }
}
