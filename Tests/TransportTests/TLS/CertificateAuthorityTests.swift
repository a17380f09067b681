// SPDX-License-Identifier: Apache-2.0

import Testbed
import Testing

@Suite(.enabled(if: CertificateAuthority.isAvailable, "openssl is not installed"))
struct CertificateAuthorityTests {
  @Test func issuesCertificatesThatVerify() throws {
    let authority = try CertificateAuthority()
    let server = try authority.issue("server", dns: ["localhost"], ips: ["::1"], uris: ["spiffe://swerve.test/a"])
    #expect(try verify(server.certificateFile, authority).hasSuffix("OK\n"))
    let expired = try authority.issue("expired", days: -1)
    #expect(try verify(expired.certificateFile, authority).contains("certificate has expired"))
    let selfSigned = try authority.selfSigned("alone", dns: ["localhost"])
    #expect(try verify(selfSigned.certificateFile, authority).contains("self-signed"))
  }

  private func verify(_ file: String, _ authority: CertificateAuthority) throws -> String {
    let program = try ChildProcess("openssl", ["verify", "-CAfile", authority.certificateFile, file])
    _ = try program.wait(timeout: .seconds(10))
    return program.output + program.errors
  }
}
