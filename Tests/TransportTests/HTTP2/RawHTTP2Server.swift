// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import NIOCore
import NIOEmbedded
import Testbed

@testable import Transport

/// A client's connection without a socket, whose server is the test, frame by frame.
final class RawHTTP2Server {
  let statistics = HTTP2Statistics()
  let client: HTTP2ClientHandler
  let channel: EmbeddedChannel
  let delegate = ObservingDelegate()
  private(set) var frames: [RawFrame] = []
  private(set) var preface = ""
  private var unread = ByteBuffer()

  init(limits: HTTP2Limits = HTTP2Limits(), settings: RawFrame? = .settings) throws {
    let loop = EmbeddedEventLoop()
    client = HTTP2ClientHandler(eventLoop: loop, limits: limits, statistics: statistics)
    client.delegate = delegate
    channel = EmbeddedChannel(handler: client, loop: loop)
    try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
    loop.run()
    collect()
    if let settings { send([settings, RawFrame(.settings, flags: RawFrame.acknowledgement)]) }
  }

  /// A request without a body, and what hears of it.
  func begin(endsHere: Bool = true) -> (any BodySender, RecordingReceiver) {
    let receiver = RecordingReceiver()
    let request = HTTPRequest(method: .post, scheme: "http", authority: "a", path: "/")
    let sender = client.begin(request, endsHere: endsHere, receiver: receiver)
    run()
    return (sender, receiver)
  }

  func run() {
    channel.embeddedEventLoop.run()
    collect()
  }

  func advance(_ time: TimeAmount) {
    channel.embeddedEventLoop.advanceTime(by: time)
    collect()
  }

  func send(_ frames: [RawFrame]) {
    var buffer = ByteBuffer()
    for frame in frames { frame.write(to: &buffer) }
    _ = try? channel.writeInbound(buffer)
    run()
  }

  private func collect() {
    while let buffer = try? channel.readOutbound(as: ByteBuffer.self) { unread.writeImmutableBuffer(buffer) }
    if preface.isEmpty { preface = unread.readString(length: RawHTTP2Connection.preface.utf8.count) ?? "" }
    while let frame = RawFrame.read(from: &unread) { frames.append(frame) }
  }

  func frames(_ kind: RawFrame.Kind) -> [RawFrame] { frames.filter { $0.kind == kind } }

  func finish() {
    _ = try? channel.finish(acceptAlreadyClosed: true)
    run()
  }
}

/// Writes down what it hears.
final class RecordingReceiver: ResponseReceiver {
  private(set) var heads: [Int] = []
  private(set) var byteCount = 0
  private(set) var ends = 0
  private(set) var errors: [TransportError] = []

  func receive(head: HTTPResponse) { heads.append(head.status.code) }
  func receive(body: ByteBuffer) { byteCount += body.readableBytes }
  func receiveEnd(trailers: HTTPFields?) { ends += 1 }
  func fail(_ error: TransportError) { errors.append(error) }
}
