// SPDX-License-Identifier: Apache-2.0

/// What a TLS handshake agreed on.
public struct TLSSession: Sendable {
  /// As OpenSSL says it, for example `TLSv1.3`.
  public var version: String
  public var cipher: String
  /// The protocol chosen by ALPN (RFC 7301), for example `h2`.
  public var applicationProtocol: String?
  /// The other end's certificate, verified against the configured authorities; nil when it showed none or is not checked.
  public var certificate: PeerCertificate?

  public init(
    version: String, cipher: String, applicationProtocol: String? = nil, certificate: PeerCertificate? = nil
  ) {
    self.version = version
    self.cipher = cipher
    self.applicationProtocol = applicationProtocol
    self.certificate = certificate
  }
}

/// What is asked of a certificate (RFC 5280).
public struct PeerCertificate: Sendable {
  /// The subject's distinguished name, RFC 2253.
  public var subject: String
  public var dnsNames: [String]
  public var uris: [String]
  /// It may sign other certificates, by its basic constraints or its key usage.
  public var isAuthority: Bool

  public init(subject: String, dnsNames: [String] = [], uris: [String] = [], isAuthority: Bool = false) {
    self.subject = subject
    self.dnsNames = dnsNames
    self.uris = uris
    self.isAuthority = isAuthority
  }
}
