// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOEmbedded
import TestSupport
import Testbed
import Testing

@testable import Transport

/// Both ends without sockets: every byte and every turn of the clock is the test's.
@Suite(.network, .enabled(if: CertificateAuthority.isAvailable, "openssl is not installed"))
struct EmbeddedTLSTests {
  let serverContext: TLSServerContext
  let clientContext: TLSClientContext

  init() throws {
    let fixture = try TLSFixture.shared()
    serverContext = try fixture.serverContext()
    clientContext = try fixture.clientContext()
  }

  /// One end.
  private final class End {
    let handler: TLSHandler
    let witness = Witness()
    let channel: EmbeddedChannel

    init(_ handler: TLSHandler) throws {
      self.handler = handler
      channel = EmbeddedChannel(handlers: [handler, witness])
      try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 4317)).wait()
    }

    deinit { finish() }

    /// Closes the channel, which otherwise holds itself.
    func finish() {
      _ = try? channel.finish(acceptAlreadyClosed: true)
    }

    /// Everything it has for the other end.
    func takeOutput() throws -> ByteBuffer {
      var all = ByteBuffer()
      while let bytes = try channel.readOutbound(as: ByteBuffer.self) { all.writeImmutableBuffer(bytes) }
      return all
    }
  }

  private func ends() throws -> (client: End, server: End) {
    (
      try End(TLSHandler(client: clientContext, serverName: "localhost", alpn: ["h2"])),
      try End(TLSHandler(server: serverContext, alpn: ["h2"]))
    )
  }

  /// Carries bytes to and fro until neither end has any; in pieces of a size.
  private func exchange(_ client: End, _ server: End, pieceByteCount: Int = .max) throws {
    while true {
      let forth = try client.takeOutput()
      let back = try server.takeOutput()
      guard forth.readableBytes + back.readableBytes > 0 else { return }
      for (bytes, end) in [(forth, server), (back, client)] {
        var rest = bytes
        while let piece = rest.readSlice(length: min(pieceByteCount, rest.readableBytes)), piece.readableBytes > 0 {
          end.channel.pipeline.fireChannelRead(piece)
          end.channel.pipeline.fireChannelReadComplete()
        }
      }
    }
  }

  @Test(arguments: [1, 7, 100])
  func bytesMayComeInPiecesOfAnySize(pieceByteCount: Int) throws {
    let (client, server) = try ends()
    try exchange(client, server, pieceByteCount: pieceByteCount)
    #expect(client.witness.session?.applicationProtocol == "h2")
    #expect(server.witness.session?.applicationProtocol == "h2")
    client.channel.writeAndFlush(ByteBuffer(string: "hello"), promise: nil)
    try exchange(client, server, pieceByteCount: pieceByteCount)
    #expect(String(buffer: server.witness.received) == "hello")
  }

  @Test func manyRecordsMayComeAtOnce() throws {
    let (client, server) = try ends()
    try exchange(client, server)
    for number in 0..<1000 {
      client.channel.writeAndFlush(ByteBuffer(integer: UInt16(number)), promise: nil)
    }
    client.channel.writeAndFlush(ByteBuffer(repeating: 7, count: 1 << 20), promise: nil)
    try exchange(client, server)
    #expect(server.witness.receivedCount == 2000 + (1 << 20))
  }

  @Test func smallWritesShareRecords() throws {
    let (client, server) = try ends()
    try exchange(client, server)
    for _ in 0..<1000 { client.channel.write(ByteBuffer(integer: UInt8(1)), promise: nil) }
    client.channel.flush()
    let bytes = try client.takeOutput()
    // A header of 5 bytes, a type, and a tag of 16.
    #expect(bytes.readableBytes == 1000 + 22)
  }

  @Test func aBlockedChannelIsGivenNoMoreThanItTakes() throws {
    let (client, server) = try ends()
    try exchange(client, server)
    client.channel.isWritable = false
    let promise = client.channel.eventLoop.makePromise(of: Void.self)
    client.channel.writeAndFlush(ByteBuffer(repeating: 7, count: 100_000), promise: promise)
    #expect(try client.takeOutput().readableBytes == 0)
    client.channel.isWritable = true
    client.channel.pipeline.fireChannelWritabilityChanged()
    try exchange(client, server)
    #expect(server.witness.receivedCount == 100_000)
    try promise.futureResult.wait()
  }

  @Test func changedBytesAreNoticed() throws {
    let (client, server) = try ends()
    try exchange(client, server)
    client.channel.writeAndFlush(ByteBuffer(string: "hello"), promise: nil)
    var bytes = try client.takeOutput()
    let last = bytes.writerIndex - 1
    bytes.setInteger((bytes.getInteger(at: last) ?? UInt8(0)) ^ 1, at: last)
    server.channel.pipeline.fireChannelRead(bytes)
    #expect(server.witness.receivedCount == 0)
    #expect(server.witness.errors.map(\.code) == [.tlsFailed])
    #expect(server.witness.errors.first?.message.contains("bad record mac") == true)
  }

  @Test func aWriteFromAFailedPromiseDoesNoHarm() throws {
    let (client, _) = try ends()
    let promise = client.channel.eventLoop.makePromise(of: Void.self)
    let channel = client.channel
    promise.futureResult.whenFailure { _ in channel.writeAndFlush(ByteBuffer(string: "again"), promise: nil) }
    channel.writeAndFlush(ByteBuffer(string: "waits for the handshake"), promise: promise)
    channel.pipeline.fireChannelRead(ByteBuffer(string: "HTTP/1.1 400 Bad Request\r\n\r\n"))
    #expect(client.witness.errors.map(\.code) == [.tlsFailed])
    #expect(throws: TransportError.self) { try promise.futureResult.wait() }

  }

  @Test func theTimeForTheHandshakeEnds() throws {
    let (client, _) = try ends()
    client.channel.embeddedEventLoop.advanceTime(by: .seconds(9))
    #expect(client.witness.errors.isEmpty)
    client.channel.embeddedEventLoop.advanceTime(by: .seconds(1))
    #expect(client.witness.errors.map(\.code) == [.timedOut])
    #expect(!client.channel.isActive)
  }

  @Test func connectionsLeaveNothingBehind() throws {
    weak var last: OpenSSLConnection?
    var alive = 0
    for number in 0..<200 {
      let (client, server) = try ends()
      try exchange(client, server)
      #expect(server.witness.session != nil)
      let connections = [client, server].map { Weak($0.handler.connection) }
      last = server.handler.connection
      #expect(last != nil)
      // Closed by one end, cut, or merely dropped.
      switch number % 3 {
      case 0: client.channel.close(promise: nil)
      case 1: client.channel.pipeline.fireChannelInactive()
      default: break
      }
      try exchange(client, server)
      client.finish()
      server.finish()
      alive += connections.filter { $0.connection != nil }.count
    }
    #expect(alive == 0)
    #expect(last == nil)
  }

  private struct Weak {
    weak var connection: OpenSSLConnection?

    init(_ connection: OpenSSLConnection?) { self.connection = connection }
  }
}
