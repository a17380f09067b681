// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import NIOCore
import NIOEmbedded

@testable import Transport

/// Keeps what a server answers. For one thread.
final class FakeResponse: ResponseSender {
  let embedded = EmbeddedEventLoop()
  var eventLoop: any EventLoop { embedded }
  var isWritable = true
  private(set) var head: HTTPResponse?
  private(set) var body = ByteBuffer()
  private(set) var trailers: HTTPFields?
  private(set) var hasEnded = false
  private(set) var resets: [Transport.HTTP2ErrorCode] = []
  private(set) var consumedBytes = 0

  func send(head: HTTPResponse) { self.head = head }
  func send(body: ByteBuffer) { self.body.writeImmutableBuffer(body) }
  func sendEnd(trailers: HTTPFields?) {
    self.trailers = trailers
    hasEnded = true
  }
  func reset(_ code: Transport.HTTP2ErrorCode) { resets.append(code) }
  func consumed(_ byteCount: Int) { consumedBytes += byteCount }

  var status: GRPCStatus? { trailers.flatMap { GRPCStatus(trailers: $0) } }

  /// The messages of the body.
  var messages: [ByteBuffer] {
    get throws {
      var reader = GRPCFrameReader(messageBytesMax: 1 << 24)
      reader.append(body)
      var messages: [ByteBuffer] = []
      while let event = try reader.next() {
        if case .message(let frame) = event { messages.append(try frame.decompressed(bytesMax: 1 << 24)) }
      }
      return messages
    }
  }
}

/// A call of a method by hand.
struct FakeCall {
  static let path = "/test.Fake/Method"

  let response = FakeResponse()
  let receiver: (any BodyReceiver)?

  init(
    _ server: GRPCServer, path: String = FakeCall.path, _ fields: HTTPFields = [:], method: HTTPRequest.Method = .post,
    version: HTTPVersion = .http2
  ) {
    var fields = fields
    if fields[.contentType] == nil { fields[.contentType] = "application/grpc" }
    let request = HTTPRequest(method: method, scheme: "http", authority: "test", path: path, headerFields: fields)
    receiver = server.begin(request, from: Transport.Peer(address: nil, version: version), answering: response)
  }

  func send(_ message: ByteBuffer, _ encoding: GRPCEncoding = .identity, ends: Bool = true) throws {
    receiver?.receive(body: try GRPCFrameWriter.frame(message, encoding))
    if ends { receiver?.receiveEnd(trailers: nil) }
  }
}
