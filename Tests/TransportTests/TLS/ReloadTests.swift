// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testbed
import Testing
import Transport

/// Certificates are renewed under a running server.
@Suite(.network, .enabled(if: CertificateAuthority.isAvailable, "openssl is not installed"))
struct ReloadTests {
  let directory: TemporaryDirectory
  let authority: CertificateAuthority
  let configuration: TLSServerConfiguration

  /// As Kubernetes lays a secret out: files are links through `..data`, which is swapped.
  init() throws {
    directory = try TemporaryDirectory(named: "reload")
    authority = try CertificateAuthority(in: directory)
    configuration = TLSServerConfiguration(
      certificateFile: "\(directory.path)/tls.crt", keyFile: "\(directory.path)/tls.key")
    try publish(authority.issue("first", dns: ["localhost"]), as: "..1")
    for name in ["tls.crt", "tls.key"] { try link("\(directory.path)/\(name)", to: "..data/\(name)") }
  }

  private func link(_ path: String, to target: String) throws {
    try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: target)
  }

  private func publish(_ pair: CertificateAuthority.Pair, as version: String) throws {
    let files = FileManager.default
    let path = "\(directory.path)/\(version)"
    try files.createDirectory(atPath: path, withIntermediateDirectories: false)
    try files.copyItem(atPath: pair.certificateFile, toPath: "\(path)/tls.crt")
    try files.copyItem(atPath: pair.keyFile, toPath: "\(path)/tls.key")
    try link("\(directory.path)/..new", to: version)
    #expect(rename("\(directory.path)/..new", "\(directory.path)/..data") == 0)
  }

  private func subject(seenFrom client: TLSTestClient) async throws -> String? {
    try await client.outcome().get().certificate?.subject
  }

  @Test func newConnectionsGetTheNewCertificateAndOldOnesGoOn() async throws {
    let context = try TLSServerContext(configuration)
    #expect(try !context.reloadIfChanged())
    let server = try await TLSTestServer(context)
    let trusting = try TLSClientContext(TLSClientConfiguration(authorityFile: authority.certificateFile))
    let old = try await TLSTestClient(to: server, trusting)
    #expect(try await subject(seenFrom: old) == "CN=first")

    try publish(authority.issue("second", dns: ["localhost"]), as: "..2")
    #expect(try context.reloadIfChanged())
    #expect(try !context.reloadIfChanged())
    let new = try await TLSTestClient(to: server, trusting)
    #expect(try await subject(seenFrom: new) == "CN=second")
    try await old.send("still here")
    #expect(await eventually { old.witness.receivedCount == 10 })
  }

  @Test func badFilesLeaveTheOldOnesInForceUntilTheyAreRight() async throws {
    let context = try TLSServerContext(configuration)
    let server = try await TLSTestServer(context)
    let trusting = try TLSClientContext(TLSClientConfiguration(authorityFile: authority.certificateFile))
    let second = try authority.issue("second", dns: ["localhost"])
    let third = try authority.issue("third", dns: ["localhost"])
    // Half of a renewal, as a reader in between sees it.
    try publish((second.certificateFile, third.keyFile), as: "..2")
    for _ in 1...2 {
      let error = #expect(throws: TransportError.self) { try context.reloadIfChanged() }
      #expect(error?.message.contains("the key does not belong to the certificate") == true)
    }
    let client = try await TLSTestClient(to: server, trusting)
    #expect(try await subject(seenFrom: client) == "CN=first")
    try FileManager.default.removeItem(atPath: "\(directory.path)/..data")
    #expect(throws: TransportError.self) { try context.reloadIfChanged() }
    try publish(third, as: "..3")
    #expect(try context.reloadIfChanged())
    let later = try await TLSTestClient(to: server, trusting)
    #expect(try await subject(seenFrom: later) == "CN=third")
  }

  @Test func aClientTrustsAnAuthorityThatIsAdded() async throws {
    let other = try CertificateAuthority()
    let bundle = try directory.write("bundle.pem", String(contentsOfFile: other.certificateFile, encoding: .utf8))
    let context = try TLSClientContext(TLSClientConfiguration(authorityFile: bundle))
    let server = try await TLSTestServer(TLSServerContext(configuration))
    #expect(await (try TLSTestClient(to: server, context)).failure() != nil)
    let both = try [other.certificateFile, authority.certificateFile].map {
      try String(contentsOfFile: $0, encoding: .utf8)
    }
    _ = try directory.write("bundle.pem", both.joined())
    #expect(try context.reloadIfChanged())
    _ = try await TLSTestClient(to: server, context).outcome().get()
  }
}
