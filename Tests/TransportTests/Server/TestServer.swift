// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOPosix
import Testbed
import Testing
import Transport

/// A server of our own on a port of its own, with ``PathHandler`` behind it.
final class TestServer: Sendable {
  let server: HTTPServer
  let handler: PathHandler
  let port: Int

  init(
    _ host: String = "127.0.0.1", port: Int = 0, _ change: (inout ServerConfiguration) -> Void = { _ in }
  ) async throws {
    var configuration = ServerConfiguration(host: host, port: port)
    // What a machine with much else to do needs; tests of the limits set their own.
    configuration.detectionTimeout = .seconds(60)
    configuration.http1.headTimeout = .seconds(60)
    configuration.http1.bodyTimeout = .seconds(60)
    configuration.http2.closeTimeout = .seconds(60)
    change(&configuration)
    handler = PathHandler()
    server = HTTPServer(configuration, handler: handler, group: MultiThreadedEventLoopGroup.singleton)
    self.port = try #require(try await server.start().first?.port)
  }

  func connect(timeout: Duration = .seconds(30)) throws -> RawConnection {
    try RawConnection(to: #require(TCPAddress("127.0.0.1", UInt16(port))), timeout: timeout)
  }

  /// Sends bytes and reads until the server ends the connection or stays silent.
  func talk(_ bytes: String, halfCloses: Bool = false) throws -> String {
    let connection = try connect()
    try connection.send(Array(bytes.utf8))
    if halfCloses { try connection.shutdown() }
    return try connection.rest()
  }

  /// Waits until no connection is open.
  func isEmpty() async -> Bool {
    await eventually { self.server.connectionsOpen == 0 }
  }

  func stop() async { await server.drain(within: .milliseconds(500)) }
}

extension RawConnection {
  /// Everything up to the end.
  func rest() throws -> String {
    var all: [UInt8] = []
    while true {
      let part = try receive()
      if part.isEmpty { return String(decoding: all, as: UTF8.self) }
      all += part
    }
  }

  /// What comes until it ends with `end`.
  func receive(until end: String) throws -> String {
    var all = ""
    while !all.hasSuffix(end) {
      let part = try receive()
      if part.isEmpty { break }
      all += String(decoding: part, as: UTF8.self)
    }
    return all
  }
}

/// Starts a test's server and stops it when the test is over.
func withServer<Result>(
  _ change: (inout ServerConfiguration) -> Void = { _ in }, _ body: (TestServer) async throws -> Result
) async throws -> Result {
  let server = try await TestServer("127.0.0.1", change)
  do {
    let result = try await body(server)
    await server.stop()
    return result
  } catch {
    await server.stop()
    throw error
  }
}
