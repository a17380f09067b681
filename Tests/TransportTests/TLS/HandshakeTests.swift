// SPDX-License-Identifier: Apache-2.0

import NIOCore
import TestSupport
import Testbed
import Testing
import Transport

/// Our client with our server.
@Suite(.network, .enabled(if: CertificateAuthority.isAvailable, "openssl is not installed"))
struct HandshakeTests {
  let fixture: TLSFixture

  init() throws {
    fixture = try TLSFixture.shared()
  }

  @Test func carriesBytesBothWays() async throws {
    let server = try await TLSTestServer(fixture.serverContext())
    let client = try await TLSTestClient(to: server, fixture.clientContext())
    // Before the handshake is complete: it waits.
    try await client.send("hello")
    #expect(await eventually { client.witness.receivedCount == 5 })
    #expect(String(buffer: client.witness.received) == "hello")
    let session = try #require(client.witness.session)
    #expect(session.version == "TLSv1.3")
    #expect(session.cipher.hasPrefix("TLS_"))
    #expect(session.applicationProtocol == nil)
    #expect(session.certificate?.subject == "CN=server")
    #expect(session.certificate?.dnsNames == ["localhost"])
    #expect(session.certificate?.spiffeID?.description == "spiffe://swerve.test/server")
    // The server asked for none.
    #expect(try await server.first().session?.certificate == nil)
    try await client.channel.close()
    #expect(try await server.first().errors.isEmpty)
  }

  @Test(
    arguments: [
      (["h2", "http/1.1"], "h2"), (["http/1.1", "h2"], "h2"), (["http/1.1"], "http/1.1"), ([], nil),
    ] as [([String], String?)])
  func theServerChoosesTheProtocol(offered: [String], chosen: String?) async throws {
    let server = try await TLSTestServer(fixture.serverContext(), alpn: ["h2", "http/1.1"])
    let client = try await TLSTestClient(to: server, fixture.clientContext(), alpn: offered)
    #expect(try await client.outcome().get().applicationProtocol == chosen)
    #expect(try await TLSTestClient.outcome(of: server.first()).get().applicationProtocol == chosen)
  }

  @Test func withoutACommonProtocolThereIsNoConnection() async throws {
    let server = try await TLSTestServer(fixture.serverContext(), alpn: ["h2", "http/1.1"])
    let client = try await TLSTestClient(to: server, fixture.clientContext(), alpn: ["spdy/1"])
    let error = try #require(await client.failure())
    #expect(error.code == .tlsFailed)
    #expect(error.message.contains("no application protocol"))
    #expect(try await TLSTestClient.failure(of: server.first())?.message.contains("no application protocol") == true)
  }

  @Test func anAddressIsVerifiedAsOne() async throws {
    let server = try await TLSTestServer(fixture.serverContext())
    let client = try await TLSTestClient(to: server, fixture.clientContext(), serverName: "127.0.0.1")
    _ = try await client.outcome().get()
    let wrong = try await TLSTestClient(to: server, fixture.clientContext(), serverName: "127.0.0.2")
    #expect(await wrong.failure()?.message.contains("IP address mismatch") == true)
  }

  @Test func aServerOfAnotherNameIsRefused() async throws {
    let server = try await TLSTestServer(fixture.serverContext())
    let client = try await TLSTestClient(to: server, fixture.clientContext(), serverName: "collector.example")
    let error = try #require(await client.failure())
    #expect(error.code == .tlsFailed)
    #expect(error.message.hasSuffix("certificate verify failed: hostname mismatch, wanted collector.example"))
    #expect(client.witness.session == nil)
    // The other end hears of it as an alert.
    #expect(try await TLSTestClient.failure(of: server.first())?.message.contains("alert") == true)
  }

  @Test func withoutANameThereIsNothingToVerify() async throws {
    let server = try await TLSTestServer(fixture.serverContext())
    let client = try await TLSTestClient(to: server, fixture.clientContext(), serverName: nil)
    #expect(await client.failure()?.message.contains("no name") == true)
  }

  @Test func aServerOfAnUnknownAuthorityIsRefused() async throws {
    let other = try CertificateAuthority()
    let server = try await TLSTestServer(fixture.serverContext())
    let context = try TLSClientContext(TLSClientConfiguration(authorityFile: other.certificateFile))
    let client = try await TLSTestClient(to: server, context)
    #expect(await client.failure()?.message.contains("unable to get local issuer certificate") == true)
    // The system's authorities do not know it either.
    let system = try await TLSTestClient(to: server, TLSClientContext())
    #expect(await system.failure()?.message.contains("certificate verify failed") == true)
  }

  @Test func aSelfSignedServerIsRefusedUnlessTrustedOrNotVerified() async throws {
    let pair = try fixture.authority.selfSigned("alone", dns: ["localhost"])
    let server = try await TLSTestServer(
      TLSServerContext(TLSServerConfiguration(certificateFile: pair.certificateFile, keyFile: pair.keyFile)))
    let client = try await TLSTestClient(to: server, fixture.clientContext())
    #expect(await client.failure()?.message.contains("self-signed certificate") == true)
    let trusting = try await TLSTestClient(
      to: server, TLSClientContext(TLSClientConfiguration(authorityFile: pair.certificateFile)))
    #expect(try await trusting.outcome().get().certificate?.subject == "CN=alone")
    let careless = try await TLSTestClient(
      to: server, TLSClientContext(TLSClientConfiguration(verifiesPeer: false)))
    // Nothing is known of a server that is not verified.
    #expect(try await careless.outcome().get().certificate == nil)
  }

  @Test func versionsMeetOrFail() async throws {
    var configuration = fixture.serverConfiguration
    configuration.minimumVersion = .tls13
    let server = try await TLSTestServer(TLSServerContext(configuration))
    let client = try await TLSTestClient(to: server, fixture.clientContext())
    #expect(try await client.outcome().get().version == "TLSv1.3")
  }
}
