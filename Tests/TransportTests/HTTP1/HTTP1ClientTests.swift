// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import NIOCore
import NIOPosix
import TestSupport
import Testbed
import Testing
import Transport

/// The client against servers that say anything, right or wrong.
@Suite(.network) struct HTTP1ClientTests {
  /// Answers each request that is complete with a head (a blank line) with the next of its texts, then closes.
  final class Script: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    private var answers: ArraySlice<String>
    private let closes: Bool
    private var received = ""

    init(_ answers: [String], closes: Bool) {
      self.answers = answers[...]
      self.closes = closes
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      received += String(buffer: unwrapInboundIn(data))
      guard received.contains("\r\n\r\n") else { return }
      received = ""
      let isLast = answers.count <= 1
      let answer = answers.popFirst() ?? ""
      context.writeAndFlush(NIOAny(ByteBuffer(string: answer)), promise: nil)
      if isLast, closes { context.close(promise: nil) }
    }
  }

  private func exchange(
    _ answers: [String], closes: Bool = true, _ body: (HTTPClient) async throws -> Void
  ) async throws {
    let listener = try await ServerBootstrap(group: .one)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(Script(answers, closes: closes))
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    let port = try #require(listener.localAddress?.port)
    try await withClient(port, { $0.responseHeadBytesMax = 4096 }, body)
    try await listener.close()
  }

  private static let hello = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"

  @Test(arguments: [
    hello, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n",
    "HTTP/1.1 200 OK\r\n\r\nhello", "HTTP/1.0 200 OK\r\n\r\nhello",
    "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello",
    "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n\(hello)",
  ])
  func readsEachKindOfBody(_ answer: String) async throws {
    try await exchange([answer]) { (client: HTTPClient) async throws in
      let response = try await client.send(.test("/"))
      #expect(response.head.status == .ok && String(buffer: response.body) == "hello")
      #expect(await eventually { client.statistics.connectionsOpen == 0 })
    }
  }

  @Test func readsTrailers() async throws {
    let name = try #require(HTTPField.Name("x-sum"))
    try await exchange(["HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX-Sum: 3\r\n\r\n"]) {
      (client: HTTPClient) async throws in
      #expect(try await client.send(.test("/")).trailers?[name] == "3")
    }
  }

  @Test func aHeadRequestKeepsItsConnection() async throws {
    let head = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"
    try await exchange([head, Self.hello, "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", Self.hello]) {
      (client: HTTPClient) async throws in
      for size in [0, 5, 0, 5] {
        #expect(try await client.send(.test("/", size == 0 ? .head : .get)).body.readableBytes == size)
      }
      #expect(client.statistics.connectionsOpened == 1)
    }
  }

  struct Wrong: Sendable {
    var answer: String
    var code: TransportError.Code
  }

  @Test(arguments: [
    Wrong(answer: "garbage\r\n\r\n", code: .protocolViolation),
    Wrong(answer: "HTTP/2.0 200 OK\r\n\r\n", code: .protocolViolation),
    Wrong(answer: "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n", code: .protocolViolation),
    Wrong(
      answer: "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", code: .protocolViolation),
    Wrong(
      answer: "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n", code: .protocolViolation),
    Wrong(answer: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", code: .protocolViolation),
    Wrong(answer: "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello", code: .connectionClosed),
    Wrong(answer: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhe", code: .connectionClosed),
    Wrong(answer: "HTTP/1.1 200 OK\r\nContent-", code: .connectionClosed),
    Wrong(answer: "", code: .connectionClosed),
    Wrong(answer: "HTTP/1.1 200 OK\r\nX: \(String(repeating: "a", count: 9000))\r\n\r\n", code: .limitExceeded),
  ])
  func failsOnWhatIsWrong(_ wrong: Wrong) async throws {
    try await exchange([wrong.answer]) { (client: HTTPClient) async throws in
      let error = await #expect(throws: TransportError.self) { try await client.send(.test("/")) }
      #expect(error?.code == wrong.code, "\(String(describing: error))")
      #expect(error?.isUnprocessed == false, "it was sent")
      #expect(client.statistics.exchangesOpen == 0)
      #expect(await eventually { client.statistics.connectionsOpen == 0 })
    }
  }

  @Test func anAnswerThatNobodyAskedForEndsTheConnection() async throws {
    try await exchange([Self.hello + Self.hello, ""], closes: false) { (client: HTTPClient) async throws in
      #expect(try await client.send(.test("/")).head.status == .ok)
      #expect(await eventually { client.statistics.connectionsOpen == 0 })
      #expect(client.statistics.exchangesOpen == 0)
    }
  }

  @Test(arguments: ["/a b", "relative", "/a\r\nX: y", "/\u{e4}"])
  func aPathThatWouldBeReadAsSomethingElseIsNotSent(_ path: String) async throws {
    try await exchange([Self.hello]) { (client: HTTPClient) async throws in
      #expect(await client.code(.test(path)) == .protocolViolation)
      #expect(try await client.send(.test("/")).head.status == .ok)
    }
  }

  @Test func aBodyThatIsNotAsLongAsItsHeadSaysEndsTheConnection() async throws {
    try await exchange([Self.hello], closes: false) { (client: HTTPClient) async throws in
      let request = HTTPRequest.test("/", .post, [.contentLength: "3"])
      let code = await TransportError.code { () async throws(TransportError) in
        _ = try await client.send(request, body: ByteBuffer(string: "abcdef"))
      }
      #expect(code == .protocolViolation)
      #expect(await eventually { client.statistics.connectionsOpen == 0 })
    }
  }
}
