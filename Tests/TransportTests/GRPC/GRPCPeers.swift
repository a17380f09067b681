// SPDX-License-Identifier: Apache-2.0

import Foundation
import NIOPosix
import Testbed

@testable import Transport

/// grpcio, in the interpreter that `make test` sets up.
enum GRPCPeers {
  static let python = ".build/peers/venv/bin/python3"
  static let missing = "grpcio is needed, in \(python); see .ci/bootstrap"
  static var isAvailable: Bool { Programs.find(python) != nil }

  static func script(_ name: String) -> String {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Scripts/\(name)").path
  }

  static func start(_ script: String, _ arguments: [String]) throws -> ChildProcess {
    try ChildProcess(python, [Self.script(script)] + arguments)
  }

  /// Waits for its end, half a minute at most.
  static func ended(_ process: ChildProcess) async -> String {
    for _ in 0..<1500 {
      if let ended = process.ended { return "\(ended)" }
      try? await Task.sleep(for: .milliseconds(20))
    }
    return "still running"
  }
}

/// Scripts/grpc-server.py and a client of ours to it. Ends with its last reference.
final class GRPCPeerServer: Sendable {
  let process: ChildProcess
  let port: Int

  /// - Parameters:
  ///   - port: 0: any.
  ///   - files: authority, certificate and key, for TLS.
  init(port: Int = 0, files: [String] = []) async throws {
    process = try GRPCPeers.start("grpc-server.py", ["\(port)"] + files)
    for _ in 0..<1000 {
      if let port = Int(process.output.split(separator: "\n").first ?? "") {
        self.port = port
        return
      }
      guard process.ended == nil else { break }
      try await Task.sleep(for: .milliseconds(20))
    }
    throw TestbedError("start grpc-server.py", reason: process.errors, nextStep: "see \(GRPCPeers.missing)")
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
    http = HTTPClient(connection, group: MultiThreadedEventLoopGroup.singleton)
    grpc = GRPCClient(over: http, configuration)
  }
}
