// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import NIOCore
import Synchronization
import TestSupport
import Testbed
import Testing

@testable import Transport

/// Windows, watermarks, the peers' limits, and how connections end. Over TCP.
@Suite(.network) struct HTTP2FlowTests {
  @Test func aBodyThatIsNotConsumedStopsAtTheWindow() async throws {
    let handler = TestHandler()
    var limits = HTTP2Limits()
    limits.streamWindowBytes = 200_000
    try await withHTTP2Peers(handler, serverLimits: limits) { _, client in
      // The window is known to the client once the first exchange is through.
      _ = try await client.exchange("/unary", body: ByteBuffer(string: "x"))
      let upload = Task { try await client.exchange("/keep", body: ByteBuffer(repeating: 1, count: 1 << 20)) }
      try #require(await eventually { handler.receivedByteCount.load(ordering: .relaxed) >= 200_001 }, "window used")
      let next = try await client.exchange("/unary", body: ByteBuffer(string: "x"))
      #expect(next.status == 200)
      #expect(handler.receivedByteCount.load(ordering: .relaxed) == 200_002)
      upload.cancel()
    }
  }

  @Test func aServerProducesNoMoreThanIsTaken() async throws {
    let handler = TestHandler()
    var limits = HTTP2Limits()
    limits.streamWindowBytes = 100_000
    try await withHTTP2Peers(handler, clientLimits: limits) { _, client in
      let size = 64 << 20
      let receiver = try await client.hold("/blob?\(size)")
      try #require(await eventually { handler.sentByteCount.load(ordering: .relaxed) > 0 }, "begun")
      try #require(await eventually { receiver.received.load(ordering: .relaxed) == 100_000 }, "window used")
      // The window, and what waits up to the high watermark.
      #expect(handler.sentByteCount.load(ordering: .relaxed) <= 100_000 + 256 << 10 + 64 << 10)
    }
  }

  @Test func aLargeBodyGoesThroughASmallWindow() async throws {
    var limits = HTTP2Limits()
    limits.streamWindowBytes = 70_000
    limits.connectionWindowBytes = 70_000
    try await withHTTP2Peers(serverLimits: limits, clientLimits: limits) { _, client in
      let outcome1 = try await client.exchange("/blob?5000001", method: .get).body.readableBytes
      #expect(outcome1 == 5_000_001)
      let body = patterned(1 << 20)
      let outcome2 = try await client.exchange("/echo", body: body).body
      #expect(outcome2 == body)
    }
  }

  @Test func unconsumedBytesOfClosedStreamsGoBackToTheConnection() async throws {
    let handler = TestHandler()
    var limits = HTTP2Limits()
    limits.connectionWindowBytes = 100_000
    try await withHTTP2Peers(handler, serverLimits: limits) { _, client in
      for _ in 0..<5 {
        let before = handler.receivedByteCount.load(ordering: .relaxed)
        let sender = try await client.start("/keep", body: ByteBuffer(repeating: 1, count: 80_000))
        try #require(
          await eventually { handler.receivedByteCount.load(ordering: .relaxed) == before + 80_000 }, "received")
        try await client.run { _ in sender.value.reset(.cancel) }
      }
    }
  }

  @Test func aClientKeepsToTheServersLimitOfStreams() async throws {
    let handler = TestHandler()
    var limits = HTTP2Limits()
    limits.concurrentStreamsMax = 3
    try await withHTTP2Peers(handler, serverLimits: limits) { server, client in
      _ = try await client.exchange("/unary", body: ByteBuffer(string: "x"))
      let outcome3 = try await client.run { $0.streamsAvailable }
      #expect(outcome3 == 3)
      for _ in 0..<3 { _ = try await client.start("/hold") }
      let outcome4 = try await client.run { $0.streamsAvailable }
      #expect(outcome4 == 0)
      await #expect { try await client.exchange("/unary") } throws: { ($0 as? TransportError)?.isUnprocessed == true }
      #expect(server.statistics.count(of: .concurrentStreams) == 0)
    }
  }

  @Test func requestsBeforeTheServersSettingsAreRefusedAsUnprocessed() async throws {
    let handler = TestHandler()
    var limits = HTTP2Limits()
    limits.concurrentStreamsMax = 3
    let server = try await HTTP2TestServer(handler, limits: limits)
    let client = try await HTTP2TestClient(port: server.port)
    let refused = Atomic(0)
    let loop = client.channel.eventLoop
    try await loop.submit {
      try client.onLoop { connection in
        for _ in 0..<(min(10, connection.streamsAvailable)) {
          let receiver = CollectingReceiver { result in
            if case .failure(let error) = result, let error = error as? TransportError, error.isUnprocessed {
              refused.add(1, ordering: .relaxed)
            }
          }
          let request = HTTPRequest(method: .post, scheme: "http", authority: "a", path: "/hold")
          _ = connection.begin(request, endsHere: true, receiver: receiver)
        }
      }
    }.get()
    // Whether the SETTINGS had come makes no difference to the caller.
    let isDecided = await eventually {
      handler.begun.load(ordering: .relaxed) == 3
        && (refused.load(ordering: .relaxed) == 7 || server.statistics.streamsBegun == 3)
    }
    #expect(isDecided)
    await client.stop()
    await server.stop()
  }

  @Test func aDrainingServerAnswersWhatItHasAndCloses() async throws {
    let handler = TestHandler()
    try await withHTTP2Peers(handler) { server, client in
      let delegate = try await client.observe()
      let sender = try await client.start("/echo", body: ByteBuffer(string: "first"))
      try #require(await eventually { handler.begun.load(ordering: .relaxed) == 1 }, "begun")
      server.drain()
      try #require(await eventually { delegate.availabilities.withLock { $0.last } == 0 }, "told")
      await #expect { try await client.exchange("/unary") } throws: { ($0 as? TransportError)?.isUnprocessed == true }
      #expect(delegate.closed.withLock { $0 } == 0)
      try await client.run { _ in sender.value.sendEnd(trailers: nil) }
      try #require(await eventually { delegate.closed.withLock { $0 } == 1 }, "closed")
      #expect(delegate.error.withLock { $0 } == nil)
      try #require(await eventually { server.statistics.openConnections == 0 }, "gone")
    }
  }

  @Test func aDrainingClientWaitsForItsAnswers() async throws {
    let handler = TestHandler()
    try await withHTTP2Peers(handler) { server, client in
      let delegate = try await client.observe()
      let sender = try await client.start("/echo", body: ByteBuffer(string: "first"))
      try #require(await eventually { handler.begun.load(ordering: .relaxed) == 1 }, "begun")
      try await client.run { $0.drain() }
      let outcome5 = try await client.run { $0.streamsAvailable }
      #expect(outcome5 == 0)
      try await client.run { _ in sender.value.sendEnd(trailers: nil) }
      try #require(await eventually { delegate.closed.withLock { $0 } == 1 }, "closed")
      #expect(delegate.error.withLock { $0 } == nil)
      #expect(handler.failures.withLock { $0.isEmpty })
      try #require(await eventually { server.statistics.openConnections == 0 }, "gone")
    }
  }

  @Test func closingFailsWhatIsUnderWay() async throws {
    let handler = TestHandler()
    try await withHTTP2Peers(handler) { server, client in
      let delegate = try await client.observe()
      let held = Task { try await client.exchange("/hold") }
      try #require(await eventually { handler.begun.load(ordering: .relaxed) == 1 }, "begun")
      let reason = TransportError(.cancelled, "for a test")
      try await client.run { $0.close(reason) }
      await #expect(throws: reason) { try await held.value }
      try #require(await eventually { delegate.closed.withLock { $0 } == 1 }, "closed")
      #expect(delegate.error.withLock { $0 } == reason)
      try #require(await eventually { handler.failures.withLock { $0.count } == 1 }, "heard")
    }
  }
}
