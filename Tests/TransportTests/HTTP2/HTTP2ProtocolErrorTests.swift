// SPDX-License-Identifier: Apache-2.0

import NIOCore
import Testbed
import Testing

@testable import Transport

/// What RFC 9113 asks for when a peer is wrong: the stream or the connection ends, with the code it names.
@Suite struct HTTP2ProtocolErrorTests {
  private static let protocolError: UInt8 = 1
  private static let flowControlError: UInt8 = 3
  private static let streamClosed: UInt8 = 5
  private static let frameSizeError: UInt8 = 6
  private static let compressionError: UInt8 = 9

  /// Section 8.1.1: the stream ends, the connection does not, and no handler hears of it.
  @Test(arguments: [
    [(":method", "GET"), (":path", "/")],
    [(":method", "GET"), (":scheme", "http"), (":path", "")],
    [(":method", "GET"), (":method", "GET"), (":scheme", "http"), (":path", "/")],
    [(":method", "GET"), (":scheme", "http"), (":path", "/"), (":status", "200")],
    [(":method", "GET"), (":scheme", "http"), (":path", "/"), (":made-up", "x")],
    [(":method", "GET"), (":scheme", "http"), ("a", "b"), (":path", "/")],
    [(":method", "GET"), (":scheme", "http"), (":path", "/"), ("Upper", "x")],
    [(":method", "GET"), (":scheme", "http"), (":path", "/"), ("connection", "close")],
    [(":method", "GET"), (":scheme", "http"), (":path", "/"), ("te", "gzip")],
    [(":method", "GET"), (":scheme", "http"), (":path", "/"), ("a b", "x")],
    [(":method", "GET"), (":scheme", "http"), (":path", "/"), ("a", "x\r\ny: z")],
    [(":method", "GET"), (":scheme", "http"), (":path", "/"), ("a", "x\u{0}")],
    [(":method", "GET"), (":scheme", "http"), (":path", "/ a")],
    [(":method", "G T"), (":scheme", "http"), (":path", "/")],
  ])
  func malformedRequest(_ fields: [(String, String)]) throws {
    let connection = try RawHTTP2Connection()
    connection.send([.headers(1, ends: true, [(":authority", "a")] + fields)])
    #expect(connection.resetCode(1) == Self.protocolError)
    #expect(connection.handler.begun.load(ordering: .relaxed) == 0)
    #expect(connection.statistics.count(of: .malformedMessage) == 1)
    #expect(connection.answers(3))
    connection.finish()
    #expect(connection.statistics.liveStreams == 0)
  }

  @Test func aBodyUnlikeItsContentLength() throws {
    let connection = try RawHTTP2Connection()
    connection.send([.request(1, path: "/hold", [("content-length", "5")]), .data(1, 6, ends: true)])
    #expect(connection.resetCode(1) == Self.protocolError)
    #expect(connection.handler.failures.withLock { $0.count } == 1)
    #expect(connection.answers(3))
    connection.finish()
  }

  @Test func dataAfterTheEndOfAStream() throws {
    let connection = try RawHTTP2Connection()
    connection.send([.request(1, path: "/hold", ends: true), .data(1, 10)])
    #expect(connection.resetCode(1) == Self.streamClosed || connection.goAwayCode == Self.streamClosed)
    connection.finish()
  }

  @Test func dataOnAStreamThatWasReset() throws {
    let connection = try RawHTTP2Connection()
    // The peer may not have seen the reset yet: ignored, and not a reason to end the connection.
    connection.send([.request(1, path: "/reset")])
    connection.send([.data(1, 1000)])
    #expect(connection.answers(3))
    connection.finish()
  }

  @Test(arguments: [
    // Section 5.1: frames on streams that were never opened.
    (RawFrame.data(1, 10), protocolError),
    (RawFrame.reset(1), protocolError),
    (RawFrame.windowUpdate(1, 1), protocolError),
    // Section 5.1.1: a client's streams have odd numbers.
    (RawFrame.request(2), protocolError),
    (RawFrame.data(0, 10), protocolError),
    (RawFrame.headers(0, [(":method", "GET")]), protocolError),
    (RawFrame(.settings, stream: 1), protocolError),
    (RawFrame(.ping, stream: 1, Array(repeating: 0, count: 8)), protocolError),
    (RawFrame(.continuation, flags: 4, stream: 1), protocolError),
    (RawFrame(.pushPromise, flags: 4, stream: 1, [0, 0, 0, 2]), protocolError),
    // Section 6.5.2: ENABLE_PUSH, INITIAL_WINDOW_SIZE and MAX_FRAME_SIZE out of range.
    (RawFrame(.settings, [0, 2, 0, 0, 0, 2]), protocolError),
    (RawFrame(.settings, [0, 4, 0x80, 0, 0, 0]), flowControlError),
    (RawFrame(.settings, [0, 5, 0, 0, 0, 1]), protocolError),
    // Section 6.9: windows.
    (RawFrame.windowUpdate(0, 0), protocolError),
    (RawFrame.windowUpdate(0, 0x7fff_ffff), flowControlError),
    // Section 4.2: sizes.
    (RawFrame(.settings, [0, 1, 2]), frameSizeError),
    (RawFrame(.settings, flags: 1, [0, 2, 0, 0, 0, 0]), frameSizeError),
    (RawFrame(.ping, [1, 2, 3]), frameSizeError),
    (RawFrame(.windowUpdate, [1, 2, 3]), frameSizeError),
    (RawFrame(.resetStream, stream: 1, [1, 2, 3]), frameSizeError),
    (RawFrame(type: 0xf0, stream: 0, Array(repeating: 0, count: 16385)), frameSizeError),
    // Section 4.3: what HPACK cannot read.
    (RawFrame(.headers, flags: 5, stream: 1, [0xff, 0xff, 0xff, 0xff, 0xff]), compressionError),
    (RawFrame(.headers, flags: 5, stream: 1, [0x80]), compressionError),
  ])
  func connectionError(_ frame: RawFrame, _ code: UInt8) throws {
    let connection = try RawHTTP2Connection()
    connection.send([frame])
    #expect(connection.goAwayCode == code)
    #expect(connection.statistics.count(of: .protocolViolation) == 1)
    connection.send([.request(3, ends: true)])
    #expect(connection.handler.begun.load(ordering: .relaxed) == 0)
    connection.advance(.seconds(2))
    #expect(!connection.isOpen)
    connection.finish()
    #expect(connection.statistics.liveStreams == 0)
  }

  @Test func aWindowThatOverflowsEndsItsStream() throws {
    let connection = try RawHTTP2Connection()
    connection.send([.request(1, path: "/hold"), .windowUpdate(1, 0x7fff_ffff)])
    #expect(connection.resetCode(1) == Self.flowControlError)
    #expect(connection.answers(3))
    connection.finish()
  }

  @Test func moreThanTheWindowAllows() throws {
    var limits = HTTP2Limits()
    limits.streamWindowBytes = 70_000
    let connection = try RawHTTP2Connection(limits: limits)
    connection.send([.request(1, path: "/keep")] + Array(repeating: .data(1, 16_000), count: 5))
    #expect(connection.resetCode(1) == Self.flowControlError || connection.goAwayCode == Self.flowControlError)
    #expect(connection.handler.receivedByteCount.load(ordering: .relaxed) <= 70_000)
    connection.finish()
  }

  @Test func moreThanTheConnectionsWindowAllows() throws {
    let connection = try RawHTTP2Connection()
    for index in 0..<100 {
      let stream = UInt32(index * 2 + 1)
      connection.send([.request(stream, path: "/keep")] + Array(repeating: .data(stream, 16_000), count: 8))
    }
    #expect(connection.goAwayCode == Self.flowControlError)
    #expect(connection.statistics.count(of: .protocolViolation) == 1)
    #expect(connection.handler.receivedByteCount.load(ordering: .relaxed) <= 8 << 20 + 16_384)
    connection.finish()
  }

  @Test func somethingElseThanThePreface() throws {
    let connection = try RawHTTP2Connection(handshakes: false)
    connection.send(text: "GET / HTTP/1.1\r\nhost: a\r\n\r\n")
    #expect(!connection.isOpen)
    #expect(connection.statistics.count(of: .protocolViolation) == 1)
    connection.finish()
  }

  @Test func aPrefaceInPieces() throws {
    let connection = try RawHTTP2Connection(handshakes: false)
    for character in RawHTTP2Connection.preface { connection.send(text: String(character)) }
    connection.send([.settings])
    #expect(connection.answers(1))
    connection.finish()
  }

  @Test func aTruncatedPreface() throws {
    let connection = try RawHTTP2Connection(handshakes: false)
    connection.send(text: String(RawHTTP2Connection.preface.prefix(10)))
    connection.finish()
    #expect(connection.statistics.openConnections == 0)
  }

  @Test func framesInPieces() throws {
    let connection = try RawHTTP2Connection()
    var buffer = ByteBuffer()
    RawFrame.request(1, path: "/echo").write(to: &buffer)
    RawFrame.data(1, 300, ends: true).write(to: &buffer)
    while let byte = buffer.readSlice(length: 1) { connection.send(byte) }
    #expect(connection.frames(.data, stream: 1).map(\.payload.count).reduce(0, +) == 300)
    connection.finish()
  }

  @Test func everythingReadTogetherIsAnsweredByOneWrite() throws {
    let connection = try RawHTTP2Connection()
    let before = connection.writeCount
    connection.send((0..<50).map { .request(UInt32($0 * 2 + 1), ends: true) })
    #expect(connection.frames(.headers).count == 50)
    #expect(connection.writeCount == before + 1)
    connection.finish()
  }

  @Test func trailersOnlyAnswersAreOneFrame() throws {
    let connection = try RawHTTP2Connection()
    connection.send([.request(1, path: "/trailers-only", ends: true)])
    #expect(connection.frames.filter { $0.stream == 1 }.map(\.type) == [1])
    #expect(connection.frames(.headers, stream: 1).first.map { $0.flags & RawFrame.endStream } == 1)
    connection.finish()
  }

  @Test func anEarlyAnswerIsFollowedByNoError() throws {
    let connection = try RawHTTP2Connection()
    connection.send([.request(1, path: "/early")])
    #expect(connection.resetCode(1) == 0)
    connection.send([.data(1, 100), .data(1, 100, ends: true)])
    #expect(connection.answers(3))
    connection.finish()
  }
}
