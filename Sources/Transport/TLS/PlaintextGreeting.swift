// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// Recognises, by the first bytes of a connection, another end that does not speak TLS.
enum PlaintextGreeting {
  /// Why the other end is not understood; nil when it may be TLS.
  static func explanation(_ bytes: ByteBufferView, from role: OpenSSLContext.Role) -> String? {
    let start = bytes.prefix(while: { (0x20...0x7e).contains($0) }).prefix(16)
    switch role {
    case .server where start.starts(with: "HTTP/".utf8):
      return "the server answered in plaintext HTTP: it does not speak TLS at this port"
    case .client where start.starts(with: "PRI * HTTP/2".utf8):
      return "the client sent plaintext HTTP/2 to a TLS port; it must use TLS (https)"
    case .client where isRequestLine(start):
      return "the client sent plaintext HTTP to a TLS port; it must use TLS (https)"
    default:
      return nil
    }
  }

  /// For the people behind such a client, as other servers say it.
  static let answer = """
    HTTP/1.1 400 Bad Request\r
    Content-Type: text/plain\r
    Content-Length: \(answerBody.utf8.count)\r
    Connection: close\r
    \r
    \(answerBody)
    """
  private static let answerBody = "This port speaks TLS only: use https.\n"

  /// A method is letters before a space (RFC 9112, section 3); TLS begins with 0x16.
  private static func isRequestLine(_ start: ByteBufferView) -> Bool {
    let method = start.prefix { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }
    return method.count >= 3 && start.dropFirst(method.count).first == UInt8(ascii: " ")
  }
}
