// SPDX-License-Identifier: Apache-2.0

package import NIOCore

extension TLSHandler {
  package func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
    switch (mode, state) {
    case (.all, .open), (.all, .closing):
      closeGracefully(context, promise)
    case (.output, .open) where output == .open && input == .ended:
      closeGracefully(context, promise)
    case (.output, .open) where output == .open:
      endOutput(context)
      context.close(mode: .output, promise: promise)
    case (.input, .open):
      input = .ended
      context.close(mode: .input, promise: promise)
    default:
      context.close(mode: mode, promise: promise)
    }
  }

  /// Sends what was flushed, and that nothing more follows.
  private func endOutput(_ context: ChannelHandlerContext) {
    encryptFlushed(context, all: true)
    guard output == .open, let connection else { return }
    output = .ended
    connection.end()
    sendOutgoing(context)
    for promise in writes.takeAll() { promise.fail(ChannelError.outputClosed) }
  }

  func closeGracefully(_ context: ChannelHandlerContext, _ promise: EventLoopPromise<Void>?) {
    if let promise {
      if let closePromise { closePromise.futureResult.cascade(to: promise) } else { closePromise = promise }
    }
    guard case .open = state else { return }
    endOutput(context)
    guard case .open = state else { return }
    linger(context)
  }

  /// Closes the channel once what was sent has arrived, which is when the other end closes as well, or when it takes too
  /// long. A socket that is closed while it holds bytes not read resets the connection, and what was sent is lost.
  private func linger(_ context: ChannelHandlerContext) {
    state = .closing
    timer?.cancel()
    timer = context.eventLoop.assumeIsolated().scheduleTask(in: closeTimeout) { [weak self] in
      self?.closeNow(context)
    }
    // Follows what was written.
    let ended = context.eventLoop.makePromise(of: Void.self)
    context.close(mode: .output, promise: ended)
    ended.futureResult.assumeIsolated().whenComplete { [weak self] result in
      guard let self else { return }
      switch result {
      // With nothing more to come there is nothing to wait for.
      case _ where input == .ended: closeNow(context)
      // Now, or when this half was closed: the other end's turn.
      case .success, .failure(ChannelError.outputClosed): break
      case .failure: closeNow(context)
      }
    }
    context.read()
  }

  func closeNow(_ context: ChannelHandlerContext) {
    guard case .closing = state else { return }
    state = .ended
    timer?.cancel()
    let asked = closePromise
    closePromise = nil
    let closed = context.eventLoop.makePromise(of: Void.self)
    context.close(promise: closed)
    // It fails only when the channel has closed by itself meanwhile.
    closed.futureResult.whenComplete { _ in asked?.succeed() }
  }

  /// Tells the other end (with the alert that OpenSSL made of it), those who wait, and those above; closes the channel.
  func fail(_ context: ChannelHandlerContext, _ code: TransportError.Code, _ reason: String) {
    switch state {
    case .ended, .closing: return
    case .waiting, .handshaking, .open: break
    }
    let error = TransportError(code, "\(name(context)): \(reason)")
    failure = error
    sendOutgoing(context)
    let waiting = release()
    if code == .tlsFailed, context.channel.isActive {
      linger(context)
      context.fireErrorCaught(error)
    } else {
      context.fireErrorCaught(error)
      context.close(promise: nil)
    }
    for promise in waiting { promise.fail(error) }
  }

  /// The channel has closed, or has nothing to do with TLS any more.
  func end(_ error: TransportError) {
    let waiting = release()
    // That it closes is what was asked for.
    let asked = closePromise
    closePromise = nil
    asked?.succeed()
    for promise in waiting { promise.fail(error) }
  }

  /// Releases what OpenSSL holds. What waits to be sent is the caller's to fail, as the last thing: who hears of it may
  /// call again.
  private func release() -> [EventLoopPromise<Void>] {
    state = .ended
    timer?.cancel()
    timer = nil
    connection = nil
    return writes.takeAll()
  }

  /// For messages: with whom.
  func name(_ context: ChannelHandlerContext) -> String {
    let address = Self.text(of: context.channel.remoteAddress)
    return switch (role, serverName) {
    case (.server, _): "TLS with the client \(address)"
    case (.client, let name?): "TLS with the server \(name) (\(address))"
    case (.client, nil): "TLS with the server \(address)"
    }
  }

  private static func text(of address: SocketAddress?) -> String {
    switch (address?.protocol, address?.ipAddress, address?.port) {
    case (.inet6, let host?, let port?): "[\(host)]:\(port)"
    case (_, let host?, let port?): "\(host):\(port)"
    default: address?.pathname ?? "of an unknown address"
    }
  }
}
