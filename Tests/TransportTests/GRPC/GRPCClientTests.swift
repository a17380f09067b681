// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import NIOCore
import NIOPosix
import Synchronization
import TestSupport
import Testbed
import Testing

@testable import Transport

/// Our client and servers of ours that do what grpcio does not.
@Suite(.network) struct GRPCClientTests {
  /// Answers the requests in turn, and the last answer again.
  final class Answers: RequestHandler {
    typealias Answer = @Sendable (any ResponseSender) -> Void
    private let answers: [Answer]
    private let next = Atomic(0)
    init(_ answers: [Answer]) { self.answers = answers }
    var count: Int { next.load(ordering: .relaxed) }

    func begin(
      _ request: HTTPRequest, from peer: Peer, answering response: any ResponseSender
    ) -> (any BodyReceiver)? {
      let index = next.add(1, ordering: .relaxed).oldValue
      answers[min(index, answers.count - 1)](response)
      return nil
    }
  }

  private struct Served {
    let client: GRPCTestClient
    let server: HTTPServer

    init(_ handler: any RequestHandler) async throws {
      server = HTTPServer(
        ServerConfiguration(host: "127.0.0.1", port: 0), handler: handler, group: MultiThreadedEventLoopGroup.singleton)
      client = GRPCTestClient(port: try await server.start().first?.port ?? 0)
    }

    /// - Parameter message: what is sent.
    func call(_ message: ByteBuffer = ByteBuffer(string: "text")) async -> Result<GRPCResponse, GRPCStatus> {
      do throws(GRPCStatus) {
        return .success(try await client.grpc.unary("/test.Fake/Method", message, timeout: .seconds(20)))
      } catch {
        return .failure(error)
      }
    }

    func code(_ message: ByteBuffer = ByteBuffer(string: "text")) async -> GRPCStatusCode {
      if case .failure(let status) = await call(message) { status.code } else { .ok }
    }

    func end() async {
      await client.http.shutdown(within: .seconds(1))
      await server.drain(within: .seconds(1))
    }
  }

  private static let head = HTTPResponse(status: .ok, headerFields: [.contentType: "application/grpc"])
  private static let refuse: Answers.Answer = { $0.reset(.refusedStream) }
  private static let succeed: Answers.Answer = { response in
    var frame = ByteBuffer(bytes: [0, 0, 0, 0, 4])
    frame.writeString("done")
    response.respond(head, body: frame, trailers: GRPCStatus.ok.trailers)
  }

  @Test func aRefusedCallIsMadeOnceMore() async throws {
    let answers = Answers([Self.refuse, Self.succeed])
    let served = try await Served(answers)
    #expect(try await served.call().get().message == ByteBuffer(string: "done"))
    #expect(answers.count == 2)
    await served.end()
  }

  @Test func aCallRefusedTwiceIsUnavailable() async throws {
    let answers = Answers([Self.refuse])
    let served = try await Served(answers)
    #expect(await served.code() == .unavailable)
    #expect(answers.count == 2)
    await served.end()
  }

  @Test func aCallThatMayHaveBeenLookedAtIsNotMadeAgain() async throws {
    let answers = Answers([{ $0.reset(.internalError) }, Self.succeed])
    let served = try await Served(answers)
    #expect(await served.code() == .internal)
    #expect(answers.count == 1)
    await served.end()
  }

  @Test func httpErrorsBecomeCodes() async throws {
    let statuses: [(HTTPResponse.Status, GRPCStatusCode)] = [
      (.serviceUnavailable, .unavailable), (.unauthorized, .unauthenticated), (.notFound, .unimplemented),
      (.internalServerError, .unknown),
    ]
    let answers = Answers(
      statuses.map { status, _ in { $0.respond(HTTPResponse(status: status), body: ByteBuffer(string: "<html>")) } })
    let served = try await Served(answers)
    for (_, code) in statuses { #expect(await served.code() == code) }
    await served.end()
  }

  @Test func brokenResponsesBecomeStatuses() async throws {
    let answers: [(Answers.Answer, GRPCStatusCode)] = [
      // No status, no message, two messages, half a message, a wrong flag, an unknown encoding, a bad compression.
      ({ $0.respond(Self.head) }, .unknown),
      ({ $0.respond(Self.head, trailers: GRPCStatus.ok.trailers) }, .unimplemented),
      (
        { $0.respond(Self.head, body: ByteBuffer(repeating: 0, count: 10), trailers: GRPCStatus.ok.trailers) },
        .unimplemented
      ),
      (
        { $0.respond(Self.head, body: ByteBuffer(bytes: [0, 0, 0, 0, 9, 1]), trailers: GRPCStatus.ok.trailers) },
        .internal
      ),
      (
        { $0.respond(Self.head, body: ByteBuffer(bytes: [9, 0, 0, 0, 0]), trailers: GRPCStatus.ok.trailers) },
        .internal
      ),
      (
        { response in
          var head = Self.head
          head.headerFields[.grpcEncoding] = "snappy"
          response.respond(head, trailers: GRPCStatus.ok.trailers)
        }, .internal
      ),
      (
        { response in
          var head = Self.head
          head.headerFields[.grpcEncoding] = "gzip"
          response.respond(head, body: ByteBuffer(bytes: [1, 0, 0, 0, 1, 7]), trailers: GRPCStatus.ok.trailers)
        }, .internal
      ),
      // Trailers-Only, whose head is all there is.
      (
        { response in
          var head = Self.head
          head.headerFields.append(contentsOf: GRPCStatus(.aborted, "no").trailers)
          response.respond(head)
        }, .aborted
      ),
    ]
    let served = try await Served(Answers(answers.map(\.0)))
    for (index, answer) in answers.enumerated() { #expect(await served.code() == answer.1, "answer \(index)") }
    await served.end()
  }

  @Test func aServerThatIsNotThereIsUnavailable() async throws {
    let served = try await Served(Answers([Self.succeed]))
    await served.server.drain(within: .seconds(1))
    #expect(await served.code() == .unavailable)
    await served.end()
  }

  @Test func timeoutsOfAnyLengthAreTaken() async throws {
    let server = GRPCEchoServer()
    let client = try await GRPCTestClient(port: server.start())
    for timeout in [Duration.seconds(359_999_996_400), .seconds(Int64.max), .seconds(86_400 * 400)] {
      let response = try await client.grpc.unary("/test.Echo/Unary", ByteBuffer(string: "text"), timeout: timeout)
      #expect(response.message == ByteBuffer(string: "text"))
    }
    await client.http.shutdown()
    await server.drain()
  }

  @Test func aPathThatIsNoneIsRefused() async throws {
    let served = try await Served(Answers([Self.succeed]))
    for path in ["", "test", "/a b", "/a\r\nb"] {
      await #expect { try await served.client.grpc.unary(path, ByteBuffer()) } throws: {
        ($0 as? GRPCStatus)?.code == .invalidArgument
      }
    }
    await served.end()
  }

  @Test func watchersHearOfADrainAndEnd() async throws {
    let server = GRPCEchoServer()
    let client = try await GRPCTestClient(port: server.start())
    let call = try await client.grpc.stream(GRPCHealth.watchPath)
    try await call.send(HealthMessage.request(""))
    var messages = call.messages.makeAsyncIterator()
    var message = try await messages.next()
    #expect(try HealthMessage.status(#require(message)) == .serving)
    let drain = Task { await server.drain() }
    message = try await messages.next()
    #expect(try HealthMessage.status(#require(message)) == .notServing)
    // By itself, not because the time for the drain was over.
    #expect(await call.end().status == GRPCStatus(.unavailable, "the server is about to end"))
    await drain.value
    await client.http.shutdown()
  }

  @Test func aCallEndsWithItsLastReference() async throws {
    let server = GRPCEchoServer()
    let client = try await GRPCTestClient(port: server.start())
    try await client.grpc.stream("/test.Echo/Bidi").send(ByteBuffer(string: "text"))
    #expect(await eventually { server.grpc.counts.calls["/test.Echo/Bidi"] == [.cancelled: 1] })
    await client.http.shutdown()
    await server.drain()
  }
}
