// SPDX-License-Identifier: Apache-2.0

/// The oldest version of TLS that is accepted. Older ones than these are deprecated (RFC 8996).
public enum TLSVersion: String, Sendable {
  /// RFC 5246
  case tls12 = "1.2"
  /// RFC 8446
  case tls13 = "1.3"
}

/// How a server identifies itself, and what it asks of its clients. Files are PEM.
public struct TLSServerConfiguration: Hashable, Sendable {
  /// Whether clients show certificates.
  public enum ClientCertificates: String, Sendable {
    /// None is asked for.
    case ignored
    /// A client may show one; one that does not verify is refused.
    case optional
    /// Without one that verifies there is no connection.
    case required
  }

  /// The server's certificate, followed by those between it and its authority.
  public var certificateFile: String
  /// Its private key, not encrypted.
  public var keyFile: String
  /// The authorities that clients' certificates are verified against.
  public var clientAuthorityFile: String?
  public var clientCertificates: ClientCertificates
  public var minimumVersion: TLSVersion

  /// - Parameter clientCertificates: required when there is an authority for them, unless said otherwise.
  public init(
    certificateFile: String, keyFile: String, clientAuthorityFile: String? = nil,
    clientCertificates: ClientCertificates? = nil, minimumVersion: TLSVersion = .tls12
  ) {
    self.certificateFile = certificateFile
    self.keyFile = keyFile
    self.clientAuthorityFile = clientAuthorityFile
    self.clientCertificates = clientCertificates ?? (clientAuthorityFile == nil ? .ignored : .required)
    self.minimumVersion = minimumVersion
  }
}

/// How a client verifies servers, and identifies itself. Files are PEM.
public struct TLSClientConfiguration: Hashable, Sendable {
  /// The authorities that servers' certificates are verified against; the system's when nil.
  public var authorityFile: String?
  /// The client's own certificate, if it has one, and the private key.
  public var certificateFile: String?
  public var keyFile: String?
  /// False accepts any server, even one that is in nobody's name.
  public var verifiesPeer: Bool
  /// When there are any, the server must have a SPIFFE ID that one of them matches; its DNS names no longer matter.
  public var serverIDs: [SPIFFEPattern]
  public var minimumVersion: TLSVersion

  public init(
    authorityFile: String? = nil, certificateFile: String? = nil, keyFile: String? = nil, verifiesPeer: Bool = true,
    serverIDs: [SPIFFEPattern] = [], minimumVersion: TLSVersion = .tls12
  ) {
    self.authorityFile = authorityFile
    self.certificateFile = certificateFile
    self.keyFile = keyFile
    self.verifiesPeer = verifiesPeer
    self.serverIDs = serverIDs
    self.minimumVersion = minimumVersion
  }
}
