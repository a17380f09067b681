// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import NIOCore
import Synchronization
import TestSupport
import Testbed
import Testing

@testable import Transport

/// Our client and our server, over TCP.
@Suite(.network) struct HTTP2ExchangeTests {
  @Test func aRequestIsAnswered() async throws {
    try await withHTTP2Peers { _, client in
      let response = try await client.exchange("/unary", body: ByteBuffer(string: "hello"))
      #expect(response.status == 200)
      #expect(String(buffer: response.body) == "hello")
      let none = try await client.exchange("/nothing", method: .get)
      #expect(none.status == 404)
    }
  }

  @Test func fieldsArriveAsTheyWere() async throws {
    let handler = FieldsHandler()
    let server = try await HTTP2TestServer(handler)
    let client = try await HTTP2TestClient(port: server.port)
    var fields = HTTPFields()
    fields[.userAgent] = "test/1"
    fields.append(HTTPField(name: .accept, value: "a"))
    fields.append(HTTPField(name: .accept, value: "b"))
    fields.append(HTTPField(name: .cookie, value: "a=1"))
    fields.append(HTTPField(name: .cookie, value: "b=2"))
    fields[.transferEncoding] = "chunked"
    fields[.te] = "trailers"
    let response = try await client.exchange("/x?y=%20z", method: .put, fields: fields)
    let request = try handler.request.withLock { $0 }.require("no request")
    #expect(response.status == 418)
    #expect(response.head?.headerFields[.server] == "me")
    #expect(response.head?.headerFields[.connection] == nil)
    #expect(request.method == .put)
    #expect(request.path == "/x?y=%20z")
    #expect(request.authority == "test.example")
    #expect(request.scheme == "http")
    #expect(request.headerFields[values: .accept] == ["a", "b"])
    #expect(request.headerFields[.cookie] == "a=1; b=2")
    #expect(request.headerFields[.transferEncoding] == nil)
    #expect(request.headerFields[.te] == "trailers")
    await client.stop()
    await server.stop()
  }

  @Test func sixteenMebibytesComeBackEqual() async throws {
    let handler = TestHandler()
    try await withHTTP2Peers(handler) { _, client in
      let body = patterned(16 << 20)
      let response = try await client.exchange("/echo", body: body)
      #expect(response.body == body)
      #expect(handler.receivedByteCount.load(ordering: .relaxed) == 16 << 20)
    }
  }

  @Test func manyExchangesAtOnceDoNotMixUp() async throws {
    try await withHTTP2Peers { _, client in
      // With its answer the server's SETTINGS have come, which allow more than a hundred at once.
      _ = try await client.exchange("/unary")
      try await withThrowingTaskGroup(of: Bool.self) { group in
        for index in 0..<400 {
          group.addTask {
            let body = ByteBuffer(repeating: UInt8(truncatingIfNeeded: index), count: 1 + index * 100)
            var trailers = HTTPFields()
            trailers[.eTag] = "\(index)"
            let path = index % 2 == 0 ? "/echo" : "/unary"
            let response = try await client.exchange(path, body: body, trailers: trailers)
            return response.body == body && response.trailers?[.eTag] == "\(index)"
          }
        }
        for try await isEqual in group { #expect(isEqual) }
      }
    }
  }

  @Test func trailersOnlyIsOneFrame() async throws {
    try await withHTTP2Peers { _, client in
      let response = try await client.exchange("/trailers-only", body: ByteBuffer(string: "x"))
      #expect(response.head?.headerFields.count == 1)
      #expect(response.trailers == nil)
      #expect(response.body.readableBytes == 0)
    }
  }

  @Test func anEarlyAnswerEndsTheUploadWithoutAnError() async throws {
    try await withHTTP2Peers { _, client in
      // Larger than any window: it could never be sent.
      let response = try await client.exchange("/early", body: ByteBuffer(repeating: 1, count: 32 << 20))
      #expect(response.status == 202)
      #expect(String(buffer: response.body) == "early")
      let next = try await client.exchange("/unary", body: ByteBuffer(string: "next"))
      #expect(next.status == 200)
    }
  }

  @Test func bothDirectionsOfAStreamAreOpenAtOnce() async throws {
    try await withHTTP2Peers { _, client in
      let rounds = try await client.channel.eventLoop.flatSubmit {
        let promise = client.channel.eventLoop.makePromise(of: Int.self)
        try? client.onLoop { handler in
          let receiver = PingPongReceiver(rounds: 50, promise)
          let request = HTTPRequest(method: .post, scheme: "http", authority: "a", path: "/echo")
          receiver.begin(handler.begin(request, endsHere: false, receiver: receiver))
        }
        return promise.futureResult
      }.get()
      #expect(rounds == 50)
    }
  }

  @Test func theServerResetsAStream() async throws {
    try await withHTTP2Peers { _, client in
      await #expect(throws: TransportError(.reset(.cancel), "the peer has reset stream 1 with code 8")) {
        try await client.exchange("/reset", body: ByteBuffer(string: "x"))
      }
      let outcome1 = try await client.exchange("/unary", body: ByteBuffer(string: "x")).status
      #expect(outcome1 == 200)
    }
  }

  @Test func theClientResetsAStreamAndTheHandlerHearsIt() async throws {
    let handler = TestHandler()
    try await withHTTP2Peers(handler) { server, client in
      let failed = Mutex<TransportError?>(nil)
      let sender = try await client.run { connection in
        let receiver = CollectingReceiver { result in
          if case .failure(let error) = result { failed.withLock { $0 = error as? TransportError } }
        }
        let request = HTTPRequest(method: .post, scheme: "http", authority: "a", path: "/hold")
        return NIOLoopBound(
          connection.begin(request, endsHere: true, receiver: receiver), eventLoop: connection.eventLoop)
      }
      try #require(await eventually { handler.begun.load(ordering: .relaxed) == 1 }, "begun")
      try await client.run { _ in sender.value.reset(.cancel) }
      // Though it has heard the request's end: nobody waits for its answer.
      try #require(await eventually { handler.failures.withLock { $0.count } == 1 }, "failed")
      #expect(handler.failures.withLock { $0.first?.code } == .reset(.cancel))
      try #require(await eventually { failed.withLock { $0 } != nil }, "heard")
      #expect(failed.withLock { $0?.code } == .cancelled)
    }
  }

  @Test func streamsAreNotKeptAfterTheirConnection() async throws {
    let handler = TestHandler()
    let server = try await HTTP2TestServer(handler)
    let client = try await HTTP2TestClient(port: server.port)
    for path in ["/unary", "/echo", "/early", "/trailers-only"] {
      _ = try await client.exchange(path, body: ByteBuffer(string: "x"))
    }
    _ = try? await client.exchange("/reset", body: ByteBuffer(string: "x"))
    let held = Task { try await client.exchange("/hold", body: ByteBuffer(string: "x")) }
    try #require(await eventually { handler.begun.load(ordering: .relaxed) == 6 }, "begun")
    #expect(server.statistics.liveStreams >= 1)
    await client.stop()
    await #expect(throws: TransportError.self) { try await held.value }
    try #require(
      await eventually { server.statistics.liveStreams == 0 && server.statistics.openConnections == 0 }, "gone")
    #expect(server.statistics.streamsBegun == 6)
    #expect(client.statistics.liveStreams == 0)
    #expect(handler.failures.withLock { $0.contains { $0.code == .connectionClosed } })
    await server.stop()
  }
}

/// Bytes of which no two blocks are equal.
func patterned(_ count: Int) -> ByteBuffer {
  let block = ByteBuffer(bytes: (0..<1021).map { UInt8(truncatingIfNeeded: $0 &* $0 &+ $0 >> 3) })
  var buffer = ByteBuffer()
  buffer.reserveCapacity(count + 1032)
  while buffer.readableBytes < count {
    buffer.writeInteger(buffer.readableBytes)
    buffer.writeImmutableBuffer(block)
  }
  return buffer.getSlice(at: 0, length: count) ?? buffer
}

private final class FieldsHandler: RequestHandler {
  let request = Mutex<HTTPRequest?>(nil)

  func begin(_ request: HTTPRequest, from peer: Transport.Peer, answering response: any ResponseSender) -> (
    any BodyReceiver
  )? {
    self.request.withLock { $0 = request }
    response.respond(HTTPResponse(status: .init(code: 418), headerFields: [.server: "me", .connection: "close"]))
    return nil
  }
}

/// Sends the next message when the last one has come back.
private final class PingPongReceiver: ResponseReceiver {
  private var sender: (any BodySender)?
  private var left: Int
  private var heard = 0
  private let promise: EventLoopPromise<Int>

  init(rounds: Int, _ promise: EventLoopPromise<Int>) {
    left = rounds
    self.promise = promise
  }

  func begin(_ sender: any BodySender) {
    self.sender = sender
    sender.send(body: ByteBuffer(string: "ping"))
  }

  func receive(head: HTTPResponse) {}

  func receive(body: ByteBuffer) {
    heard += 1
    left -= 1
    sender?.consumed(body.readableBytes)
    if left > 0 { sender?.send(body: body) } else { sender?.sendEnd(trailers: nil) }
  }

  func receiveEnd(trailers: HTTPFields?) { promise.succeed(heard) }
  func fail(_ error: TransportError) { promise.fail(error) }
}
