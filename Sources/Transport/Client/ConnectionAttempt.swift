// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOPosix

/// One attempt to connect to one address: TCP, TLS if configured, and the version of HTTP that is agreed on.
///
/// For its event loop only. Its completion is called exactly once.
final class ConnectionAttempt {
  typealias Completion = (Result<any ClientConnection, TransportError>) -> Void

  private let configuration: HTTPClient.Configuration
  private let address: SocketAddress
  private let eventLoop: any EventLoop
  private let statistics: ClientStatistics
  private var completion: Completion?
  private var channel: (any Channel)?
  private var timer: LazyTimer?

  init(
    _ configuration: HTTPClient.Configuration, to address: SocketAddress, on eventLoop: any EventLoop,
    _ statistics: ClientStatistics, _ completion: @escaping Completion
  ) {
    self.configuration = configuration
    self.address = address
    self.eventLoop = eventLoop
    self.statistics = statistics
    self.completion = completion
  }

  func start() {
    let timer = LazyTimer(eventLoop) { [weak self] in self?.finish(self?.timedOut) }
    timer.arm(configuration.connectTimeout)
    self.timer = timer
    let bound = NIOLoopBound(self, eventLoop: eventLoop)
    ClientBootstrap(group: eventLoop)
      .connectTimeout(TimeAmount(configuration.connectTimeout))
      .channelOption(.tcpOption(.tcp_nodelay), value: 1)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture { try bound.value.prepare(channel) }
      }
      .connect(to: address).assumeIsolated().whenComplete { result in self.connected(result) }
  }

  func cancel() {
    finish(TransportError(.cancelled, "the client was shut down", isUnprocessed: true))
  }

  private var timedOut: TransportError {
    failure("no connection within \(configuration.connectTimeout)")
  }

  private func failure(_ reason: String) -> TransportError {
    TransportError(
      .connectFailed, "cannot connect to \(configuration.host) (\(address)): \(reason)", isUnprocessed: true)
  }

  /// With TLS, its handler and what waits for the handshake. Without, the connection is added when it is made.
  private func prepare(_ channel: any Channel) throws {
    self.channel = channel
    guard completion != nil else { throw CancellationError() }
    guard let tls = configuration.tls else { return }
    let alpn =
      switch configuration.version {
      case .http1: [ALPNSelector.http1]
      case .http2: [ALPNSelector.http2, ALPNSelector.http1]
      }
    let selector = ALPNSelector(
      agreed: { session in
        self.speak(session.applicationProtocol == ALPNSelector.http2 ? .http2 : .http1)
      },
      failed: { error in
        var error = error
        error.isUnprocessed = true
        self.finish(error)
      })
    try channel.pipeline.syncOperations.addHandlers([
      TLSHandler(client: tls, serverName: configuration.serverName ?? configuration.host, alpn: alpn), selector,
    ])
  }

  private func connected(_ result: Result<any Channel, any Error>) {
    switch result {
    case .failure(let error): finish(failure(ConnectFailure.reason(error)))
    case .success(let channel):
      self.channel = channel
      guard completion != nil else { return channel.close(promise: nil) }
      // Ends the attempt when it ends in the handshake, silently too.
      channel.closeFuture.assumeIsolated().whenComplete { _ in
        self.finish(self.failure("the other end closed the connection"))
      }
      guard configuration.tls == nil else { return }
      speak(configuration.version == .http2 ? .http2 : .http1)
    }
  }

  private func speak(_ version: HTTPVersion) {
    guard let channel, completion != nil else { return }
    let connection: any ClientConnection
    let handlers: [any ChannelHandler]
    switch version {
    case .http1:
      let http1 = HTTP1ClientHandler(
        eventLoop: eventLoop, headBytesMax: configuration.responseHeadBytesMax,
        readAheadBytesMax: configuration.readAheadBytesMax)
      (connection, handlers) = (http1, http1.handlers)
    case .http2:
      let http2 = HTTP2ClientHandler(
        eventLoop: eventLoop, limits: configuration.http2, statistics: statistics.http2)
      (connection, handlers) = (http2, [http2])
    }
    do {
      try channel.pipeline.syncOperations.addHandlers(handlers)
      succeed(connection)
    } catch {
      finish(failure("\(error)"))
    }
  }

  private func succeed(_ connection: any ClientConnection) {
    timer?.end()
    let completion = completion
    self.completion = nil
    completion?(.success(connection))
  }

  private func finish(_ error: TransportError?) {
    timer?.end()
    guard let error, let completion else { return }
    self.completion = nil
    channel?.close(promise: nil)
    completion(.failure(error))
  }
}
