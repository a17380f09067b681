// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOPosix
import Synchronization
import TestSupport
import Testbed
import Testing
import Transport

/// Other ends that speak no TLS, or not to its end.
@Suite(.network, .enabled(if: CertificateAuthority.isAvailable, "openssl is not installed"))
struct HandshakeFailureTests {
  let fixture: TLSFixture

  init() throws {
    fixture = try TLSFixture.shared()
  }

  /// A plain connection to a server.
  private func plain(to port: Int) async throws -> (any Channel, Witness) {
    let witness = Witness()
    let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .channelInitializer { $0.pipeline.addHandler(witness) }
      .connect(host: "127.0.0.1", port: port).get()
    return (channel, witness)
  }

  /// A plain server that says something to whoever connects.
  private func plainServer(saying text: String) async throws -> any Channel {
    try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .childChannelInitializer { channel in
        channel.pipeline.addHandler(Speaker(text: text))
      }
      .bind(host: "127.0.0.1", port: 0).get()
  }

  @Test func plaintextHTTPIsToldSo() async throws {
    let server = try await TLSTestServer(fixture.serverContext())
    let (channel, witness) = try await plain(to: server.port)
    try await channel.writeAndFlush(ByteBuffer(string: "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"))
    let error = try await TLSTestClient.failure(of: server.first())
    #expect(error?.code == .tlsFailed)
    #expect(error?.message.contains("the client sent plaintext HTTP to a TLS port") == true)
    #expect(await eventually { witness.isInactive })
    #expect(String(buffer: witness.received).hasPrefix("HTTP/1.1 400 "))
  }

  @Test func plaintextHTTP2IsReported() async throws {
    let server = try await TLSTestServer(fixture.serverContext())
    let (channel, witness) = try await plain(to: server.port)
    try await channel.writeAndFlush(ByteBuffer(string: "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"))
    #expect(try await TLSTestClient.failure(of: server.first())?.message.contains("plaintext HTTP/2") == true)
    #expect(await eventually { witness.isInactive })
  }

  @Test func aServerOfPlaintextHTTPIsReported() async throws {
    let server = try await plainServer(saying: "HTTP/1.1 400 Bad Request\r\n\r\n")
    let client = try await TLSTestClient(toPort: server.localAddress?.port ?? 0, fixture.clientContext())
    #expect(await client.failure()?.message.contains("does not speak TLS") == true)
    try await server.close()
  }

  @Test func garbageIsRefused() async throws {
    let server = try await TLSTestServer(fixture.serverContext())
    let garbages = [
      "\u{16}\u{3}\u{1}\u{7f}garbage that is no handshake", "\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}",
      "\u{16}\u{3}\u{3}\u{0}\u{4}abcd",
    ]
    for garbage in garbages {
      let (channel, witness) = try await plain(to: server.port)
      try await channel.writeAndFlush(ByteBuffer(string: garbage))
      channel.close(mode: .output, promise: nil)
      #expect(await eventually { witness.isInactive })
    }
    for connection in server.connections {
      #expect(await TLSTestClient.failure(of: connection)?.code == .tlsFailed)
      #expect(connection.errors.count == 1)
    }
  }

  @Test func aHandshakeCutShortIsReported() async throws {
    let server = try await TLSTestServer(fixture.serverContext())
    let (channel, _) = try await plain(to: server.port)
    try await channel.close()
    let error = try await TLSTestClient.failure(of: server.first())
    #expect(error?.code == .tlsFailed)
    #expect(error?.message.contains("closed the connection during the handshake") == true)
  }

  @Test func aSlowHandshakeIsGivenUp() async throws {
    let server = try await TLSTestServer(fixture.serverContext(), handshakeTimeout: .milliseconds(150))
    // Bytes alone do not prolong it.
    let (channel, witness) = try await plain(to: server.port)
    channel.writeAndFlush(ByteBuffer(bytes: [0x16, 0x03, 0x01]), promise: nil)
    let error = try await TLSTestClient.failure(of: server.first())
    #expect(error?.code == .timedOut)
    #expect(error?.message.contains("not complete after 0.15 s") == true)
    #expect(await eventually { witness.isInactive })

    let silent = try await plainServer(saying: "")
    let client = try await TLSTestClient(
      toPort: silent.localAddress?.port ?? 0, fixture.clientContext(), handshakeTimeout: .milliseconds(150))
    let waiting = client.begin(ByteBuffer(string: "never sent"))
    #expect(await client.failure()?.code == .timedOut)
    await #expect(throws: (any Error).self) { try await waiting.get() }
    try await silent.close()
  }
}

/// Says something first.
private final class Speaker: ChannelInboundHandler, Sendable {
  typealias InboundIn = ByteBuffer
  let text: String

  init(text: String) { self.text = text }

  func channelActive(context: ChannelHandlerContext) {
    context.writeAndFlush(NIOAny(ByteBuffer(string: text)), promise: nil)
  }
}
