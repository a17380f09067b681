// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// Puts the handlers of a connection together: TLS or none, then what the client speaks.
struct ServerPipeline: Sendable {
  let configuration: ServerConfiguration
  let handler: any RequestHandler
  let statistics: ServerStatistics

  /// Called before the first byte is read, on the channel's event loop.
  func add(to channel: any Channel, _ connection: ServerConnection) throws {
    let pipeline = channel.pipeline.syncOperations
    if let tls = configuration.tls {
      try pipeline.addHandlers([
        TLSHandler(server: tls, alpn: [ALPNSelector.http2, ALPNSelector.http1]),
        selector(channel, connection), connection,
      ])
    } else {
      try pipeline.addHandlers([detector(channel, connection), connection])
    }
  }

  private func detector(_ channel: any Channel, _ connection: ServerConnection) -> ProtocolDetector {
    ProtocolDetector(
      timeout: configuration.detectionTimeout,
      timedOut: { [statistics] in
        statistics.add(.detectionTimeout)
        channel.close(promise: nil)
      },
      detected: { version in
        speak(Peer(address: channel.remoteAddress, version: version), channel, connection)
      })
  }

  private func selector(_ channel: any Channel, _ connection: ServerConnection) -> ALPNSelector {
    ALPNSelector(
      agreed: { session in
        // A client without ALPN is an old one.
        let version: HTTPVersion = session.applicationProtocol == ALPNSelector.http2 ? .http2 : .http1
        speak(Peer(address: channel.remoteAddress, tls: session, version: version), channel, connection)
      },
      failed: { [statistics] _ in statistics.add(.tlsFailed) })
  }

  /// Adds what speaks the peer's version before `connection`, the last handler.
  private func speak(_ peer: Peer, _ channel: any Channel, _ connection: ServerConnection) {
    let handlers: [any ChannelHandler]
    let drain: () -> Void
    switch peer.version {
    case .http1:
      let http1 = HTTP1ServerHandler(
        handler: handler, peer: peer, limits: configuration.http1, statistics: statistics)
      handlers = http1.handlers
      drain = { [weak http1] in http1?.drain() }
    case .http2:
      let http2 = HTTP2ServerHandler(
        handler: handler, peer: peer, limits: configuration.http2, statistics: statistics.http2)
      handlers = [http2]
      drain = { [weak http2] in http2?.drain() }
    }
    do {
      try channel.pipeline.syncOperations.addHandlers(handlers, position: .before(connection))
      connection.speaks(drain: drain)
    } catch {
      // The channel has closed in the meantime.
      channel.close(promise: nil)
    }
  }
}
