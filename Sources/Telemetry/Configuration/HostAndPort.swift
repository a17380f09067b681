// SPDX-License-Identifier: Apache-2.0

/// `HOST:PORT`, with IPv6 addresses in brackets (RFC 3986, section 3.2.2).
struct HostAndPort: Hashable {
  /// Without brackets; empty in `:PORT`.
  var host: String
  var port: Int

  init?(_ text: String) {
    guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else { return nil }
    var host = text[..<colon]
    if host.hasPrefix("[") {
      guard host.hasSuffix("]") else { return nil }
      host = host.dropFirst().dropLast()
    } else if host.contains(":") {
      return nil
    }
    if host.contains(where: { $0.isWhitespace || $0 == "/" }) { return nil }
    self.host = String(host)
    self.port = Int(port)
  }
}
