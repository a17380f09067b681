// SPDX-License-Identifier: Apache-2.0

import NIOCore
import TestSupport
import Testbed
import Testing

@testable import Transport

/// A hostile connection over TCP, and a well-behaved one on the same event loop that must not notice.
@Suite(.network) struct HTTP2NeighbourTests {
  struct Attack: CustomTestStringConvertible {
    var testDescription: String
    var frames: [RawFrame]
    var refusal: HTTP2Refusal?
  }

  static let attacks: [Attack] = [
    Attack(
      testDescription: "rapid reset",
      frames: (0..<5000).flatMap { index -> [RawFrame] in
        let stream = UInt32(index * 2 + 1)
        return [.request(stream, path: "/hold", ends: true), .reset(stream)]
      }, refusal: .resetFlood),
    Attack(
      testDescription: "pings, not read", frames: Array(repeating: .ping(), count: 100_000), refusal: .pingFlood),
    Attack(
      testDescription: "settings, not read", frames: Array(repeating: .settings, count: 100_000),
      refusal: .settingsFlood),
    Attack(
      testDescription: "header block without an end",
      frames: [RawFrame(.headers, stream: 1, RawFrame.block([(":method", "GET")]))]
        + Array(
          repeating: RawFrame(.continuation, stream: 1, RawFrame.block([("a", String(repeating: "b", count: 16_000))])),
          count: 200),
      refusal: nil),
    Attack(
      testDescription: "answers, not read",
      frames: [.windowUpdate(0, 0x7000_0000), RawFrame(.settings, [0, 4, 0x7f, 0xff, 0xff, 0xff])]
        + (0..<50).map { .request(UInt32($0 * 2 + 1), path: "/blob?\(1 << 30)", ends: true) },
      refusal: nil),
    Attack(
      testDescription: "bodies, not consumed",
      frames: (0..<100).flatMap { index -> [RawFrame] in
        let stream = UInt32(index * 2 + 1)
        return [.request(stream, path: "/keep")] + Array(repeating: .data(stream, 16_000), count: 8)
      }, refusal: .protocolViolation),
  ]

  @Test(arguments: attacks)
  func aNeighbourIsServed(_ attack: Attack) async throws {
    let handler = TestHandler()
    try await withHTTP2Peers(handler) { server, client in
      let address = try TCPAddress("127.0.0.1", UInt16(server.port)).require("no address")
      let attacker = try RawConnection(to: address, timeout: .milliseconds(300))
      var buffer = ByteBuffer(string: RawHTTP2Connection.preface)
      RawFrame.settings.write(to: &buffer)
      RawFrame(.settings, flags: RawFrame.acknowledgement).write(to: &buffer)
      for frame in attack.frames { frame.write(to: &buffer) }
      let bytes = Array(buffer.readableBytesView)
      // It fails as soon as the server has had enough.
      async let sending: Void? = try? attacker.send(bytes)
      for index in 0..<50 {
        let response = try await client.exchange("/unary", body: ByteBuffer(integer: index))
        #expect(response.body == ByteBuffer(integer: index))
      }
      _ = await sending
      if let refusal = attack.refusal {
        try #require(await eventually { server.statistics.count(of: refusal) == 1 }, "refused")
      }
      let after = try await client.exchange("/unary", body: ByteBuffer(string: "after"))
      #expect(after.status == 200)
      // Kept at most: the windows of one connection, and a queue and a socket's buffers for each answer.
      #expect(handler.receivedByteCount.load(ordering: .relaxed) <= 9 << 20)
      #expect(handler.sentByteCount.load(ordering: .relaxed) <= 50 * (512 << 10) + 16 << 20)
      attacker.close()
      try #require(
        await eventually { server.statistics.openConnections == 1 && server.statistics.liveStreams == 0 }, "forgotten")
    }
  }

  @Test func tenThousandStreamsAtOnce() async throws {
    let count = 10_000
    var limits = HTTP2Limits()
    limits.concurrentStreamsMax = count
    let handler = TestHandler()
    try await withHTTP2Peers(handler, serverLimits: limits, clientLimits: limits) { server, client in
      _ = try await client.exchange("/unary", body: ByteBuffer(string: "x"))
      let receiver = HoldingReceiver()
      let senders = try await client.run { connection in
        let senders = (0..<count).map { _ in
          connection.begin(
            .init(method: .post, scheme: "http", authority: "a", path: "/echo"), endsHere: false, receiver: receiver)
        }
        for sender in senders { sender.send(body: ByteBuffer(string: "x")) }
        return NIOLoopBound(senders, eventLoop: connection.eventLoop)
      }
      try #require(await eventually { receiver.received.load(ordering: .relaxed) == count }, "echoed")
      #expect(server.statistics.liveStreams == count)
      try await client.run { _ in for sender in senders.value { sender.sendEnd(trailers: nil) } }
      try #require(await eventually { server.statistics.liveStreams == 0 }, "ended")
      // The server has sent the last end; the client may have some of them still to read.
      #expect(try await eventually { try await client.run { $0.streamsAvailable } == count }, "all may begin again")
    }
  }
}
