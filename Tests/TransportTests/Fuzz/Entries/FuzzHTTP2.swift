// SPDX-License-Identifier: Apache-2.0

import NIOCore

@testable import Transport

/// Frames of a client: nothing is left when the connection is gone.
enum FuzzHTTP2Server {
  private static let preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"

  static func run(_ input: FuzzInput) {
    let statistics = HTTP2Statistics()
    let handler = FuzzHandler()
    let channel = FuzzChannel()
    let server = HTTP2ServerHandler(
      handler: handler, peer: Peer(address: nil, version: .http2), limits: FuzzHTTP2.limits(input),
      statistics: statistics)
    channel.open([server])
    let settings: [UInt8] = input.has(0) ? [] : FuzzHTTP2.settings
    channel.feed([FuzzInput.buffer(Array(preface.utf8) + settings)], gated: false)
    channel.feed(input.parts, gated: false) {
      if input.has(2) { server.drain() }
      if input.has(3) { channel.advance(.milliseconds(300)) }
    }
    FuzzHTTP2.finish(channel, input)
    handler.ledger.check()
    FuzzHTTP2.check(statistics)
  }
}

/// Frames of a server.
enum FuzzHTTP2Client {
  static func run(_ input: FuzzInput) {
    let statistics = HTTP2Statistics()
    let ledger = FuzzLedger()
    let channel = FuzzChannel()
    let client = HTTP2ClientHandler(
      eventLoop: channel.loop, limits: FuzzHTTP2.limits(input), statistics: statistics)
    channel.open([client])
    if !input.has(0) { channel.feed([FuzzInput.buffer(FuzzHTTP2.settings)], gated: false) }
    for _ in 0..<3 { FuzzClient.begin(client, ledger, input) }
    channel.run()
    channel.feed(input.parts, gated: false) {
      if client.streamsAvailable > 0, ledger.exchanges.count < 10 { FuzzClient.begin(client, ledger, input) }
    }
    if input.has(5) { client.drain() }
    FuzzHTTP2.finish(channel, input)
    ledger.check()
    FuzzHTTP2.check(statistics)
  }
}

/// What both ends have in common.
enum FuzzHTTP2 {
  /// An empty SETTINGS frame, and the acknowledgement of the other end's.
  static let settings: [UInt8] = [0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 4, 1, 0, 0, 0, 0]

  static func limits(_ input: FuzzInput) -> HTTP2Limits {
    var limits = HTTP2Limits()
    guard input.has(1) else { return limits }
    limits.concurrentStreamsMax = 2
    limits.headerListBytesMax = 300
    limits.continuationsMax = 2
    limits.streamWindowBytes = 40
    limits.connectionWindowBytes = 1 << 16
    limits.sendQueueBytesHigh = 100
    limits.sendQueueBytesLow = 10
    let rate = FrameRate(burst: 3, perSecond: 1)
    limits.resets = rate
    limits.settings = rate
    limits.pings = rate
    limits.priorities = rate
    limits.emptyData = rate
    limits.windowUpdates = rate
    limits.oversizedHeaders = rate
    return limits
  }

  static func finish(_ channel: FuzzChannel, _ input: FuzzInput) {
    if input.has(6) { channel.advance(.minutes(12)) }
    if input.has(7) { channel.endInput() }
    channel.close()
  }

  static func check(_ statistics: HTTP2Statistics) {
    precondition(statistics.openConnections == 0, "a connection is still counted")
    precondition(statistics.liveStreams == 0, "a stream is still alive")
  }
}
