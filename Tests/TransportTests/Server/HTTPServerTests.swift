// SPDX-License-Identifier: Apache-2.0

import Foundation
import NIOCore
import Synchronization
import TestSupport
import Testbed
import Testing
import Transport

@Suite(.network) struct HTTPServerTests {
  @Test func connectionsBeyondTheLimitAreClosedAndCounted() async throws {
    try await withServer({ $0.connectionsMax = 2 }) { (server: TestServer) async throws in
      let first = try server.connect()
      let second = try server.connect()
      #expect(await eventually { server.server.connectionsOpen == 2 })
      let third = try server.connect()
      #expect(throws: Never.self) { try #expect(third.receive().isEmpty) }
      #expect(server.server.statistics.count(.connectionLimit) == 1)
      first.close()
      #expect(await eventually { server.server.connectionsOpen == 1 })
      #expect(try server.talk("GET /hello HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").hasSuffix("hello"))
      second.close()
    }
  }

  @Test func listensOnSeveralAddressesOfBothFamilies() async throws {
    let configuration = ServerConfiguration(addresses: [.init("127.0.0.1", 0), .init("127.0.0.2", 0), .init("::1", 0)])
    let server = HTTPServer(configuration, handler: PathHandler(), group: .one)
    let addresses = try await server.start()
    #expect(addresses.map(\.ipAddress) == ["127.0.0.1", "127.0.0.2", "::1"])
    for address in addresses {
      let (host, port) = (try #require(address.ipAddress), try #require(address.port))
      try await withClient(port, { $0.host = host }) { (client: HTTPClient) async throws in
        #expect(try await client.send(.test("/hello")).head.status == .ok)
      }
    }
    await server.drain(within: .seconds(1))
  }

  @Test func anAddressInUseIsExplained() async throws {
    try await withServer { (server: TestServer) async throws in
      let other = HTTPServer(
        ServerConfiguration(addresses: [.init("127.0.0.1", 0), .init("127.0.0.1", server.port)]),
        handler: PathHandler(), group: .one)
      let error = await #expect(throws: TransportError.self) { try await other.start() }
      #expect(error?.code == .invalidConfiguration)
      #expect(
        error?.message.contains("127.0.0.1:\(server.port)") == true && error?.message.contains("ss -ltnp") == true)
      let elsewhere = HTTPServer(.init(host: "192.0.2.1", port: 0), handler: PathHandler(), group: .one)
      #expect(
        await #expect(throws: TransportError.self) { try await elsewhere.start() }?.message.contains("no such") == true)
    }
  }

  @Test func connectionsEndAtTheAgeThatTheServerAllowsAndNothingIsLost() async throws {
    try await withServer({ $0.connectionAgeMax = .milliseconds(60) }) { (server: TestServer) async throws in
      try await withClient(server.port, { $0.version = .http2 }) { (client: HTTPClient) async throws in
        let end = ContinuousClock.now + .seconds(20)
        while server.server.statistics.connectionsAccepted < 3, ContinuousClock.now < end {
          #expect(try await client.send(.test("/delay/1")).head.status == .ok)
        }
        #expect(server.server.statistics.connectionsAccepted == 3)
      }
    }
  }

  private final class Failures: Sendable {
    private let errors = Mutex<[TransportError]>([])
    var all: [TransportError] { errors.withLock { $0 } }
    func add(_ error: TransportError) { errors.withLock { $0.append(error) } }
  }

  @Test(arguments: Wire.available) func drainsWithoutLosingWhatIsUnderWay(_ wire: Wire) async throws {
    try await wire.connect(client: { $0.connectionsMax = 4 }) { (client: HTTPClient, server: TestServer) async throws in
      let (answered, refused) = (Counter(), Counter())
      let lost = Failures()
      try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<8 {
          group.addTask {
            while refused.value == 0 && lost.all.isEmpty {
              do throws(TransportError) {
                _ = try await client.send(.test("/delay/5", .post), body: ByteBuffer(string: "x"))
                answered.add(1)
              } catch {
                if error.isUnprocessed { refused.add(1) } else { lost.add(error) }
              }
            }
          }
        }
        group.addTask {
          _ = await eventually { answered.value > 40 }
          await server.server.drain(within: .seconds(60))
        }
        try await group.waitForAll()
      }
      // HTTP/1.1 cannot tell a request that crossed the end of its idle connection from one that was lost.
      #expect(wire.isHTTP1 || lost.all.isEmpty, "\(lost.all)")
      let record = server.handler.record
      #expect(record.requests.count == answered.value, "what reached the handler was answered")
      #expect(server.server.connectionsOpen == 0 && server.server.statistics.count(.drainTimeout) == 0)
    }
  }

  @Test(arguments: Wire.available) func drainingEndsWhatTakesTooLong(_ wire: Wire) async throws {
    try await wire.connect { (client: HTTPClient, server: TestServer) async throws in
      async let code = client.code(.test("/never"))
      #expect(await eventually { server.handler.record.requests.count == 1 })
      await server.server.drain(within: .milliseconds(100))
      #expect(await code == .connectionClosed)
      #expect(server.server.statistics.count(.drainTimeout) == 1 && server.server.connectionsOpen == 0)
    }
  }

  @Test func anIdleConnectionIsClosedByTheDrain() async throws {
    try await withServer { (server: TestServer) async throws in
      let idle = try server.connect()
      let fresh = try server.connect()
      try idle.send(Array("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n".utf8))
      #expect(try idle.receive(until: "hello").hasSuffix("hello"))
      await server.server.drain(within: .seconds(2))
      #expect(try idle.receive().isEmpty && fresh.receive().isEmpty)
      #expect(throws: (any Error).self) { try server.connect() }
    }
  }

  @Test(.enabled(if: CertificateAuthority.isAvailable, "openssl is not installed"))
  func certificatesReloadUnderLoad() async throws {
    let authority = try CertificateAuthority()
    let old = try authority.issue("server", dns: ["server.test"])
    let tls = try TLSServerContext(TLSServerConfiguration(certificateFile: old.certificateFile, keyFile: old.keyFile))
    let trusting = try TLSClientContext(TLSClientConfiguration(authorityFile: authority.certificateFile))
    try await withServer({
      $0.tls = tls
      $0.reloadInterval = .milliseconds(50)
    }) { (server: TestServer) async throws in
      func configure(_ configuration: inout HTTPClient.Configuration) {
        configuration.tls = trusting
        configuration.version = .http2
      }
      try await withClient(
        server.port,
        {
          configure(&$0)
          $0.serverName = "server.test"
        }
      ) { (client: HTTPClient) async throws in
        #expect(try await client.send(.test("/hello")).head.status == .ok)
        _ = try authority.issue("server", dns: ["renewed.test"])
        try await withClient(
          server.port,
          {
            configure(&$0)
            $0.serverName = "renewed.test"
          }
        ) { (renewed: HTTPClient) async throws in
          // The files' timestamps and the interval decide when.
          #expect(await eventually { await renewed.code(.test("/hello")) == nil })
          #expect(try await renewed.send(.test("/hello")).head.status == .ok)
        }
        #expect(try await client.send(.test("/hello")).head.status == .ok)
        #expect(client.statistics.connectionsOpened == 1, "a connection goes on with what it began with")
      }
    }
  }

  @Test(.enabled(if: CertificateAuthority.isAvailable, "openssl is not installed"))
  func plaintextToATLSServerIsCounted() async throws {
    let authority = try CertificateAuthority()
    let pair = try authority.issue("server", dns: ["server.test"])
    let tls = try TLSServerContext(
      TLSServerConfiguration(certificateFile: pair.certificateFile, keyFile: pair.keyFile))
    try await withServer({ $0.tls = tls }) { (server: TestServer) async throws in
      _ = try? server.talk("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n")
      #expect(await eventually { server.server.statistics.count(.tlsFailed) == 1 })
      #expect(await server.isEmpty())
      try await withClient(server.port) { (client: HTTPClient) async throws in
        #expect(try await client.send(.test("/hello")).head.status == .badRequest, "TLS says so in plaintext")
      }
    }
  }
}
