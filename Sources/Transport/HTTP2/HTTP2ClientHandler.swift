// SPDX-License-Identifier: Apache-2.0

package import HTTPTypes
package import NIOCore

/// Speaks HTTP/2 (RFC 9113) to a server over a channel that carries plaintext; the preface is sent at once.
///
/// A response may be complete before its request: then the rest of the request is the caller's to send or to reset.
package final class HTTP2ClientHandler: HTTP2ChannelHandler {
  package let eventLoop: any EventLoop
  package weak var delegate: (any ClientConnectionDelegate)?
  private let limits: HTTP2Limits
  private var drains = false
  private var isClosed = false
  private var streamsAvailableTold = 0

  /// - Parameter statistics: what this connection counts in, with others.
  package init(
    eventLoop: any EventLoop, limits: HTTP2Limits = HTTP2Limits(), statistics: HTTP2Statistics = HTTP2Statistics()
  ) {
    self.eventLoop = eventLoop
    self.limits = limits
    let session = HTTP2Session(isServer: false, limits: limits, statistics: statistics, eventLoop: eventLoop)
    super.init()
    connection = session.map { HTTP2Connection(session: $0) }
    streamsAvailableTold = streamsAvailable
    connection?.delegate = self
  }

  package override func handlerAdded(context: ChannelHandlerContext) {
    // Only without memory.
    guard let connection else { return context.close(promise: nil) }
    connection.added(context)
  }
}

extension HTTP2ClientHandler: ClientConnection {
  package var version: HTTPVersion { .http2 }

  package var streamsAvailable: Int {
    guard let connection, connection.isOpen, !drains, !isClosed else { return 0 }
    let session = connection.session
    guard !session.receivedGoAway, !session.isTerminating else { return 0 }
    return max(min(session.peerStreamsMax, limits.concurrentStreamsMax) - session.streams.count, 0)
  }

  package func begin(
    _ request: HTTPRequest, endsHere: Bool, receiver: any ResponseReceiver
  ) -> any BodySender {
    guard let connection, streamsAvailable > 0 else {
      let error = TransportError(
        .connectionClosed, "the connection takes no request now: it is at its limit, draining or closed",
        isUnprocessed: true)
      return refuse(receiver, error)
    }
    switch connection.session.submit(request, endsHere: endsHere) {
    case .failure(let error):
      return refuse(receiver, error)
    case .success(let stream):
      stream.receiver = .response(receiver)
      return stream
    }
  }

  private func refuse(_ receiver: any ResponseReceiver, _ error: TransportError) -> any BodySender {
    // Not before the caller has what is returned.
    eventLoop.assumeIsolated().execute { receiver.fail(error) }
    return ClosedSender(eventLoop: eventLoop)
  }

  package func drain() {
    drains = true
    connection?.drainClient()
  }

  package func close(_ error: TransportError) {
    connection?.terminate(.noError, nil, error)
  }
}

extension HTTP2ClientHandler: HTTP2ConnectionDelegate {
  func connection(began request: HTTPRequest, on stream: HTTP2Stream) -> (any BodyReceiver)? { nil }

  func connectionSettled() {
    let available = streamsAvailable
    guard available != streamsAvailableTold, !isClosed else { return }
    streamsAvailableTold = available
    delegate?.streamsAvailableChanged(self)
  }

  func connectionClosed(_ error: TransportError?) {
    guard !isClosed else { return }
    isClosed = true
    delegate?.closed(self, error)
  }
}

/// The sender of a request that never began.
private final class ClosedSender: BodySender {
  let eventLoop: any EventLoop
  let isWritable = false

  init(eventLoop: any EventLoop) {
    self.eventLoop = eventLoop
  }

  func send(body: ByteBuffer) {}
  func sendEnd(trailers: HTTPFields?) {}
  func reset(_ code: HTTP2ErrorCode) {}
  func consumed(_ byteCount: Int) {}
}
