// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// Waits for the TLS handshake, which says what the connection speaks (RFC 7301).
final class ALPNSelector: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = ByteBuffer

  /// As registered by RFC 7301 and RFC 9113.
  static let http1 = "http/1.1"
  static let http2 = "h2"

  private let agreed: (TLSSession) -> Void
  private let failed: (TransportError) -> Void

  /// - Parameter agreed: adds what speaks the version behind this handler. One of the two is called, and once.
  init(agreed: @escaping (TLSSession) -> Void, failed: @escaping (TransportError) -> Void) {
    self.agreed = agreed
    self.failed = failed
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if let completed = event as? TLSHandshakeCompleted {
      agreed(completed.session)
      context.pipeline.syncOperations.removeHandler(self, promise: nil)
    }
    context.fireUserInboundEventTriggered(event)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    failed(error as? TransportError ?? TransportError(.tlsFailed, "the connection failed in the handshake: \(error)"))
    context.fireErrorCaught(error)
  }
}
