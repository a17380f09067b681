// SPDX-License-Identifier: Apache-2.0

import Testbed
import Transport

/// An authority with a certificate for a receiver on 127.0.0.1.
final class Certificates {
  let authority: CertificateAuthority
  let server: TLSServerConfiguration

  init() throws {
    authority = try CertificateAuthority()
    let pair = try authority.issue("server", dns: ["localhost"], ips: ["127.0.0.1"])
    server = TLSServerConfiguration(certificateFile: pair.certificateFile, keyFile: pair.keyFile)
  }

  /// The same, and every client has to show a certificate of the authority.
  var mutual: TLSServerConfiguration {
    var configuration = server
    configuration.clientAuthorityFile = authority.certificateFile
    configuration.clientCertificates = .required
    return configuration
  }

  /// Options of sdk-export.py for a client without a certificate, or with one.
  func options(_ client: CertificateAuthority.Pair? = nil) -> [String] {
    var options = ["--ca", authority.certificateFile]
    if let client { options += ["--cert", client.certificateFile, "--key", client.keyFile] }
    return options
  }
}
