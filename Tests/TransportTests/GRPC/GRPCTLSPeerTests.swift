// SPDX-License-Identifier: Apache-2.0

import NIOCore
import TestSupport
import Testbed
import Testing

@testable import Transport

/// grpcio over TLS, both ways, each end with a certificate.
@Suite(
  .network,
  .enabled(if: PeerPython.hasTelemetrySDK, "\(PeerPython.missingSDK)"),
  .enabled(if: CertificateAuthority.isAvailable, "openssl is not installed"))
struct GRPCTLSPeerTests {
  @Test func theServerSeesTheClientsSPIFFEID() async throws {
    let authority = try CertificateAuthority()
    // Its files go with it.
    defer { withExtendedLifetime(authority) {} }
    let ours = try authority.issue("server", ips: ["127.0.0.1"])
    let theirs = try authority.issue("client", uris: ["spiffe://swerve.test/agent"])
    let server = GRPCEchoServer(
      tls: try TLSServerContext(
        TLSServerConfiguration(
          certificateFile: ours.certificateFile, keyFile: ours.keyFile, clientAuthorityFile: authority.certificateFile))
    )
    let port = try await server.start()
    let output = try await PeerPython.run(
      "grpc-tls-client.py", of: "TransportTests",
      ["\(port)", authority.certificateFile, theirs.certificateFile, theirs.keyFile])
    #expect(output == "spiffe://swerve.test/agent\n")
    await server.drain()
  }

  @Test func theClientShowsItsCertificate() async throws {
    let authority = try CertificateAuthority()
    // Its files go with it.
    defer { withExtendedLifetime(authority) {} }
    let theirs = try authority.issue("server", ips: ["127.0.0.1"])
    let ours = try authority.issue("client", dns: ["agent.swerve.test"])
    let server = try await GRPCPeerServer(
      files: [authority.certificateFile, theirs.certificateFile, theirs.keyFile])
    let client = GRPCTestClient(
      port: server.port,
      tls: try TLSClientContext(
        TLSClientConfiguration(
          authorityFile: authority.certificateFile, certificateFile: ours.certificateFile, keyFile: ours.keyFile)))
    let response = try await client.grpc.unary("/test.Echo/peer", ByteBuffer(), timeout: .seconds(20))
    #expect(String(buffer: response.message).contains("agent.swerve.test"))
    await client.http.shutdown()
  }
}
