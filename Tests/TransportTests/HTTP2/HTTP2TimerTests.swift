// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import NIOCore
import NIOEmbedded
import Synchronization
import Testbed
import Testing

@testable import Transport

/// Keepalive, idle connections and draining, with a clock that the test moves.
@Suite struct HTTP2TimerTests {
  private func limits(_ change: (inout HTTP2Limits) -> Void) -> HTTP2Limits {
    var limits = HTTP2Limits()
    limits.idleTimeout = nil
    limits.keepaliveInterval = nil
    change(&limits)
    return limits
  }

  @Test func aPeerThatAnswersPingsIsKept() throws {
    let connection = try RawHTTP2Connection(limits: limits { $0.keepaliveInterval = .seconds(10) })
    for _ in 0..<10 {
      connection.advance(.seconds(15))
      guard let ping = connection.frames(.ping).last else { continue }
      connection.send([RawFrame(.ping, flags: RawFrame.acknowledgement, ping.payload)])
    }
    #expect(connection.frames(.ping).count >= 9)
    #expect(connection.answers(1))
    connection.finish()
  }

  @Test func aPeerThatAnswersNoPingIsLost() throws {
    let connection = try RawHTTP2Connection(
      limits: limits {
        $0.keepaliveInterval = .seconds(10)
        $0.keepaliveTimeout = .seconds(5)
      })
    connection.send([.request(1, path: "/hold", ends: true)])
    connection.advance(.seconds(9))
    #expect(connection.frames(.ping).isEmpty)
    connection.advance(.seconds(4))
    #expect(connection.frames(.ping).count == 1)
    #expect(connection.isOpen)
    connection.advance(.seconds(6))
    #expect(!connection.isOpen)
    #expect(connection.statistics.count(of: .keepaliveTimeout) == 1)
    #expect(connection.handler.failures.withLock { $0.map(\.code) } == [.timedOut])
    connection.finish()
  }

  @Test func anIdleConnectionIsClosedWithGoAway() throws {
    let connection = try RawHTTP2Connection(limits: limits { $0.idleTimeout = .seconds(60) })
    connection.advance(.seconds(50))
    #expect(connection.answers(1))
    connection.advance(.seconds(50))
    #expect(connection.isOpen)
    connection.advance(.seconds(30))
    #expect(connection.goAwayCode == 0)
    #expect(connection.statistics.count(of: .idle) == 1)
    #expect(!connection.isOpen)
    connection.finish()
  }

  @Test func aConnectionWithAStreamIsNotIdle() throws {
    let connection = try RawHTTP2Connection(limits: limits { $0.idleTimeout = .seconds(60) })
    connection.send([.request(1, path: "/hold", ends: true)])
    connection.advance(.hours(1))
    #expect(connection.isOpen)
    connection.finish()
  }

  @Test func drainingSaysGoodbyeTwice() throws {
    let connection = try RawHTTP2Connection(limits: limits { _ in })
    connection.send([.request(1, path: "/echo")])
    connection.server.drain()
    connection.advance(.zero)
    #expect(connection.frames(.goAway).map { Array($0.payload.prefix(8)) } == [[0x7f, 0xff, 0xff, 0xff, 0, 0, 0, 0]])
    let ping = try #require(connection.frames(.ping).first)
    // Sent before the peer could know.
    connection.send([.request(3, ends: true)])
    #expect(connection.frames(.headers, stream: 3).count == 1)
    connection.send([RawFrame(.ping, flags: RawFrame.acknowledgement, ping.payload)])
    #expect(connection.frames(.goAway).last.map { Array($0.payload.prefix(8)) } == [0, 0, 0, 3, 0, 0, 0, 0])
    connection.send([.request(5, ends: true)])
    #expect(connection.frames(.headers, stream: 5).isEmpty)
    connection.advance(.seconds(5))
    #expect(connection.isOpen)
    connection.send([.data(1, 3, ends: true)])
    #expect(connection.frames(.data, stream: 1).map(\.payload.count).reduce(0, +) == 3)
    connection.advance(.seconds(2))
    #expect(!connection.isOpen)
    connection.finish()
  }

  @Test func drainingDoesNotWaitForAPeerThatSaysNothing() throws {
    let connection = try RawHTTP2Connection(limits: limits { _ in })
    connection.server.drain()
    connection.advance(.milliseconds(1100))
    #expect(connection.frames(.goAway).count == 2)
    connection.advance(.milliseconds(1100))
    #expect(!connection.isOpen)
    connection.finish()
  }

  @Test func outputStopsWhileTheChannelIsNotWritable() throws {
    let connection = try RawHTTP2Connection(limits: limits { _ in })
    connection.send([.windowUpdate(0, 1 << 30), RawFrame(.settings, [0, 4, 0x7f, 0, 0, 0])])
    connection.channel.isWritable = false
    connection.send([.request(1, method: "GET", path: "/blob?\(64 << 20)", ends: true)])
    #expect(connection.frames(.data).isEmpty)
    #expect(connection.handler.sentByteCount.load(ordering: .relaxed) <= 512 << 10)
    connection.channel.isWritable = true
    connection.channel.pipeline.fireChannelWritabilityChanged()
    connection.advance(.zero)
    #expect(connection.frames(.data).map(\.payload.count).reduce(0, +) == 64 << 20)
    connection.finish()
  }

  @Test func nothingOutlivesAConnection() throws {
    weak var handler: HTTP2ServerHandler?
    weak var client: HTTP2ClientHandler?
    do {
      let connection = try RawHTTP2Connection()
      handler = connection.server
      connection.send([.request(1, path: "/hold"), .request(3, path: "/keep"), .data(3, 100), .request(5, ends: true)])
      connection.server.drain()
      connection.finish()
      let server = try RawHTTP2Server()
      client = server.client
      _ = server.begin(endsHere: false)
      server.finish()
    }
    #expect(handler == nil)
    #expect(client == nil)
  }

  @Test func halfAConnectionIsNone() throws {
    let connection = try RawHTTP2Connection()
    connection.send([.request(1, path: "/hold", ends: true)])
    connection.channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
    connection.channel.embeddedEventLoop.run()
    #expect(!connection.isOpen)
    #expect(connection.handler.failures.withLock { $0.map(\.code) } == [.connectionClosed])
    connection.finish()
  }

  @Test func aConnectionThatDrainsBeforeItIsOpenSaysSettingsFirst() throws {
    let connection = try RawHTTP2Connection(drainsFirst: true)
    #expect(connection.frames.first?.kind == .settings)
    #expect(connection.frames(.goAway).count == 1)
    #expect(connection.answers(1))
    connection.finish()
  }
}
