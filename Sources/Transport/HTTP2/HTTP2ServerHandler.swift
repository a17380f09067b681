// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
package import NIOCore

/// Serves one connection of HTTP/2 (RFC 9113). Its channel carries plaintext, the client's preface first.
package final class HTTP2ServerHandler: HTTP2ChannelHandler {
  private let handler: any RequestHandler
  private let peer: Peer
  private let limits: HTTP2Limits
  private let statistics: HTTP2Statistics
  private var drains = false

  /// - Parameter statistics: what this connection counts in, with others.
  package init(
    handler: any RequestHandler, peer: Peer, limits: HTTP2Limits = HTTP2Limits(),
    statistics: HTTP2Statistics = HTTP2Statistics()
  ) {
    self.handler = handler
    self.peer = peer
    self.limits = limits
    self.statistics = statistics
  }

  /// Takes no more requests, and closes when the last answer is complete. For the event loop only.
  package func drain() {
    drains = true
    connection?.drainServer()
  }

  /// Requests under way.
  package var streamCount: Int { connection?.session.streams.count ?? 0 }

  package override func handlerAdded(context: ChannelHandlerContext) {
    let session = HTTP2Session(
      isServer: true, limits: limits, statistics: statistics, eventLoop: context.eventLoop)
    // Only without memory.
    guard let session else { return context.close(promise: nil) }
    let connection = HTTP2Connection(session: session)
    connection.delegate = self
    self.connection = connection
    connection.added(context)
    if drains { connection.drainServer() }
  }
}

extension HTTP2ServerHandler: HTTP2ConnectionDelegate {
  func connection(began request: HTTPRequest, on stream: HTTP2Stream) -> (any BodyReceiver)? {
    if request.method == .head { stream.flags.insert(.bodiless) }
    return handler.begin(request, from: peer, answering: stream)
  }

  func connectionSettled() {}

  func connectionClosed(_ error: TransportError?) {}
}
