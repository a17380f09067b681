// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import NIOCore
import Testbed
import Testing

@testable import Transport

/// What a client makes of a server's frames, right and wrong.
@Suite struct HTTP2ClientTests {
  private static let ok = RawFrame.headers(1, [(":status", "200")])

  private func goAway(_ last: UInt8, _ code: UInt8 = 0) -> RawFrame {
    RawFrame(.goAway, [0, 0, 0, last, 0, 0, 0, code])
  }

  @Test func thePrefaceIsFirstAndRequestsMayFollowAtOnce() throws {
    let server = try RawHTTP2Server(settings: nil)
    let (_, receiver) = server.begin()
    #expect(server.preface == RawHTTP2Connection.preface)
    #expect(server.frames.map(\.kind) == [.settings, .windowUpdate, .headers])
    #expect(server.client.streamsAvailable == 99)
    server.send([RawFrame(.settings, [0, 3, 0, 0, 0, 5]), .headers(1, ends: true, [(":status", "204")])])
    #expect(receiver.heads == [204])
    #expect(receiver.ends == 1)
    #expect(server.client.streamsAvailable == 5)
    #expect(server.delegate.availabilities.withLock { $0 } == [99, 5])
    server.finish()
  }

  @Test func informationalResponsesAreNotPassedOn() throws {
    let server = try RawHTTP2Server()
    let (_, receiver) = server.begin()
    server.send([.headers(1, [(":status", "103")]), Self.ok, .data(1, 5, ends: true)])
    #expect(receiver.heads == [200])
    #expect(receiver.byteCount == 5)
    #expect(receiver.ends == 1)
    server.finish()
    #expect(receiver.errors.isEmpty)
  }

  @Test func goAwaySaysWhichRequestsMayBeSentAgain() throws {
    let server = try RawHTTP2Server(settings: RawFrame(.settings, [0, 3, 0, 0, 0, 3]))
    let receivers = (0..<3).map { _ in server.begin().1 }
    server.send([goAway(3)])
    #expect(server.client.streamsAvailable == 0)
    #expect(receivers[2].errors.map(\.isUnprocessed) == [true])
    #expect(receivers[0].errors.isEmpty && receivers[1].errors.isEmpty)
    let (_, late) = server.begin()
    #expect(late.errors.map(\.isUnprocessed) == [true])
    server.send([.headers(1, ends: true, [(":status", "200")])])
    #expect(receivers[0].ends == 1)
    #expect(server.channel.isActive)
    server.send([.headers(3, ends: true, [(":status", "200")])])
    #expect(receivers[1].ends == 1)
    #expect(!server.channel.isActive)
    #expect(server.delegate.closed.withLock { $0 } == 1)
    server.finish()
  }

  @Test func requestsThatWaitForALowerLimitAreUnprocessedAfterGoAway() throws {
    let server = try RawHTTP2Server(settings: nil)
    let connection = server.channel
    connection.isWritable = false
    let receivers = (0..<3).map { _ in server.begin().1 }
    server.send([RawFrame(.settings, [0, 3, 0, 0, 0, 1]), goAway(0)])
    #expect(receivers.map(\.errors.count) == [1, 1, 1])
    #expect(receivers.allSatisfy { $0.errors.allSatisfy(\.isUnprocessed) })
    server.finish()
  }

  @Test func refusedStreamsMayBeSentAgain() throws {
    let server = try RawHTTP2Server()
    let (_, refused) = server.begin()
    let (_, cancelled) = server.begin()
    server.send([.reset(1, 7), .reset(3, 8)])
    #expect(refused.errors.map(\.code) == [.reset(.refusedStream)])
    #expect(refused.errors.map(\.isUnprocessed) == [true])
    #expect(cancelled.errors.map(\.isUnprocessed) == [false])
    #expect(server.client.streamsAvailable > 0)
    server.finish()
  }

  @Test func whatWasNeverSentMayBeSentAgain() throws {
    let server = try RawHTTP2Server()
    server.channel.isWritable = false
    let (_, receiver) = server.begin()
    server.finish()
    #expect(receiver.errors.map(\.code) == [.connectionClosed])
    #expect(receiver.errors.map(\.isUnprocessed) == [true])
  }

  @Test func whyTheServerGaveUpIsSaid() throws {
    let server = try RawHTTP2Server()
    let (_, receiver) = server.begin()
    server.send([RawFrame(.goAway, [0, 0, 0, 1, 0, 0, 0, 11] + Array("too_many_pings".utf8))])
    server.finish()
    let message = receiver.errors.first?.message ?? ""
    #expect(message.contains("too_many_pings"), "\(message)")
  }

  @Test func aLostConnectionFailsWhatIsUnderWay() throws {
    let server = try RawHTTP2Server()
    let (sender, receiver) = server.begin(endsHere: false)
    server.send([Self.ok])
    server.finish()
    #expect(receiver.errors.map(\.code) == [.connectionClosed])
    #expect(receiver.errors.map(\.isUnprocessed) == [false])
    sender.send(body: ByteBuffer(string: "late"))
    sender.sendEnd(trailers: nil)
    sender.consumed(5)
    sender.reset(.cancel)
    #expect(!sender.isWritable)
    #expect(server.delegate.closed.withLock { $0 } == 1)
    #expect(server.delegate.error.withLock { $0?.code } == .connectionClosed)
    #expect(receiver.errors.count == 1)
  }

  @Test(arguments: [
    [RawFrame.headers(1, ends: true, [("a", "b")])],
    [RawFrame.headers(1, ends: true, [(":status", "2x0")])],
    [RawFrame.headers(1, ends: true, [(":status", "200"), (":path", "/")])],
    [RawFrame.headers(1, ends: true, [(":status", "200"), ("Upper", "x")])],
    [RawFrame.headers(1, [(":status", "200"), ("content-length", "3")]), .data(1, 2, ends: true)],
    [RawFrame.headers(1, [(":status", "200")]), .headers(1, [("trailers", "without an end")])],
  ])
  func aMalformedResponseFailsItsRequestOnly(_ frames: [RawFrame]) throws {
    let server = try RawHTTP2Server()
    let (_, receiver) = server.begin()
    let (_, other) = server.begin()
    server.send(frames)
    #expect(receiver.errors.count == 1)
    #expect(receiver.ends == 0)
    server.send([.headers(3, ends: true, [(":status", "200")])])
    #expect(other.ends == 1)
    server.finish()
  }

  @Test func aHeaderListAboveTheLimitFailsItsRequest() throws {
    let server = try RawHTTP2Server()
    let (_, receiver) = server.begin()
    let fields = (0..<18).map { ("x-\($0)", String(repeating: "v", count: 1000)) }
    let block = RawFrame.block([(":status", "200")] + fields)
    server.send([
      RawFrame(.headers, stream: 1, Array(block.prefix(16384))),
      RawFrame(.continuation, flags: RawFrame.endHeaders, stream: 1, Array(block.dropFirst(16384))),
    ])
    #expect(receiver.errors.map(\.code) == [.limitExceeded])
    #expect(receiver.heads.isEmpty)
    #expect(server.statistics.count(of: .headerList) == 1)
    server.finish()
  }

  @Test(arguments: [
    RawFrame(.pushPromise, flags: 4, stream: 1, [0, 0, 0, 2] + RawFrame.block([(":method", "GET")])),
    RawFrame.data(1, 2, ends: true),
    RawFrame.headers(2, [(":status", "200")]),
    RawFrame.headers(7, [(":status", "200")]),
  ])
  func connectionError(_ frame: RawFrame) throws {
    let server = try RawHTTP2Server()
    let (_, receiver) = server.begin()
    server.send([frame])
    #expect(server.frames(.goAway).first?.payload[7] == 1)
    #expect(receiver.errors.map(\.code) == [.protocolViolation])
    #expect(!server.channel.isActive)
    server.finish()
  }

  @Test func aServerThatFloodsIsLeft() throws {
    let server = try RawHTTP2Server()
    server.send(Array(repeating: .settings, count: 200))
    #expect(server.frames(.goAway).first?.payload[7] == 0xb)
    #expect(server.statistics.count(of: .settingsFlood) == 1)
    #expect(!server.channel.isActive)
    server.finish()
  }

  @Test func keepaliveOnlyWithRequestsUnderWay() throws {
    var limits = HTTP2Limits()
    limits.keepaliveInterval = .seconds(10)
    limits.keepaliveTimeout = .seconds(5)
    let server = try RawHTTP2Server(limits: limits)
    server.advance(.seconds(100))
    #expect(server.frames(.ping).isEmpty)
    let (_, receiver) = server.begin()
    server.advance(.seconds(4))
    #expect(server.frames(.ping).count == 1)
    server.advance(.seconds(10))
    #expect(receiver.errors.map(\.code) == [.timedOut])
    #expect(server.delegate.error.withLock { $0?.code } == .timedOut)
    #expect(!server.channel.isActive)
    server.finish()
  }

  @Test func fieldsLongerThanTheServerTakesAreNotSent() throws {
    let server = try RawHTTP2Server(settings: RawFrame(.settings, [0, 6, 0, 0, 0, 100]))
    let (_, receiver) = server.begin()
    #expect(receiver.errors.map(\.code) == [.limitExceeded])
    #expect(server.frames(.headers).isEmpty)
    server.finish()
  }

  @Test func aRequestAndItsBodyArePutTogether() throws {
    let server = try RawHTTP2Server()
    let receiver = RecordingReceiver()
    let request = HTTPRequest(method: .post, scheme: "http", authority: "a", path: "/")
    let sender = server.client.begin(request, endsHere: false, receiver: receiver)
    sender.send(body: ByteBuffer(string: "a"))
    sender.send(body: ByteBuffer(string: "b"))
    sender.sendEnd(trailers: nil)
    server.run()
    let frames = server.frames.filter { $0.stream == 1 }
    #expect(frames.map(\.kind) == [.headers, .data])
    #expect(frames.last == RawFrame(.data, flags: RawFrame.endStream, stream: 1, Array("ab".utf8)))
    server.finish()
  }
}
