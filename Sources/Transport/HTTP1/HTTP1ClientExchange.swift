// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import NIOCore
import NIOHTTP1

/// One request over an HTTP/1.1 client connection, and its response.
final class HTTP1ClientExchange: BodySender {
  let eventLoop: any EventLoop
  /// Nil once the exchange is over.
  private var connection: HTTP1ClientHandler?
  private var receiver: (any ResponseReceiver)?

  private(set) var requestEnded: Bool
  /// The whole request is with the socket.
  var requestWritten = false
  private(set) var responseEnded = false
  private(set) var headReceived = false
  private(set) var unconsumedBytes = 0
  /// Of the request's body when its head has a length; nil when it is chunked.
  private var lengthLeft: Int?
  private let isChunked: Bool
  /// The head could not be written completely: no server can have understood it.
  var headNotSent = false

  init(
    _ connection: HTTP1ClientHandler, _ receiver: any ResponseReceiver, endsHere: Bool, length: Int?,
    _ eventLoop: any EventLoop
  ) {
    self.connection = connection
    self.receiver = receiver
    self.eventLoop = eventLoop
    requestEnded = endsHere
    lengthLeft = length
    isChunked = !endsHere && length == nil
  }

  /// The receiver of a request that cannot even begin.
  static func failed(
    _ error: TransportError, _ receiver: any ResponseReceiver, _ eventLoop: any EventLoop
  ) -> any BodySender {
    // Not before the caller has what is returned.
    eventLoop.assumeIsolated().execute { receiver.fail(error) }
    return HTTP1FailedExchange(eventLoop)
  }

  // MARK: The response

  func receive(_ head: HTTPResponse) {
    headReceived = true
    receiver?.receive(head: head)
  }

  func receive(_ body: ByteBuffer) {
    unconsumedBytes += body.readableBytes
    receiver?.receive(body: body)
  }

  func receiveEnd(_ trailers: HTTPFields?) {
    responseEnded = true
    connection = nil
    let receiver = receiver
    self.receiver = nil
    receiver?.receiveEnd(trailers: trailers)
  }

  func fail(_ error: TransportError) {
    var error = error
    error.isUnprocessed = error.isUnprocessed || headNotSent
    connection = nil
    let receiver = receiver
    self.receiver = nil
    receiver?.fail(error)
  }

  func becameWritable() { receiver?.becameWritable() }

  // MARK: The request

  var isWritable: Bool { connection?.isWritable ?? true }

  func send(body: ByteBuffer) {
    guard let connection, !requestEnded, body.readableBytes > 0 else { return }
    if let left = lengthLeft {
      guard body.readableBytes <= left else { return connection.requestLengthWrong() }
      lengthLeft = left - body.readableBytes
    }
    connection.write(.body(.byteBuffer(body)), byteCount: body.readableBytes)
  }

  func sendEnd(trailers: HTTPFields?) {
    guard let connection, !requestEnded else { return }
    guard (lengthLeft ?? 0) == 0 else { return connection.requestLengthWrong() }
    requestEnded = true
    connection.writeEnd(isChunked ? HTTP1Fields.write(trailers: trailers) : nil, of: self)
  }

  func reset(_ code: HTTP2ErrorCode) {
    connection?.abort(TransportError(.reset(code), "the exchange was given up at this end"))
  }

  func consumed(_ byteCount: Int) {
    unconsumedBytes = max(0, unconsumedBytes - max(0, byteCount))
    connection?.readIfWanted()
  }
}

/// What says something after all is over.
final class HTTP1FailedExchange: BodySender {
  let eventLoop: any EventLoop
  init(_ eventLoop: any EventLoop) { self.eventLoop = eventLoop }

  var isWritable: Bool { true }
  func send(body: ByteBuffer) {}
  func sendEnd(trailers: HTTPFields?) {}
  func reset(_ code: HTTP2ErrorCode) {}
  func consumed(_ byteCount: Int) {}
}
