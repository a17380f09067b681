// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testbed
import Testing
import Transport

/// What is wrong with files is said when they are read.
@Suite(.network, .enabled(if: CertificateAuthority.isAvailable, "openssl is not installed"))
struct TLSContextTests {
  let fixture: TLSFixture
  var directory: TemporaryDirectory { fixture.authority.directory }

  init() throws {
    fixture = try TLSFixture.shared()
  }

  private func serverError(
    certificate: String? = nil, key: String? = nil, authority: String? = nil,
    _ asked: TLSServerConfiguration.ClientCertificates? = nil
  ) -> String {
    do throws(TransportError) {
      _ = try TLSServerContext(
        TLSServerConfiguration(
          certificateFile: certificate ?? fixture.server.certificateFile, keyFile: key ?? fixture.server.keyFile,
          clientAuthorityFile: authority, clientCertificates: asked))
      return "no error"
    } catch {
      return error.code == .invalidConfiguration ? error.message : "another code: \(error)"
    }
  }

  @Test func filesThatAreNotThereAreNamed() {
    #expect(serverError(certificate: "/no/such.pem") == "/no/such.pem: No such file or directory; check the path")
    #expect(serverError(key: "/no/such.pem") == "/no/such.pem: No such file or directory; check the path")
    #expect(serverError(authority: "/no/such.pem") == "/no/such.pem: No such file or directory; check the path")
    #expect(serverError(certificate: directory.path).hasSuffix(": is not a regular file; name one"))
  }

  @Test func filesThatAreNoPEMAreNamed() throws {
    let file = try directory.write("garbage.pem", "garbage\n")
    #expect(serverError(certificate: file) == "\(file): no start line; the file must hold a certificate in PEM")
    #expect(serverError(key: file).hasPrefix("\(file): "))
    #expect(serverError(key: file).hasSuffix("; the file must hold a private key in PEM, not encrypted"))
    #expect(serverError(authority: file).hasPrefix("\(file): "))
    // A key where the certificate belongs, and the other way round.
    #expect(serverError(certificate: fixture.server.keyFile).hasPrefix("\(fixture.server.keyFile): no start line"))
    #expect(serverError(key: fixture.server.certificateFile).hasPrefix("\(fixture.server.certificateFile): "))
    let empty = try directory.write("empty.pem", "")
    #expect(serverError(certificate: empty).hasPrefix("\(empty): "))
    #expect(serverError(authority: empty).hasPrefix("\(empty): "))
  }

  @Test func aKeyOfAnotherCertificateIsRefused() throws {
    let other = try fixture.authority.issue("other-key")
    #expect(
      serverError(key: other.keyFile)
        == "\(other.keyFile): the key does not belong to the certificate in \(fixture.server.certificateFile); "
        + "replace both together")
  }

  @Test func anEncryptedKeyIsRefusedWithoutAskingForAPassphrase() async throws {
    let file = "\(directory.path)/encrypted.pem"
    let result = try await ChildProcess.run(
      "openssl", ["ec", "-aes128", "-passout", "pass:secret", "-in", fixture.server.keyFile, "-out", file])
    #expect(result.isSuccess, "\(result.errors)")
    #expect(serverError(key: file).hasSuffix("; the file must hold a private key in PEM, not encrypted"))
  }

  @Test func anExpiredCertificateOfOursIsRefused() throws {
    let expired = try fixture.authority.issue("expired-own", days: -1)
    let message = serverError(certificate: expired.certificateFile, key: expired.keyFile)
    #expect(message.hasPrefix("\(expired.certificateFile): the certificate has expired on 2"))
    #expect(message.hasSuffix(" UTC; renew it"))
  }

  @Test func whatBelongsTogetherMustBeThere() {
    #expect(serverError(nil, .required).contains("no authority to verify them against"))
    #expect(serverError(nil, .optional).contains("no authority to verify them against"))
    #expect(throws: TransportError.self) {
      try TLSClientContext(TLSClientConfiguration(certificateFile: fixture.server.certificateFile))
    }
    #expect(throws: TransportError.self) {
      try TLSClientContext(
        TLSClientConfiguration(verifiesPeer: false, serverIDs: [try SPIFFEPattern("spiffe://swerve.test/*")]))
    }
    #expect(
      TLSServerConfiguration(certificateFile: "a", keyFile: "b", clientAuthorityFile: "c").clientCertificates
        == .required)
  }

  private func serverError(_ authority: String?, _ asked: TLSServerConfiguration.ClientCertificates) -> String {
    serverError(authority: authority, asked)
  }
}
