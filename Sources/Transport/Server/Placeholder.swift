// SPDX-License-Identifier: Apache-2.0

// Until branch http2 is merged.
public import NIOCore

public struct HTTP2Limits: Hashable, Sendable { public init() {} }
public final class HTTP2Statistics: Sendable { public init() {} }
package final class HTTP2ServerHandler: ChannelInboundHandler {
  package typealias InboundIn = ByteBuffer
  init(handler: any RequestHandler, peer: Peer, limits: HTTP2Limits, statistics: HTTP2Statistics) {}
  package func drain() {}
}
