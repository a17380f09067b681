// SPDX-License-Identifier: Apache-2.0

package import NIOCore

/// `HOST:PORT` as `:authority`, `Host` and people have it: IPv6 addresses in brackets (RFC 3986, section 3.2.2).
package func hostAndPort(_ host: String, _ port: Int) -> String {
  host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
}

extension SocketAddress {
  /// The same of an address; without a port it is 0.
  package var hostAndPort: String { Transport.hostAndPort(ipAddress ?? "", port ?? 0) }
}
