// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import NIOCore
import NIOEmbedded
import Testing
import Transport

/// Which failures allow a request to be sent again, whatever it does.
struct HTTP1RetrySafetyTests {
  /// A socket that takes no bytes.
  final class Deaf: ChannelOutboundHandler {
    typealias OutboundIn = IOData

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
      promise?.fail(ChannelError.ioOnClosedChannel)
    }
  }

  final class Receiver: ResponseReceiver {
    var errors: [TransportError] = []
    func receive(head: HTTPResponse) {}
    func receive(body: ByteBuffer) {}
    func receiveEnd(trailers: HTTPFields?) {}
    func fail(_ error: TransportError) { errors.append(error) }
  }

  private func failure(behind handlers: [any ChannelHandler]) throws -> [TransportError] {
    let channel = EmbeddedChannel()
    let client = HTTP1ClientHandler(eventLoop: channel.eventLoop, headBytesMax: 1000, readAheadBytesMax: 1000)
    try channel.pipeline.syncOperations.addHandlers(handlers + client.handlers)
    try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
    #expect(client.streamsAvailable == 1)
    let receiver = Receiver()
    let sender = client.begin(.test("/", .post), endsHere: false, receiver: receiver)
    sender.sendEnd(trailers: nil)
    #expect(client.streamsAvailable == 0)
    channel.embeddedEventLoop.run()
    try channel.close().wait()
    channel.embeddedEventLoop.run()
    return receiver.errors
  }

  @Test func aHeadThatWasNotWrittenWasNotProcessed() throws {
    let errors = try failure(behind: [Deaf()])
    #expect(errors.map(\.code) == [.connectionClosed] && errors.first?.isUnprocessed == true)
  }

  @Test func aHeadThatWasWrittenMayHaveBeen() throws {
    let errors = try failure(behind: [])
    #expect(errors.map(\.code) == [.connectionClosed] && errors.first?.isUnprocessed == false)
  }

  @Test func aConnectionThatIsTakenRefuses() throws {
    let channel = EmbeddedChannel()
    let client = HTTP1ClientHandler(eventLoop: channel.eventLoop, headBytesMax: 1000, readAheadBytesMax: 1000)
    try channel.pipeline.syncOperations.addHandlers(client.handlers)
    try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
    let (first, second) = (Receiver(), Receiver())
    _ = client.begin(.test("/"), endsHere: true, receiver: first)
    _ = client.begin(.test("/"), endsHere: true, receiver: second)
    channel.embeddedEventLoop.run()
    #expect(first.errors.isEmpty)
    #expect(second.errors.map(\.isUnprocessed) == [true])
    try channel.close().wait()
  }
}
