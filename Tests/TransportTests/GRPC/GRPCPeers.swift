// SPDX-License-Identifier: Apache-2.0

import NIOPosix
import Testbed

@testable import Transport

/// Scripts/grpc-server.py and a client of ours to it. Ends with its last reference.
final class GRPCPeerServer: Sendable {
  let process: ChildProcess
  let port: Int

  /// - Parameters:
  ///   - port: 0: any.
  ///   - files: authority, certificate and key, for TLS.
  init(port: Int = 0, files: [String] = []) async throws {
    process = try PeerPython.start("grpc-server.py", of: "TransportTests", ["\(port)"] + files)
    self.port = try await process.firstNumber()
  }
}

/// A client of ours, and what it stands on.
struct GRPCTestClient {
  let http: HTTPClient
  let grpc: GRPCClient

  init(port: Int, tls: TLSClientContext? = nil, _ change: (inout GRPCClient.Configuration) -> Void = { _ in }) {
    var configuration = GRPCClient.Configuration()
    change(&configuration)
    var connection = HTTPClient.Configuration(host: "127.0.0.1", port: port, version: .http2)
    connection.tls = tls
    // What a machine with much else to do needs.
    connection.connectTimeout = .seconds(60)
    connection.requestTimeout = .seconds(60)
    http = HTTPClient(connection, group: MultiThreadedEventLoopGroup.singleton)
    grpc = GRPCClient(over: http, configuration)
  }
}
