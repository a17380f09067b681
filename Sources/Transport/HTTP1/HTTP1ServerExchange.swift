// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import NIOCore
import NIOHTTP1

/// One request of an HTTP/1.1 connection and its response.
final class HTTP1ServerExchange: ResponseSender {
  let head: HTTP1RequestHead
  let eventLoop: any EventLoop
  /// Nil once the exchange is over.
  private var server: HTTP1ServerHandler?
  /// What hears the request's body; nil when nobody does.
  private var receiver: (any BodyReceiver)?

  private(set) var requestEnded = false
  private(set) var responseEnded = false
  private(set) var headSent = false
  private(set) var isKeepAlive: Bool
  private var continueSent = false
  private var framing = HTTP1ResponseFraming.none
  /// Handed to the receiver and not yet consumed.
  private(set) var unconsumedBytes = 0
  private(set) var drainedBytes = 0

  init(_ head: HTTP1RequestHead, on server: HTTP1ServerHandler, _ eventLoop: any EventLoop) {
    self.head = head
    self.server = server
    self.eventLoop = eventLoop
    isKeepAlive = head.isKeepAlive
  }

  /// Both sides have ended.
  var isOver: Bool { requestEnded && responseEnded }

  /// The client may be waiting to be told to send its body, and now it will not be: whether it sends it nevertheless
  /// cannot be known (RFC 9110, section 10.1.1).
  var isAmbiguous: Bool { head.expectsContinue && !continueSent && !requestEnded }

  // MARK: The request

  /// Hands the request to the handler.
  func begin(_ handler: any RequestHandler, _ peer: Peer) {
    if head.contentLength == 0 { continueSent = true }
    let receiver = handler.begin(head.request, from: peer, answering: self)
    guard server != nil else {
      receiver?.fail(TransportError(.connectionClosed, "the connection closed in mid-request"))
      return
    }
    self.receiver = receiver
    if head.expectsContinue, !continueSent, !headSent {
      continueSent = true
      server?.write(.head(HTTPResponseHead(version: .http1_1, status: .continue)))
    }
  }

  func receive(_ body: ByteBuffer) {
    guard let receiver, !responseEnded else {
      drainedBytes += body.readableBytes
      return
    }
    unconsumedBytes += body.readableBytes
    receiver.receive(body: body)
  }

  func receiveEnd(_ trailers: HTTPHeaders?) {
    requestEnded = true
    guard let receiver else { return }
    self.receiver = responseEnded ? nil : receiver
    receiver.receiveEnd(trailers: trailers.flatMap { HTTP1Fields.read($0) })
  }

  func writabilityChanged() {
    receiver?.becameWritable()
  }

  /// Over, one way or the other.
  func end(_ error: TransportError?) {
    server = nil
    let receiver = receiver
    self.receiver = nil
    // One that has heard the end hears nothing more.
    if !requestEnded { receiver?.fail(error ?? Self.answeredEarly) }
  }

  private static let answeredEarly = TransportError(
    .cancelled, "the request was answered before its body was complete")

  func closeAfter() { isKeepAlive = false }

  // MARK: The response

  /// True also when nothing more is sent: nobody waits for what does not come.
  var isWritable: Bool { server?.isWritable ?? true }

  func send(head response: HTTPResponse) {
    guard let server, !headSent, !responseEnded else { return }
    let isFinal = response.status.code >= 200
    guard isFinal || (!head.isOld && response.status.code != 101) else { return }
    var response = response
    if isFinal {
      headSent = true
      if let framing = HTTP1ResponseFraming(response, to: head) {
        self.framing = framing
      } else {
        server.statistics.add(.responseLengthWrong)
        response.headerFields[.contentLength] = nil
        framing = head.isOld ? .close : .chunked
      }
      if isAmbiguous || framing == .close || server.isDraining || isUnwanted(response.status, server) {
        isKeepAlive = false
      }
    }
    server.write(.head(translate(response, isFinal: isFinal)), waits: isFinal)
  }

  /// An error before the whole request has come: nobody will take the rest, and it is too long to be dropped here. Said
  /// now, the client does not put its next request behind it.
  private func isUnwanted(_ status: HTTPResponse.Status, _ server: HTTP1ServerHandler) -> Bool {
    !requestEnded && status.code >= 400 && (head.contentLength ?? 0) > server.drainBytesMax
  }

  private func translate(_ response: HTTPResponse, isFinal: Bool) -> HTTPResponseHead {
    var headers = HTTPHeaders()
    HTTP1Fields.write(response.headerFields, to: &headers)
    if isFinal {
      if framing == .chunked { headers.add(name: "transfer-encoding", value: "chunked") }
      if !isKeepAlive { headers.add(name: "connection", value: "close") }
      if response.status.code == 204 { headers.remove(name: "content-length") }
    }
    let status = HTTPResponseStatus(
      statusCode: response.status.code, reasonPhrase: response.status.reasonPhrase)
    return HTTPResponseHead(version: .http1_1, status: status, headers: headers)
  }

  func send(body: ByteBuffer) {
    guard let server, headSent, !responseEnded, framing != .none, body.readableBytes > 0 else { return }
    guard framing.take(body.readableBytes) else { return server.responseLengthWrong() }
    server.write(.body(.byteBuffer(body)), byteCount: body.readableBytes, waits: true)
  }

  func sendEnd(trailers: HTTPFields?) {
    guard let server, headSent, !responseEnded else { return }
    guard framing.isSatisfied else { return server.responseLengthWrong() }
    responseEnded = true
    let trailers = framing == .chunked ? HTTP1Fields.write(trailers: trailers) : nil
    server.write(.end(trailers))
    server.advance()
  }

  func reset(_ code: HTTP2ErrorCode) {
    guard let server, !responseEnded else { return }
    server.closeNow(TransportError(.reset(code), "the exchange was given up at this end"))
  }

  func consumed(_ byteCount: Int) {
    guard byteCount > 0 else { return }
    unconsumedBytes = max(0, unconsumedBytes - byteCount)
    server?.advance()
  }
}
