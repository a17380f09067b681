// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOPosix
import Synchronization
import Testbed
import Transport

/// A TLS server on a port of 127.0.0.1, with a witness for each connection.
final class TLSTestServer: Sendable {
  let port: Int
  private let channel: any Channel
  private let witnesses: Connections

  /// In the order they were accepted.
  private final class Connections: Sendable {
    let all = Mutex<[Witness]>([])
  }

  init(
    _ context: TLSServerContext, alpn: [String] = [], _ behaviour: Witness.Behaviour = .echo,
    allowsHalfClosure: Bool = false, handshakeTimeout: TimeAmount = .seconds(60),
    closeTimeout: TimeAmount = .seconds(60)
  ) async throws {
    let witnesses = Connections()
    self.witnesses = witnesses
    channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelOption(.allowRemoteHalfClosure, value: allowsHalfClosure)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let witness = Witness(behaviour)
          witnesses.all.withLock { $0.append(witness) }
          let handler = TLSHandler(server: context, alpn: alpn, handshakeTimeout: handshakeTimeout)
          handler.closeTimeout = closeTimeout
          try channel.pipeline.syncOperations.addHandlers([handler, witness])
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    port = channel.localAddress?.port ?? 0
  }

  deinit { channel.close(promise: nil) }

  var connections: [Witness] { witnesses.all.withLock { $0 } }

  /// The first connection, once there is one.
  func first() async throws -> Witness {
    _ = await eventually { !connections.isEmpty }
    guard let first = connections.first else { throw TestbedError("accept", reason: "nobody came") }
    return first
  }
}

/// The client's end of a connection.
struct TLSTestClient {
  let channel: any Channel
  let witness: Witness
  /// Kept for as long as its client.
  private var server: TLSTestServer?

  init(
    to server: TLSTestServer, _ context: TLSClientContext, serverName: String? = "localhost", alpn: [String] = [],
    _ behaviour: Witness.Behaviour = .remember, allowsHalfClosure: Bool = false, autoRead: Bool = true
  ) async throws {
    try await self.init(
      toPort: server.port, context, serverName: serverName, alpn: alpn, behaviour,
      allowsHalfClosure: allowsHalfClosure, autoRead: autoRead)
    self.server = server
  }

  init(
    toPort port: Int, _ context: TLSClientContext, serverName: String? = "localhost", alpn: [String] = [],
    _ behaviour: Witness.Behaviour = .remember, allowsHalfClosure: Bool = false, autoRead: Bool = true,
    handshakeTimeout: TimeAmount = .seconds(60)
  ) async throws {
    let witness = Witness(behaviour)
    self.witness = witness
    channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .channelOption(.allowRemoteHalfClosure, value: allowsHalfClosure)
      .channelOption(.autoRead, value: autoRead)
      .connectTimeout(.seconds(60))
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let handler = TLSHandler(
            client: context, serverName: serverName, alpn: alpn, handshakeTimeout: handshakeTimeout)
          handler.closeTimeout = .seconds(60)
          try channel.pipeline.syncOperations.addHandlers([handler, witness])
        }
      }
      .connect(host: "127.0.0.1", port: port).get()
  }

  func send(_ text: String) async throws {
    try await channel.writeAndFlush(ByteBuffer(string: text))
  }

  /// Sends without waiting for it.
  func begin(_ bytes: ByteBuffer) -> EventLoopFuture<Void> {
    let promise = channel.eventLoop.makePromise(of: Void.self)
    channel.writeAndFlush(bytes, promise: promise)
    return promise.futureResult
  }

  /// What became of the handshake: its session, or the error that ended it.
  func outcome() async -> Result<TLSSession, TransportError> {
    await Self.outcome(of: witness)
  }

  static func outcome(of witness: Witness) async -> Result<TLSSession, TransportError> {
    _ = await eventually { witness.session != nil || !witness.errors.isEmpty || witness.isInactive }
    if let error = witness.errors.first { return .failure(error) }
    guard let session = witness.session else {
      return .failure(TransportError(.connectionClosed, "nothing was heard of the handshake"))
    }
    return .success(session)
  }

  /// The first error, once there is one.
  func failure() async -> TransportError? {
    await Self.failure(of: witness)
  }

  static func failure(of witness: Witness) async -> TransportError? {
    _ = await eventually { !witness.errors.isEmpty }
    return witness.errors.first
  }
}

/// An authority and a server's certificate for localhost, made once for all tests that need no others.
final class TLSFixture: Sendable {
  /// As long as any test holds it: what is static is not released at the end, and its files would stay.
  static func shared() throws -> TLSFixture {
    try current.withLock { current in
      if let fixture = current.fixture { return fixture }
      let fixture = try TLSFixture()
      current.fixture = fixture
      return fixture
    }
  }

  private struct Current { weak var fixture: TLSFixture? }
  private static let current = Mutex(Current())

  let authority: CertificateAuthority
  let server: CertificateAuthority.Pair

  private init() throws {
    authority = try CertificateAuthority()
    server = try authority.issue(
      "server", dns: ["localhost"], ips: ["127.0.0.1"], uris: ["spiffe://swerve.test/server"])
  }

  var serverConfiguration: TLSServerConfiguration {
    TLSServerConfiguration(certificateFile: server.certificateFile, keyFile: server.keyFile)
  }

  func serverContext() throws -> TLSServerContext { try TLSServerContext(serverConfiguration) }

  func clientContext() throws -> TLSClientContext {
    try TLSClientContext(TLSClientConfiguration(authorityFile: authority.certificateFile))
  }
}
