// SPDX-License-Identifier: Apache-2.0

public import HTTPTypes
public import NIOCore

/// What one end of an exchange hears: the other end's body, then the end or a failure, each at most once. A server that has
/// heard the end of a request still hears that its client has left, as long as it has not answered.
///
/// An exchange is one request and its response, over HTTP/1.1 or HTTP/2. Everything is called on the connection's event
/// loop and must not block it.
public protocol BodyReceiver: AnyObject {
  /// A part of the body. What was received counts against the connection's window until `BodySender.consumed(_:)`.
  func receive(body: ByteBuffer)

  /// The message is complete.
  func receiveEnd(trailers: HTTPFields?)

  /// The exchange is over before its time; nothing more is heard or sent.
  func fail(_ error: TransportError)

  /// The sender of the same exchange has less than its high watermark waiting again.
  func becameWritable()
}

extension BodyReceiver {
  public func becameWritable() {}
}

/// What a client hears of a response.
public protocol ResponseReceiver: BodyReceiver {
  /// The final response head; informational ones (1xx) are not passed on.
  func receive(head: HTTPResponse)
}

/// What one end of an exchange says. For the connection's event loop only. Saying something after the end, or after the
/// exchange has failed, has no effect.
public protocol BodySender: AnyObject {
  var eventLoop: any EventLoop { get }

  /// False while more than the high watermark waits for the other end; sending still works.
  var isWritable: Bool { get }

  func send(body: ByteBuffer)

  /// Completes the message. HTTP/1.1 carries trailers only in chunked bodies.
  func sendEnd(trailers: HTTPFields?)

  /// Gives the exchange up: RST_STREAM in HTTP/2; an HTTP/1.1 connection is closed.
  func reset(_ code: HTTP2ErrorCode)

  /// Bytes of `receive(body:)` that no longer take up memory: the other end may send as many more.
  func consumed(_ byteCount: Int)
}

/// What a server answers.
public protocol ResponseSender: BodySender {
  /// At most one final head per exchange. `content-length` is the caller's; without it HTTP/1.1 uses chunks.
  func send(head: HTTPResponse)
}

extension ResponseSender {
  /// Answers with a whole message.
  public func respond(_ head: HTTPResponse, body: ByteBuffer? = nil, trailers: HTTPFields? = nil) {
    send(head: head)
    if let body, body.readableBytes > 0 { send(body: body) }
    sendEnd(trailers: trailers)
  }
}

/// Answers the requests of a server's connections.
public protocol RequestHandler: Sendable {
  /// A request's head has arrived. Called on the connection's event loop.
  ///
  /// - Parameter response: where to answer, at once or later; also before the request's body has come.
  /// - Returns: what hears the body. Nil after a complete answer: what still comes is dropped.
  func begin(_ request: HTTPRequest, from peer: Peer, answering response: any ResponseSender) -> (any BodyReceiver)?
}
