// SPDX-License-Identifier: Apache-2.0

import NIOCore
import TestSupport
import Testbed
import Testing
import Transport

@Suite(.network, .enabled(if: CertificateAuthority.isAvailable, "openssl is not installed"))
struct ClientCertificateTests {
  private static let id = "spiffe://swerve.test/ns/default/sa/agent"

  let fixture: TLSFixture
  let clients: CertificateAuthority
  let client: CertificateAuthority.Pair

  init() throws {
    fixture = try TLSFixture.shared()
    clients = try CertificateAuthority()
    client = try clients.issue("agent", dns: ["agent.test", "agent"], uris: [Self.id])
  }

  private func server(_ asked: TLSServerConfiguration.ClientCertificates) async throws -> TLSTestServer {
    var configuration = fixture.serverConfiguration
    configuration.clientAuthorityFile = clients.certificateFile
    configuration.clientCertificates = asked
    return try await TLSTestServer(TLSServerContext(configuration))
  }

  private func context(_ pair: CertificateAuthority.Pair?, ids: [String] = []) throws -> TLSClientContext {
    try TLSClientContext(
      TLSClientConfiguration(
        authorityFile: fixture.authority.certificateFile, certificateFile: pair?.certificateFile,
        keyFile: pair?.keyFile, serverIDs: ids.map { try SPIFFEPattern($0) }))
  }

  @Test(arguments: [TLSServerConfiguration.ClientCertificates.optional, .required])
  func theServerLearnsWhoTheClientIs(asked: TLSServerConfiguration.ClientCertificates) async throws {
    let server = try await server(asked)
    let client = try await TLSTestClient(to: server, context(client))
    _ = try await client.outcome().get()
    let certificate = try await TLSTestClient.outcome(of: server.first()).get().certificate
    #expect(certificate?.subject == "CN=agent")
    #expect(certificate?.dnsNames == ["agent.test", "agent"])
    #expect(certificate?.uris == [Self.id])
    #expect(certificate?.spiffeID == (try SPIFFEID(Self.id)))
    try await client.send("x")
    #expect(await eventually { client.witness.receivedCount == 1 })
  }

  @Test func onlyARequiredCertificateMustBeThere() async throws {
    let optional = try await server(.optional)
    let anonymous = try await TLSTestClient(to: optional, context(nil))
    _ = try await anonymous.outcome().get()
    let session = try await TLSTestClient.outcome(of: optional.first()).get()
    #expect(session.certificate == nil)

    let required = try await server(.required)
    let refused = try await TLSTestClient(to: required, context(nil))
    let error = try await TLSTestClient.failure(of: required.first())
    #expect(error?.message.contains("peer did not return a certificate") == true)
    #expect(try await required.first().session == nil)
    // With TLS 1.3 the client learns after its handshake.
    #expect(await refused.failure()?.message.contains("certificate required") == true)
  }

  @Test(arguments: [TLSServerConfiguration.ClientCertificates.optional, .required])
  func aCertificateOfAnotherAuthorityIsRefused(asked: TLSServerConfiguration.ClientCertificates) async throws {
    let server = try await server(asked)
    let stranger = try fixture.authority.issue("stranger-\(asked)", uris: [Self.id])
    let client = try await TLSTestClient(to: server, context(stranger))
    let error = try await TLSTestClient.failure(of: server.first())
    let message = error?.message ?? ""
    #expect(message.contains("certificate verify failed: unable to get local issuer certificate"), "\(message)")
    #expect(await client.failure()?.message.contains("unknown ca") == true)
  }

  @Test func aCertificateForServersIsNoneForClients() async throws {
    let server = try await server(.required)
    let pair = try clients.issue("server-only", purposes: "serverAuth")
    let client = try await TLSTestClient(to: server, context(pair))
    let error = try await TLSTestClient.failure(of: server.first())
    #expect(error?.message.contains("unsuitable certificate purpose") == true)
    _ = await client.failure()
  }

  @Test func aServerIsVerifiedByItsSPIFFEID() async throws {
    let server = try await TLSTestServer(fixture.serverContext())
    // Its name no longer matters.
    let client = try await TLSTestClient(to: server, context(nil, ids: ["spiffe://swerve.test/*"]), serverName: "x")
    #expect(try await client.outcome().get().certificate?.spiffeID?.path == "/server")
    let other = try await TLSTestClient(
      to: server, context(nil, ids: ["spiffe://swerve.test/other", "spiffe://else/*"]), serverName: nil)
    let error = try #require(await other.failure())
    #expect(error.message.contains("spiffe://swerve.test/server, wanted spiffe://swerve.test/other, spiffe://else/*"))
    #expect(other.witness.session == nil)
  }

  @Test func aChainLeadsToTheAuthority() async throws {
    let server = try await server(.required)
    let intermediate = try CertificateAuthority(named: "intermediate", signedBy: clients)
    let pair = try intermediate.issue("below", uris: [Self.id])
    let client = try await TLSTestClient(to: server, context(pair))
    _ = try await client.outcome().get()
    #expect(try await TLSTestClient.outcome(of: server.first()).get().certificate?.subject == "CN=below")
  }

  @Test func anAuthorityIsNoWorkload() async throws {
    let server = try await server(.required)
    let intermediate = try CertificateAuthority(named: "signer", signedBy: clients)
    let client = try await TLSTestClient(
      to: server, context((intermediate.certificateFile, intermediate.keyFile)))
    _ = try await client.outcome().get()
    let certificate = try await TLSTestClient.outcome(of: server.first()).get().certificate
    #expect(certificate?.isAuthority == true)
    #expect(certificate?.spiffeID == nil)
  }

  @Test func twoURIsMakeNoID() async throws {
    let server = try await server(.required)
    let pair = try clients.issue("two", uris: [Self.id, Self.id + "/two"])
    let client = try await TLSTestClient(to: server, context(pair))
    _ = try await client.outcome().get()
    let certificate = try await TLSTestClient.outcome(of: server.first()).get().certificate
    #expect(certificate?.uris.count == 2)
    #expect(certificate?.spiffeID == nil)
  }

  @Test func nothingIsAskedWhenIgnored() async throws {
    let server = try await server(.ignored)
    let client = try await TLSTestClient(to: server, context(client))
    _ = try await client.outcome().get()
    #expect(try await TLSTestClient.outcome(of: server.first()).get().certificate == nil)
  }
}
