// SPDX-License-Identifier: Apache-2.0

// Until branch http2 is merged.
package import HTTPTypes
public import NIOCore

public struct HTTP2Limits: Hashable, Sendable { public init() {} }
public final class HTTP2Statistics: Sendable { public init() {} }
package final class HTTP2ServerHandler: ChannelInboundHandler {
  package typealias InboundIn = ByteBuffer
  init(handler: any RequestHandler, peer: Peer, limits: HTTP2Limits, statistics: HTTP2Statistics) {}
  package func drain() {}
}
extension HTTP2Limits { var idleTimeout: TimeAmount? { get { nil } set {} } }
package final class HTTP2ClientHandler: ChannelInboundHandler, ClientConnection {
  package typealias InboundIn = ByteBuffer
  package let eventLoop: any EventLoop
  package var version: HTTPVersion { .http2 }
  package var streamsAvailable: Int { 0 }
  package weak var delegate: (any ClientConnectionDelegate)?
  init(eventLoop: any EventLoop, limits: HTTP2Limits) { self.eventLoop = eventLoop }
  package func begin(_ request: HTTPRequest, endsHere: Bool, receiver: any ResponseReceiver) -> any BodySender {
    HTTP1FailedExchange(eventLoop)
  }
  package func drain() {}
  package func close(_ error: TransportError) {}
}
