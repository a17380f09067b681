// SPDX-License-Identifier: Apache-2.0

import NIOCore
import Synchronization
import TestSupport
import Testbed
import Testing
import Transport

/// How a client makes, spreads and ends its connections.
@Suite(.network) struct HTTPClientConnectionTests {
  private static let hosts = ["127.0.0.1", "127.0.0.2", "127.0.0.3"]

  /// One server on each address, all on the same port, and a name that resolves to them.
  private func withServers(
    _ version: HTTPClient.Configuration.Version, _ change: (inout HTTPClient.Configuration) -> Void = { _ in },
    _ body: (HTTPClient, [TestServer], Names) async throws -> Void
  ) async throws {
    let port = Int(try FreePort.find(on: Self.hosts))
    var servers: [TestServer] = []
    for host in Self.hosts { servers.append(try await TestServer(host, port: port)) }
    let names = Names(Self.hosts)
    try await withClient(
      port,
      {
        $0.host = "servers.test"
        $0.version = version
        $0.backoff = .milliseconds(10)
        $0.resolve = { _, port throws(TransportError) in try names.resolve(port) }
        change(&$0)
      }
    ) { client in try await body(client, servers, names) }
    for server in servers { await server.stop() }
  }

  /// What the name resolves to, which tests change.
  final class Names: Sendable {
    private let hosts: Mutex<[String]>
    let lookups = Counter()

    init(_ hosts: [String]) { self.hosts = Mutex(hosts) }

    func set(_ hosts: [String]) { self.hosts.withLock { $0 = hosts } }

    func resolve(_ port: Int) throws(TransportError) -> [SocketAddress] {
      lookups.add(1)
      let addresses = hosts.withLock { $0 }.compactMap { try? SocketAddress(ipAddress: $0, port: port) }
      guard !addresses.isEmpty else { throw TransportError(.connectFailed, "the test's name has no address") }
      return addresses
    }
  }

  @Test(arguments: [HTTPClient.Configuration.Version.http1, .http2])
  func requestsAreSpreadOverAllAddresses(_ version: HTTPClient.Configuration.Version) async throws {
    try await withServers(version) { (client: HTTPClient, servers: [TestServer], names: Names) async throws in
      for _ in 0..<40 { #expect(try await client.send(.test("/hello")).head.status == .ok) }
      #expect(await eventually { client.statistics.connectionsOpened >= 3 })
      for _ in 0..<60 { _ = try await client.send(.test("/hello")) }
      for server in servers { #expect(server.handler.record.requests.count >= 10) }
      #expect(names.lookups.value == 1)
    }
  }

  @Test(arguments: [HTTPClient.Configuration.Version.http1, .http2])
  func oneServerGoneIsNotNoticed(_ version: HTTPClient.Configuration.Version) async throws {
    try await withServers(version) { (client: HTTPClient, servers: [TestServer], names: Names) async throws in
      // A server counts as gone when the client has heard of it: before, HTTP/1.1 cannot but lose a request.
      func hasConnections(_ count: ClosedRange<Int>) async -> Bool {
        await eventually { count.contains(client.statistics.connectionsOpen) }
      }
      func isServed(_ count: Int) async {
        for _ in 0..<count {
          let code = await client.code(.test("/hello"))
          #expect(code == nil)
        }
      }
      await isServed(20)
      #expect(await hasConnections(3...3))
      await servers[1].stop()
      #expect(await hasConnections(0...2))
      await isServed(50)
      names.set(["127.0.0.3"])
      await servers[0].stop()
      #expect(await hasConnections(0...1))
      await isServed(20)
    }
  }

  @Test(arguments: [HTTPClient.Configuration.Version.http1, .http2])
  func aServerThatRestartsIsFoundAgain(_ version: HTTPClient.Configuration.Version) async throws {
    let first = try await TestServer("127.0.0.1")
    let port = first.port
    try await withClient(
      port,
      {
        $0.version = version
        $0.backoff = .milliseconds(10)
      }
    ) { (client: HTTPClient) async throws in
      #expect(try await client.send(.test("/hello")).head.status == .ok)
      await first.stop()
      #expect(await eventually { client.statistics.connectionsOpen == 0 })
      #expect(await client.code(.test("/hello")) == .connectFailed)
      let second = try await TestServer("127.0.0.1", port: port)
      #expect(try await client.send(.test("/hello")).head.status == .ok, "the next attempt's result is waited for")
      #expect(client.statistics.connectionsOpened == 2)
      await second.stop()
    }
  }

  @Test(arguments: [HTTPClient.Configuration.Version.http1, .http2])
  func connectionsEndAtTheirAge(_ version: HTTPClient.Configuration.Version) async throws {
    try await withServer { (server: TestServer) async throws in
      try await withClient(
        server.port,
        {
          $0.version = version
          $0.ageMax = .milliseconds(60)
        }
      ) { (client: HTTPClient) async throws in
        let haveEnded = await eventually {
          #expect(await client.code(.test("/delay/1")) == nil)
          return client.statistics.connectionsOpened >= 3
        }
        #expect(haveEnded)
        #expect(await eventually { client.statistics.connectionsOpen <= 1 })
      }
    }
  }

  @Test(arguments: [HTTPClient.Configuration.Version.http1, .http2])
  func idleConnectionsAreClosed(_ version: HTTPClient.Configuration.Version) async throws {
    try await withServer { (server: TestServer) async throws in
      try await withClient(
        server.port,
        {
          $0.version = version
          $0.idleTimeout = .milliseconds(50)
        }
      ) { (client: HTTPClient) async throws in
        #expect(try await client.send(.test("/delay/100")).head.status == .ok, "one in use is not idle")
        #expect(await eventually { client.statistics.connectionsOpen == 0 })
        #expect(try await client.send(.test("/hello")).head.status == .ok)
      }
    }
  }

  @Test func anAddressThatDoesNotAnswerCostsItsTimeoutOnly() async throws {
    try await withServer { (server: TestServer) async throws in
      // A listener that accepts nothing, with its queue full.
      let deaf = try RawListener(on: #require(TCPAddress("127.0.0.9", UInt16(server.port))), backlog: 0)
      let filler = (0..<3).map { _ in try? RawConnection(to: deaf.address, timeout: .milliseconds(30)) }
      let names = Names(["127.0.0.9", "127.0.0.1"])
      try await withClient(
        server.port,
        {
          $0.host = "servers.test"
          // The other address needs less, also on a machine with much else to do.
          $0.connectTimeout = .seconds(2)
          $0.resolve = { _, port throws(TransportError) in try names.resolve(port) }
        }
      ) { (client: HTTPClient) async throws in
        #expect(try await client.send(.test("/hello")).head.status == .ok)
        #expect(client.statistics.connectionsFailed == 1)
      }
      _ = filler
    }
  }
}
