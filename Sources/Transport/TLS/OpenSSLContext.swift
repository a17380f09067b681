// SPDX-License-Identifier: Apache-2.0

import COpenSSL
import Glibc

/// Owns an SSL_CTX. It is set up by whoever makes it and not changed afterwards, which is when OpenSSL lets any number of
/// threads make connections of it.
final class OpenSSLContext: @unchecked Sendable {
  enum Role { case server, client }

  let pointer: OpaquePointer
  let role: Role
  /// Whether the other end's certificate means anything.
  private(set) var verifiesPeer = false

  init(_ role: Role, minimumVersion: TLSVersion) throws(TransportError) {
    ERR_clear_error()
    guard let pointer = SSL_CTX_new(role == .server ? TLS_server_method() : TLS_client_method()) else {
      throw TransportError(.invalidConfiguration, "TLS cannot be set up: \(OpenSSLErrors.take())")
    }
    self.pointer = pointer
    self.role = role
    swerve_tls_harden(pointer)
    let version = minimumVersion == .tls13 ? TLS1_3_VERSION : TLS1_2_VERSION
    SSL_CTX_ctrl(pointer, SSL_CTRL_SET_MIN_PROTO_VERSION, Int(version), nil)
    // TLS 1.3 has nothing but authenticated encryption; of TLS 1.2 this is what HTTP/2 allows (RFC 9113, 9.2.2).
    SSL_CTX_set_cipher_list(pointer, "ECDHE+AESGCM:ECDHE+CHACHA20")
    SSL_CTX_set_verify_depth(pointer, Self.chainLengthMax)
    // Without it OpenSSL asks for the passphrase of an encrypted key at the terminal.
    SSL_CTX_set_default_passwd_cb(pointer) { _, _, _, _ in -1 }
  }

  deinit { SSL_CTX_free(pointer) }

  /// Certificates between the leaf and its authority.
  private static let chainLengthMax: Int32 = 8

  // MARK: Our own certificate

  func use(certificateFile: String, keyFile: String) throws(TransportError) {
    try Self.requireReadable(certificateFile)
    try Self.requireReadable(keyFile)
    ERR_clear_error()
    guard SSL_CTX_use_certificate_chain_file(pointer, certificateFile) == 1 else {
      throw Self.unusable(certificateFile, "a certificate in PEM")
    }
    guard SSL_CTX_use_PrivateKey_file(pointer, keyFile, SSL_FILETYPE_PEM) == 1,
      SSL_CTX_check_private_key(pointer) == 1
    else {
      let reason = OpenSSLErrors.take()
      if reason.contains("mismatch") {
        throw TransportError(
          .invalidConfiguration,
          "\(keyFile): the key does not belong to the certificate in \(certificateFile); replace both together")
      }
      throw Self.unusable(keyFile, "a private key in PEM, not encrypted", reason)
    }
    // A certificate of the future is accepted: clocks differ by seconds, and it comes into force by itself.
    let expiry = X509_get0_notAfter(SSL_CTX_get0_certificate(pointer))
    guard let expiry, X509_cmp_current_time(expiry) > 0 else {
      throw TransportError(
        .invalidConfiguration,
        "\(certificateFile): the certificate has expired\(expiry.map { " on " + Self.text(of: $0) } ?? ""); renew it")
    }
  }

  // MARK: The other end's

  func trust(authorityFile: String) throws(TransportError) {
    try Self.requireReadable(authorityFile)
    ERR_clear_error()
    guard SSL_CTX_load_verify_file(pointer, authorityFile) == 1 else {
      throw Self.unusable(authorityFile, "one or more certificates in PEM")
    }
    // Who is named in the file is trusted, whoever vouches for it elsewhere: bundles may hold intermediate authorities.
    X509_VERIFY_PARAM_set_flags(SSL_CTX_get0_param(pointer), UInt(X509_V_FLAG_PARTIAL_CHAIN))
  }

  func trustSystem() throws(TransportError) {
    ERR_clear_error()
    guard SSL_CTX_set_default_verify_paths(pointer) == 1 else {
      throw TransportError(
        .invalidConfiguration,
        "the system's certificate authorities: \(OpenSSLErrors.take()); install ca-certificates, or name an authority "
          + "file")
    }
  }

  func verifyServers() {
    verifiesPeer = true
    SSL_CTX_set_verify(pointer, SSL_VERIFY_PEER, nil)
  }

  /// - Parameter authorityFile: clients are told whose certificates are welcome.
  func askForCertificates(of authorityFile: String, required: Bool) throws(TransportError) {
    guard let names = SSL_load_client_CA_file(authorityFile) else {
      throw Self.unusable(authorityFile, "one or more certificates in PEM")
    }
    SSL_CTX_set_client_CA_list(pointer, names)
    verifiesPeer = true
    SSL_CTX_set_verify(pointer, SSL_VERIFY_PEER | (required ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0), nil)
    // A resumed session would carry a certificate past its expiry, and past a change of authorities.
    swerve_tls_without_tickets(pointer)
  }

  /// Chooses by ALPN what the connection offers (RFC 7301); with nothing in common the handshake fails.
  func selectsApplicationProtocol() {
    SSL_CTX_set_alpn_select_cb(
      pointer,
      { ssl, chosen, chosenLength, offered, offeredLength, _ in
        guard let own = OpenSSLConnection.applicationProtocols(of: ssl) else { return SSL_TLSEXT_ERR_NOACK }
        var start: UnsafeMutablePointer<UInt8>?
        let result = SSL_select_next_proto(
          &start, chosenLength, own.baseAddress, UInt32(own.count), offered, offeredLength)
        guard result == OPENSSL_NPN_NEGOTIATED else { return SSL_TLSEXT_ERR_ALERT_FATAL }
        chosen?.pointee = UnsafePointer(start)
        return SSL_TLSEXT_ERR_OK
      }, nil)
  }

  // MARK: Errors

  /// Says in the system's words why a file cannot be read; OpenSSL's are harder to understand.
  private static func requireReadable(_ file: String) throws(TransportError) {
    let descriptor = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      let code = errno
      let nextStep = code == ENOENT ? "check the path" : "check its permissions"
      throw TransportError(.invalidConfiguration, "\(file): \(String(cString: strerror(code))); \(nextStep)")
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw TransportError(.invalidConfiguration, "\(file): is not a regular file; name one")
    }
  }

  private static func unusable(
    _ file: String, _ expected: String, _ reason: String = OpenSSLErrors.take()
  ) -> TransportError {
    TransportError(.invalidConfiguration, "\(file): \(reason); the file must hold \(expected)")
  }

  private static func text(of time: UnsafePointer<ASN1_TIME>) -> String {
    var parts = tm()
    guard ASN1_TIME_to_tm(time, &parts) == 1 else { return "an unreadable date" }
    func padded(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return "\(parts.tm_year + 1900)-\(padded(parts.tm_mon + 1))-\(padded(parts.tm_mday)) UTC"
  }
}
