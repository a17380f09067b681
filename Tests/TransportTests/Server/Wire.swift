// SPDX-License-Identifier: Apache-2.0

import Testbed
import Testing
import Transport

/// The ways from a client to a server.
enum Wire: String, CaseIterable, CustomTestStringConvertible {
  case http1 = "HTTP/1.1"
  case http2 = "HTTP/2"
  case http1TLS = "HTTP/1.1 over TLS"
  case http2TLS = "HTTP/2 over TLS"

  var testDescription: String { rawValue }

  /// Those that this machine can make certificates for.
  static var available: [Wire] {
    CertificateAuthority.isAvailable ? allCases : [.http1, .http2]
  }

  var isTLS: Bool { self == .http1TLS || self == .http2TLS }
  var version: HTTPClient.Configuration.Version { self == .http1 || self == .http1TLS ? .http1 : .http2 }
  var isHTTP1: Bool { self == .http1 || self == .http1TLS }

  private struct Identity: Sendable {
    let authority: CertificateAuthority
    let server: TLSServerContext
    let client: TLSClientContext
  }

  private static let identity = Result {
    let authority = try CertificateAuthority()
    let pair = try authority.issue("server", dns: ["server.test"])
    return Identity(
      authority: authority,
      server: try TLSServerContext(
        TLSServerConfiguration(certificateFile: pair.certificateFile, keyFile: pair.keyFile)),
      client: try TLSClientContext(TLSClientConfiguration(authorityFile: authority.certificateFile)))
  }

  /// Calls `body` with a server and a client of it; both are stopped when it returns.
  func connect<Result>(
    server changeServer: (inout ServerConfiguration) -> Void = { _ in },
    client changeClient: (inout HTTPClient.Configuration) -> Void = { _ in },
    _ body: (HTTPClient, TestServer) async throws -> Result
  ) async throws -> Result {
    let identity = isTLS ? try Self.identity.get() : nil
    return try await withServer {
      $0.tls = identity?.server
      changeServer(&$0)
    } _: { server in
      try await withClient(server.port) {
        $0.version = version
        $0.tls = identity?.client
        $0.serverName = "server.test"
        changeClient(&$0)
      } _: { client in
        try await body(client, server)
      }
    }
  }
}
