// SPDX-License-Identifier: Apache-2.0

import NIOCore
import Testbed
import Testing

@testable import Transport

/// Peers that want to cost more than they pay. Each ends with GOAWAY(ENHANCE_YOUR_CALM), a count, and nothing kept.
@Suite struct HTTP2HostilePeerTests {
  private static let enhanceYourCalm: UInt8 = 0xb

  private func expectCalmed(_ connection: RawHTTP2Connection, _ refusal: HTTP2Refusal) {
    #expect(connection.goAwayCode == Self.enhanceYourCalm)
    #expect(connection.statistics.count(of: refusal) == 1)
    connection.advance(.seconds(2))
    #expect(!connection.isOpen)
    #expect(connection.statistics.openConnections == 0)
    #expect(connection.statistics.liveStreams == 0)
    connection.finish()
  }

  @Test func rapidReset() throws {
    let connection = try RawHTTP2Connection()
    for index in 0..<600 {
      let stream = UInt32(index * 2 + 1)
      connection.send([.request(stream, path: "/hold", ends: true), .reset(stream)])
    }
    #expect(connection.handler.begun.load(ordering: .relaxed) == 501)
    #expect(connection.handler.failures.withLock { $0.count } == 501)
    expectCalmed(connection, .resetFlood)
  }

  @Test func cancellingHalfOfManyRequestsIsNoFlood() throws {
    let connection = try RawHTTP2Connection()
    for index in 0..<2000 {
      let stream = UInt32(index * 4 + 1)
      connection.send([.request(stream, path: "/hold", ends: true), .reset(stream), .request(stream + 2, ends: true)])
    }
    #expect(connection.answers(9001))
    connection.finish()
  }

  /// The peer's own mistakes make the server reset (CVE-2025-8671): as good as a reset of its own.
  @Test func provokedResets() throws {
    let connection = try RawHTTP2Connection()
    for index in 0..<600 {
      let stream = UInt32(index * 2 + 1)
      connection.send([.request(stream, path: "/hold"), .windowUpdate(stream, 0x7fff_ffff)])
      if connection.goAwayCode != nil { break }
    }
    expectCalmed(connection, .resetFlood)
  }

  @Test func settingsFlood() throws {
    let connection = try RawHTTP2Connection()
    for _ in 0..<200 { connection.send([.settings]) }
    expectCalmed(connection, .settingsFlood)
  }

  @Test func pingFlood() throws {
    let connection = try RawHTTP2Connection()
    connection.send(Array(repeating: .ping(), count: 5000))
    #expect(connection.frames(.ping).count <= 110)
    expectCalmed(connection, .pingFlood)
  }

  @Test func pingsAreAnswered() throws {
    let connection = try RawHTTP2Connection()
    for index in 0..<60 {
      connection.send([.ping(UInt8(index))])
      connection.advance(.seconds(1))
    }
    #expect(connection.frames(.ping) == (0..<60).map { .ping(UInt8($0), isAnswer: true) })
    connection.finish()
  }

  @Test func emptyDataFlood() throws {
    let connection = try RawHTTP2Connection()
    connection.send([.request(1)] + Array(repeating: .data(1, 0), count: 1000))
    expectCalmed(connection, .emptyDataFlood)
  }

  @Test func priorityFlood() throws {
    let connection = try RawHTTP2Connection()
    let frame = RawFrame(.priority, stream: 3, [0, 0, 0, 1, 1])
    for _ in 0..<60 { connection.send(Array(repeating: frame, count: 10)) }
    expectCalmed(connection, .priorityFlood)
  }

  @Test func unknownFramesAreIgnored() throws {
    let connection = try RawHTTP2Connection()
    connection.send(Array(repeating: RawFrame(type: 0xf0, [1, 2, 3]), count: 1000))
    #expect(connection.answers(1))
    connection.finish()
  }

  @Test func windowUpdateFlood() throws {
    let connection = try RawHTTP2Connection()
    connection.send([.request(1)] + Array(repeating: .windowUpdate(1, 1), count: 3000))
    expectCalmed(connection, .windowUpdateFlood)
  }

  @Test func continuationFlood() throws {
    let connection = try RawHTTP2Connection()
    var frames = [RawFrame(.headers, stream: 1, RawFrame.block([(":method", "GET")]))]
    frames += Array(repeating: RawFrame(.continuation, stream: 1, RawFrame.block([("a", "b")])), count: 100)
    connection.send(frames)
    connection.advance(.seconds(2))
    #expect(connection.handler.begun.load(ordering: .relaxed) == 0)
    #expect(!connection.isOpen)
    #expect(connection.statistics.count(of: .protocolViolation) == 1)
    connection.finish()
  }

  /// One byte for each copy of a value that was sent once: 4 KiB become 30 MB.
  @Test func headerBomb() throws {
    let connection = try RawHTTP2Connection()
    var block = RawFrame.block([(":method", "GET"), (":scheme", "http"), (":path", "/")])
    block += [0x40] + RawFrame.string("bomb") + RawFrame.string(String(repeating: "x", count: 3000))
    block += Array(repeating: 0xbe, count: 10_000)
    connection.send([RawFrame(.headers, flags: 5, stream: 1, block)])
    #expect(connection.handler.begun.load(ordering: .relaxed) == 0)
    expectCalmed(connection, .headerListFlood)
  }

  @Test func aHeaderListAboveTheLimitIsAnswered431() throws {
    let connection = try RawHTTP2Connection()
    let fields = (0..<20).map { ("x-\($0)", String(repeating: "v", count: 1000)) }
    let pseudo = [(":method", "GET"), (":scheme", "http"), (":path", "/"), (":authority", "a")]
    let block = RawFrame.block(pseudo + fields)
    connection.send([
      RawFrame(.headers, flags: RawFrame.endStream, stream: 1, Array(block.prefix(16384))),
      RawFrame(.continuation, flags: RawFrame.endHeaders, stream: 1, Array(block.dropFirst(16384))),
    ])
    let answer = try #require(connection.frames(.headers, stream: 1).first)
    #expect(answer.payload.starts(with: [0x48, 3] + Array("431".utf8)))
    #expect(answer.flags & RawFrame.endStream != 0)
    #expect(connection.handler.begun.load(ordering: .relaxed) == 0)
    #expect(connection.statistics.count(of: .headerList) == 1)
    #expect(connection.answers(3))
    connection.finish()
  }

  @Test func answersNobodyReadsAreBounded() throws {
    var limits = HTTP2Limits()
    limits.pings = FrameRate(burst: 1_000_000, perSecond: 0)
    let connection = try RawHTTP2Connection(limits: limits)
    connection.channel.isWritable = false
    for _ in 0..<20 { connection.send(Array(repeating: .ping(), count: 100)) }
    #expect(connection.statistics.count(of: .acknowledgementFlood) == 1)
    #expect(!connection.isOpen)
    connection.finish()
  }

  @Test func tooManyStreamsAreRefused() throws {
    var limits = HTTP2Limits()
    limits.concurrentStreamsMax = 4
    let connection = try RawHTTP2Connection(limits: limits, handshakes: false)
    connection.send(text: RawHTTP2Connection.preface)
    // Before our SETTINGS are acknowledged the peer cannot know better.
    connection.send([.settings] + (0..<6).map { .request(UInt32($0 * 2 + 1), path: "/hold", ends: true) })
    #expect(connection.handler.begun.load(ordering: .relaxed) == 4)
    #expect(connection.resetCode(9) == 7)
    #expect(connection.resetCode(11) == 7)
    #expect(connection.statistics.count(of: .concurrentStreams) == 2)
    connection.send([.reset(1)])
    #expect(connection.answers(13))
    connection.finish()
  }

  @Test func aBodyInSingleBytesKeepsNoLargeBuffers() throws {
    let connection = try RawHTTP2Connection()
    connection.send([.request(1, path: "/keep")])
    var buffer = ByteBufferAllocator().buffer(capacity: 1 << 20)
    RawFrame.data(1, 1).write(to: &buffer)
    connection.send(buffer)
    #expect(connection.handler.storageByteCount.load(ordering: .relaxed) < 1024)
    connection.finish()
  }
}
