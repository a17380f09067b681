// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOEmbedded
import Testbed

@testable import Transport

/// A server's connection without a socket, whose client is the test, frame by frame.
final class RawHTTP2Connection {
  static let preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"

  let statistics = HTTP2Statistics()
  let handler: TestHandler
  let channel: EmbeddedChannel
  let server: HTTP2ServerHandler
  private(set) var frames: [RawFrame] = []
  private(set) var writeCount = 0
  private var unread = ByteBuffer()

  init(
    handler: TestHandler = TestHandler(), limits: HTTP2Limits = HTTP2Limits(), handshakes: Bool = true,
    drainsFirst: Bool = false
  ) throws {
    self.handler = handler
    server = HTTP2ServerHandler(
      handler: handler, peer: Transport.Peer(address: nil, version: .http2), limits: limits, statistics: statistics)
    channel = EmbeddedChannel(handler: server)
    if drainsFirst { server.drain() }
    try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
    guard handshakes else { return }
    send(text: Self.preface)
    send([.settings, RawFrame(.settings, flags: RawFrame.acknowledgement)])
  }

  var isOpen: Bool { channel.isActive }

  func send(text: String) { send(ByteBuffer(string: text)) }

  /// All of them arrive together.
  func send(_ frames: [RawFrame]) {
    var buffer = ByteBuffer()
    for frame in frames { frame.write(to: &buffer) }
    send(buffer)
  }

  func send(_ buffer: ByteBuffer) {
    _ = try? channel.writeInbound(buffer)
    channel.embeddedEventLoop.run()
    collect()
  }

  func advance(_ time: TimeAmount) {
    channel.embeddedEventLoop.advanceTime(by: time)
    collect()
  }

  func collect() {
    while let buffer = try? channel.readOutbound(as: ByteBuffer.self) {
      writeCount += 1
      unread.writeImmutableBuffer(buffer)
    }
    while let frame = RawFrame.read(from: &unread) { frames.append(frame) }
  }

  func frames(_ kind: RawFrame.Kind, stream: UInt32? = nil) -> [RawFrame] {
    frames.filter { $0.kind == kind && (stream == nil || $0.stream == stream) }
  }

  /// The code of the last GOAWAY.
  var goAwayCode: UInt8? { frames(.goAway).last?.payload[7] }
  func resetCode(_ stream: UInt32) -> UInt8? { frames(.resetStream, stream: stream).last?.payload[3] }

  /// Whether a request is still answered here.
  func answers(_ stream: UInt32) -> Bool {
    send([.request(stream, ends: true)])
    return frames(.headers, stream: stream).first?.payload.first == 0x88
  }

  /// The channel is gone, and with it what it held.
  func finish() {
    _ = try? channel.finish(acceptAlreadyClosed: true)
    channel.embeddedEventLoop.run()
  }
}
