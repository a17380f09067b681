// SPDX-License-Identifier: Apache-2.0

import COpenSSL
import NIOCore

/// One end of a TLS connection, without a socket: bytes from the other end go in, bytes for it come out. Owns an SSL and
/// its memory BIOs. For one event loop.
final class OpenSSLConnection {
  enum Step {
    case done
    /// Nothing goes on until the other end has sent more.
    case needsMore
    /// The other end said that it sends nothing more (close_notify).
    case ended
    case failed(String)
  }

  private let ssl: OpaquePointer
  /// From the other end; owned by `ssl`, as is the next.
  private let incoming: OpaquePointer
  /// For the other end.
  private let outgoing: OpaquePointer
  private let context: OpenSSLContext
  /// As ALPN sends them, each after its length. Outlives `ssl`, which finds it through its ex_data.
  private let applicationProtocols: UnsafeMutableBufferPointer<UInt8>
  private let serverName: String?

  /// The most that fits into one record (RFC 8446, section 5.1).
  static let recordByteCountMax = 16384

  /// - Parameters:
  ///   - serverName: of a client: whom it wants to speak with, a DNS name or an IP address.
  ///   - alpn: in order of preference.
  ///   - checksName: the server's certificate must be for that name.
  init(
    _ context: OpenSSLContext, serverName: String? = nil, checksName: Bool = false, alpn: [String]
  ) throws(TransportError) {
    ERR_clear_error()
    // SSL_set_bio takes both over; until then they are ours to free.
    guard let ssl = SSL_new(context.pointer) else {
      throw TransportError(.tlsFailed, "TLS: \(OpenSSLErrors.take())")
    }
    guard let incoming = BIO_new(BIO_s_mem()), let outgoing = BIO_new(BIO_s_mem()) else {
      SSL_free(ssl)
      throw TransportError(.tlsFailed, "TLS: \(OpenSSLErrors.take())")
    }
    SSL_set_bio(ssl, incoming, outgoing)
    let offers = alpn.map { Array($0.utf8) }.filter { (1...255).contains($0.count) }
    let wire = offers.flatMap { [UInt8($0.count)] + $0 }
    applicationProtocols = .allocate(capacity: wire.count)
    _ = applicationProtocols.initialize(fromContentsOf: wire)
    self.ssl = ssl
    self.incoming = incoming
    self.outgoing = outgoing
    self.context = context
    self.serverName = serverName
    SSL_set_ex_data(ssl, 0, Unmanaged.passUnretained(self).toOpaque())
    switch context.role {
    case .server:
      SSL_set_accept_state(ssl)
    case .client:
      SSL_set_connect_state(ssl)
      if !wire.isEmpty { SSL_set_alpn_protos(ssl, wire, UInt32(wire.count)) }
      try nameServer(checksName: checksName)
    }
  }

  deinit {
    SSL_free(ssl)
    applicationProtocols.deallocate()
  }

  /// What the connection of `ssl` offers; nil when it does not care.
  static func applicationProtocols(of ssl: OpaquePointer?) -> UnsafeMutableBufferPointer<UInt8>? {
    guard let object = SSL_get_ex_data(ssl, 0) else { return nil }
    let own = Unmanaged<OpenSSLConnection>.fromOpaque(object).takeUnretainedValue().applicationProtocols
    return own.isEmpty ? nil : own
  }

  /// Says who is wanted (SNI, RFC 6066) and whose certificate is accepted (RFC 6125).
  private func nameServer(checksName: Bool) throws(TransportError) {
    guard var name = serverName.map({ $0[...] }), !name.isEmpty else {
      guard !checksName else {
        throw TransportError(.tlsFailed, "TLS: there is no name to verify the server's certificate with; give one")
      }
      return
    }
    guard !name.utf8.contains(0) else { throw TransportError(.tlsFailed, "TLS: the server's name holds a NUL") }
    if name.hasPrefix("["), name.hasSuffix("]") { name = name.dropFirst().dropLast() }
    if name.hasSuffix(".") { name = name.dropLast() }
    let text = String(name)
    let parameters = SSL_get0_param(ssl)
    // What is an address has no SNI. Not verified, the parameters that tell the two apart do no harm.
    if X509_VERIFY_PARAM_set1_ip_asc(parameters, text) == 1 { return }
    ERR_clear_error()
    swerve_tls_set_server_name(ssl, text)
    guard checksName else { return }
    X509_VERIFY_PARAM_set_hostflags(
      parameters, UInt32(X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT))
    guard X509_VERIFY_PARAM_set1_host(parameters, text, text.utf8.count) == 1 else {
      throw TransportError(.tlsFailed, "TLS: \(text) is no name to verify a server's certificate with")
    }
  }

  // MARK: Bytes from and for the other end

  /// Takes bytes of the other end, at most `byteCountMax`, out of the buffer.
  func receive(_ buffer: inout ByteBuffer, byteCountMax: Int) {
    buffer.readWithUnsafeReadableBytes { bytes in
      let count = min(bytes.count, byteCountMax)
      // Fails only without memory, which the next step notices: the record is cut.
      return max(0, Int(BIO_write(incoming, bytes.baseAddress, Int32(count))))
    }
  }

  /// Moves what is for the other end to the end of the buffer.
  func takeOutgoing(into buffer: inout ByteBuffer) {
    let count = BIO_ctrl_pending(outgoing)
    guard count > 0 else { return }
    buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: count) { space in
      max(0, Int(BIO_read(outgoing, space.baseAddress, Int32(count))))
    }
  }

  // MARK: Steps

  func handshake() -> Step {
    ERR_clear_error()
    let result = SSL_do_handshake(ssl)
    return result == 1 ? .done : step(after: result)
  }

  /// Decrypts what has come, at most one record, to the end of the buffer.
  func decrypt(into buffer: inout ByteBuffer) -> Step {
    ERR_clear_error()
    // No more than that comes out; room for a whole record would be wasted on small ones.
    let count = BIO_ctrl_pending(incoming) + Int(SSL_pending(ssl))
    var result: Int32 = 0
    buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: min(max(count, 256), Self.recordByteCountMax)) { space in
      result = SSL_read(ssl, space.baseAddress, Int32(clamping: space.count))
      return max(0, Int(result))
    }
    return result > 0 ? .done : step(after: result)
  }

  /// Encrypts into one record or more. Memory BIOs always have room, so that it is all or a failure.
  func encrypt(_ bytes: ByteBufferView) -> Step {
    guard !bytes.isEmpty else { return .done }
    ERR_clear_error()
    var rest = bytes
    while !rest.isEmpty {
      let result = rest.withUnsafeBytes { SSL_write(ssl, $0.baseAddress, Int32(clamping: $0.count)) }
      guard result > 0 else { return step(after: result) }
      rest = rest.dropFirst(Int(result))
    }
    return .done
  }

  /// Says that nothing more is sent (close_notify).
  func end() {
    ERR_clear_error()
    if SSL_shutdown(ssl) < 0 { ERR_clear_error() }
  }

  private func step(after result: Int32) -> Step {
    switch SSL_get_error(ssl, result) {
    case SSL_ERROR_WANT_READ, SSL_ERROR_WANT_WRITE: .needsMore
    case SSL_ERROR_ZERO_RETURN: .ended
    default: .failed(failure())
    }
  }

  /// OpenSSL's reason, and when it is the certificate, what is wrong with it.
  private func failure() -> String {
    let reason = OpenSSLErrors.take()
    let result = SSL_get_verify_result(ssl)
    guard reason.contains("certificate verify failed"), result != X509_V_OK else { return reason }
    let detail = String(cString: X509_verify_cert_error_string(result))
    return "\(reason): \(detail)\(hint(Int32(result)))"
  }

  private func hint(_ result: Int32) -> String {
    switch result {
    case X509_V_ERR_HOSTNAME_MISMATCH, X509_V_ERR_IP_ADDRESS_MISMATCH:
      serverName.map { ", wanted \($0)" } ?? ""
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN,
      X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
      "; its authority is not among those configured"
    default: ""
    }
  }

  // MARK: What was agreed on

  var session: TLSSession {
    var name: UnsafePointer<UInt8>?
    var count: UInt32 = 0
    SSL_get0_alpn_selected(ssl, &name, &count)
    return TLSSession(
      version: String(cString: SSL_get_version(ssl)),
      cipher: String(cString: SSL_CIPHER_get_name(SSL_get_current_cipher(ssl))),
      applicationProtocol: count == 0
        ? nil : String(decoding: UnsafeBufferPointer(start: name, count: Int(count)), as: UTF8.self),
      certificate: verifiedCertificate)
  }

  private var verifiedCertificate: PeerCertificate? {
    guard context.verifiesPeer, SSL_get_verify_result(ssl) == X509_V_OK else { return nil }
    return SSL_get0_peer_certificate(ssl).map(PeerCertificate.init)
  }
}
