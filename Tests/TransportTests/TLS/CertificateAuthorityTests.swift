// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testbed
import Testing

@Suite(.network, .enabled(if: CertificateAuthority.isAvailable, "openssl is not installed"))
struct CertificateAuthorityTests {
  @Test func issuesCertificatesThatVerify() async throws {
    let authority = try CertificateAuthority()
    let server = try authority.issue("server", dns: ["localhost"], ips: ["::1"], uris: ["spiffe://swerve.test/a"])
    #expect(try await verify(server.certificateFile, authority).hasSuffix("OK\n"))
    let expired = try authority.issue("expired", days: -1)
    #expect(try await verify(expired.certificateFile, authority).contains("certificate has expired"))
    let selfSigned = try authority.selfSigned("alone", dns: ["localhost"])
    #expect(try await verify(selfSigned.certificateFile, authority).contains("self-signed"))
  }

  private func verify(_ file: String, _ authority: CertificateAuthority) async throws -> String {
    let result = try await ChildProcess.run("openssl", ["verify", "-CAfile", authority.certificateFile, file])
    return result.output + result.errors
  }
}
