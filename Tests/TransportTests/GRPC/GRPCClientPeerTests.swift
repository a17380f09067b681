// SPDX-License-Identifier: Apache-2.0

import NIOCore
import TestSupport
import Testbed
import Testing

@testable import Transport

/// Our client calls grpcio. One server for all tests; each has a client of its own.
@Suite(.network, .enabled(if: PeerPython.hasTelemetrySDK, "\(PeerPython.missingSDK)"))
struct GRPCClientPeerTests {
  private static let server = Task { try await GRPCPeerServer() }
  private static let timeout = Duration.seconds(60)

  private static func client(
    _ change: (inout GRPCClient.Configuration) -> Void = { _ in }
  ) async throws -> GRPCTestClient {
    GRPCTestClient(port: try await server.value.port, change)
  }

  /// What a call that has to fail fails with.
  private static func failure(
    _ body: () async throws(GRPCStatus) -> GRPCResponse
  ) async -> GRPCStatus? {
    do throws(GRPCStatus) {
      _ = try await body()
      return nil
    } catch {
      return error
    }
  }

  private static func counter(_ name: String, _ client: GRPCClient) async throws -> Int {
    let response = try await client.unary("/test.Echo/counter", ByteBuffer(string: name), timeout: timeout)
    return Int(String(buffer: response.message)) ?? -1
  }

  @Test(arguments: [0, 1, 1000, 70_000, 3_000_000])
  func unaryCallsOfAllSizes(byteCount: Int) async throws {
    let client = try await Self.client()
    let message = GzipTests.sample(byteCount)
    for compression in GRPCEncoding.allCases {
      let response = try await client.grpc.unary(
        "/test.Echo/echo", message, timeout: Self.timeout, compression: compression)
      #expect(response.message == message)
    }
    let response = try await client.grpc.unary("/test.Echo/gzipped", message, timeout: Self.timeout)
    #expect(response.message == message)
    await client.http.shutdown()
  }

  @Test func manyCallsAtOnce() async throws {
    let client = try await Self.client()
    let sum = try await withThrowingTaskGroup(of: Int.self) { group in
      for index in 0..<300 {
        group.addTask {
          let message = ByteBuffer(string: "\(index)")
          let response = try await client.grpc.unary("/test.Echo/echo", message, timeout: Self.timeout)
          return Int(String(buffer: response.message)) ?? 0
        }
      }
      return try await group.reduce(0, +)
    }
    #expect(sum == 299 * 150)
    await client.http.shutdown()
  }

  @Test func metadataAndBinaryMetadata() async throws {
    let client = try await Self.client()
    var metadata: GRPCMetadata = ["tenant": "a"]
    metadata.add("blob-bin", bytes: Array(0...255))
    metadata.add("blob-bin", bytes: [])
    let response = try await client.grpc.unary(
      "/test.Echo/metadata", ByteBuffer(), metadata: metadata, timeout: Self.timeout)
    #expect(response.initialMetadata["tenant"] == "a")
    #expect(response.trailingMetadata.bytes("blob-bin") == [Array(0...255), []])
    let headers = try await client.grpc.unary("/test.Echo/headers", ByteBuffer(), timeout: Self.timeout)
    #expect(String(buffer: headers.message).contains("user-agent=grpc-swerve"))
    await client.http.shutdown()
  }

  @Test func errorDetails() async throws {
    let client = try await Self.client()
    let status = await Self.failure { () async throws(GRPCStatus) in
      try await client.grpc.unary("/test.Echo/refuse", ByteBuffer(), timeout: Self.timeout)
    }
    #expect(status?.code == .unavailable)
    #expect(status?.message == "zu voll: 100 % \u{2603}")
    #expect(status?.retryDelay == .milliseconds(2500))
    #expect(status?.details?.fieldViolations == [.init(field: "a.b", description: "is negative")])
    await client.http.shutdown()
  }

  @Test func unknownMethod() async throws {
    let client = try await Self.client()
    let status = await Self.failure { () async throws(GRPCStatus) in
      try await client.grpc.unary("/test.Echo/nothing", ByteBuffer(), timeout: Self.timeout)
    }
    #expect(status?.code == .unimplemented)
    await client.http.shutdown()
  }

  @Test func aResponseThatIsTooLarge() async throws {
    let client = try await Self.client { $0.messageBytesMax = 10_000 }
    let status = await Self.failure { () async throws(GRPCStatus) in
      try await client.grpc.unary("/test.Echo/echo", ByteBuffer(repeating: 1, count: 10_001), timeout: Self.timeout)
    }
    #expect(status?.code == .resourceExhausted)
    await client.http.shutdown()
  }

  @Test func aResponseThatIsACompressionBomb() async throws {
    let client = try await Self.client { $0.decompressedBytesMax = 100_000 }
    let status = await Self.failure { () async throws(GRPCStatus) in
      try await client.grpc.unary(
        "/test.Echo/gzipped", ByteBuffer(repeating: 0, count: 3_000_000), timeout: Self.timeout, compression: .gzip)
    }
    #expect(status?.code == .resourceExhausted)
    await client.http.shutdown()
  }

  @Test func theServerKnowsTheDeadline() async throws {
    let client = try await Self.client()
    let response = try await client.grpc.unary("/test.Echo/remaining", ByteBuffer(), timeout: .seconds(100))
    #expect((40_000...100_000).contains(Int(String(buffer: response.message)) ?? 0))
    await client.http.shutdown()
  }

  @Test func deadline() async throws {
    let client = try await Self.client()
    let status = await Self.failure { () async throws(GRPCStatus) in
      try await client.grpc.unary("/test.Echo/idle", ByteBuffer(), timeout: .milliseconds(200))
    }
    #expect(status?.code == .deadlineExceeded)
    await client.http.shutdown()
  }

  @Test func cancellingTheTaskReachesTheServer() async throws {
    let client = try await Self.client()
    let task = Task { try await client.grpc.unary("/test.Echo/sleep", ByteBuffer(), timeout: Self.timeout) }
    try await Self.waitFor("sleeping", client.grpc)
    task.cancel()
    await #expect { try await task.value } throws: { ($0 as? GRPCStatus)?.code == .cancelled }
    try await Self.waitFor("cancelled", client.grpc)
    await client.http.shutdown()
  }

  /// Waits until the server has counted one.
  private static func waitFor(_ name: String, _ client: GRPCClient) async throws {
    #expect(try await eventually { try await counter(name, client) == 1 })
  }

  @Test func serverStreaming() async throws {
    let client = try await Self.client()
    let call = try await client.grpc.stream("/test.Echo/count", timeout: Self.timeout)
    try await call.send(ByteBuffer(string: "1000"))
    call.finish()
    var expected = 0
    for try await message in call.messages {
      #expect(String(buffer: message) == "\(expected)")
      expected += 1
    }
    #expect(expected == 1000)
    #expect(try await call.initialMetadata()["first"] == "early")
    let end = await call.end()
    #expect(end.status == .ok)
    #expect(end.trailingMetadata["last"] == "late")
    await client.http.shutdown()
  }

  @Test func messagesBeforeAnErrorAreDelivered() async throws {
    let client = try await Self.client()
    let call = try await client.grpc.stream("/test.Echo/fails_late", timeout: Self.timeout)
    try await call.send(ByteBuffer())
    call.finish()
    #expect(await call.end().status == GRPCStatus(.dataLoss, "the rest is lost"))
    var count = 0
    await #expect(throws: GRPCStatus(.dataLoss, "the rest is lost")) {
      for try await _ in call.messages { count += 1 }
    }
    #expect(count == 10)
    await client.http.shutdown()
  }

  @Test func clientStreaming() async throws {
    let client = try await Self.client()
    let call = try await client.grpc.stream("/test.Echo/total", timeout: Self.timeout)
    for index in 0..<1000 { try await call.send(ByteBuffer(string: "\(index)")) }
    call.finish()
    var messages = call.messages.makeAsyncIterator()
    #expect(try await messages.next() == ByteBuffer(string: "499500"))
    #expect(try await messages.next() == nil)
    await client.http.shutdown()
  }

  @Test func anAnswerThatDoesNotWaitForAllMessages() async throws {
    let client = try await Self.client()
    let call = try await client.grpc.stream("/test.Echo/early", timeout: Self.timeout)
    let status = GRPCStatus(.failedPrecondition, "one is enough")
    await #expect(throws: status) {
      while true { try await call.send(ByteBuffer(repeating: 0, count: 10_000)) }
    }
    #expect(await call.end().status == status)
    await client.http.shutdown()
  }

  @Test func bidirectionalStreaming() async throws {
    let client = try await Self.client()
    let call = try await client.grpc.stream("/test.Echo/bidi", timeout: Self.timeout, compression: .gzip)
    var messages = call.messages.makeAsyncIterator()
    for index in 0..<100 {
      try await call.send(ByteBuffer(string: "ping \(index)"))
      #expect(try await messages.next() == ByteBuffer(string: "ping \(index)"))
    }
    call.finish()
    #expect(try await messages.next() == nil)
    await client.http.shutdown()
  }

  @Test func aSlowReaderHoldsTheServerUp() async throws {
    let client = try await Self.client()
    let call = try await client.grpc.stream("/test.Echo/flood", timeout: Self.timeout)
    try await call.send(ByteBuffer())
    var messages = call.messages.makeAsyncIterator()
    #expect(try await messages.next()?.readableBytes == 65536)
    try await Task.sleep(for: .milliseconds(300))
    let flooded = try await Self.counter("flooded", client.grpc)
    #expect((1..<300).contains(flooded))
    // It goes on when there is room.
    for _ in 0..<(flooded + 20) { #expect(try await messages.next() != nil) }
    call.cancel()
    #expect(await call.end().status.code == .cancelled)
    await client.http.shutdown()
  }

  @Test func health() async throws {
    let client = try await Self.client()
    #expect(try await client.grpc.checkHealth() == .serving)
    #expect(try await client.grpc.checkHealth(of: "known") == .notServing)
    await #expect(throws: GRPCStatus(.notFound, "no such service")) { try await client.grpc.checkHealth(of: "other") }
    await client.http.shutdown()
  }

  @Test func theServerIsRestarted() async throws {
    let first = try await GRPCPeerServer()
    let client = GRPCTestClient(port: first.port)
    #expect(try await client.grpc.checkHealth() == .serving)
    // With a stream under way.
    let call = try await client.grpc.stream("/test.Echo/bidi", timeout: Self.timeout)
    try await call.send(ByteBuffer(string: "ping"))
    var messages = call.messages.makeAsyncIterator()
    #expect(try await messages.next() != nil)
    first.process.kill()
    #expect(await call.end().status.code == .unavailable)
    let status = await Self.failure { () async throws(GRPCStatus) in
      try await client.grpc.unary("/test.Echo/echo", ByteBuffer(), timeout: Self.timeout)
    }
    #expect(status?.code == .unavailable)
    let second = try await GRPCPeerServer(port: first.port)
    #expect(await eventually { (try? await client.grpc.checkHealth()) == .serving })
    second.process.kill()
    await client.http.shutdown()
  }
}
