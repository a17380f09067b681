// SPDX-License-Identifier: Apache-2.0

import COpenSSL

extension PeerCertificate {
  /// Copies what is asked of a certificate.
  init(_ certificate: OpaquePointer) {
    self.init(
      subject: Self.text(of: X509_get_subject_name(certificate)),
      dnsNames: Self.names(of: certificate, type: UInt32(GEN_DNS)),
      uris: Self.names(of: certificate, type: UInt32(GEN_URI)),
      isAuthority: Self.isAuthority(certificate))
  }

  private static func isAuthority(_ certificate: OpaquePointer) -> Bool {
    let flags = X509_get_extension_flags(certificate)
    if flags & UInt32(EXFLAG_CA) != 0 { return true }
    // Without the extension every use is allowed, which `X509_get_key_usage` says with all bits.
    guard flags & UInt32(EXFLAG_KUSAGE) != 0 else { return false }
    return X509_get_key_usage(certificate) & UInt32(KU_KEY_CERT_SIGN | KU_CRL_SIGN) != 0
  }

  private static func text(of name: OpaquePointer?) -> String {
    guard let name, let memory = BIO_new(BIO_s_mem()) else { return "" }
    defer { BIO_free(memory) }
    swerve_print_name(memory, name)
    var bytes = [UInt8](repeating: 0, count: BIO_ctrl_pending(memory))
    BIO_read(memory, &bytes, Int32(clamping: bytes.count))
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func names(of certificate: OpaquePointer, type: UInt32) -> [String] {
    var names: [String] = []
    withUnsafeMutablePointer(to: &names) { names in
      swerve_visit_names(
        certificate, Int32(type),
        { names, bytes, count in
          let text = String(decoding: UnsafeBufferPointer(start: bytes, count: Int(count)), as: UTF8.self)
          names?.assumingMemoryBound(to: [String].self).pointee.append(text)
        }, names)
    }
    return names
  }
}
