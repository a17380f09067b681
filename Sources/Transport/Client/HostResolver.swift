// SPDX-License-Identifier: Apache-2.0

import Glibc
package import NIOCore

/// Names to addresses (getaddrinfo(3)), which blocks: never on an event loop.
package enum HostResolver {
  /// All TCP addresses of a name, in the system's order (RFC 6724), each once.
  package static func resolve(_ host: String, _ port: Int) throws(TransportError) -> [SocketAddress] {
    var hints = addrinfo()
    hints.ai_family = AF_UNSPEC
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    hints.ai_flags = AI_ADDRCONFIG
    var first: UnsafeMutablePointer<addrinfo>?
    let code = getaddrinfo(host, String(port), &hints, &first)
    guard code == 0 else {
      throw TransportError(
        .connectFailed, "cannot resolve \(host): \(String(cString: gai_strerror(code)))", isUnprocessed: true)
    }
    defer { freeaddrinfo(first) }
    var addresses: [SocketAddress] = []
    var next = first
    while let info = next?.pointee {
      if let address = Self.address(info, host), !addresses.contains(address) { addresses.append(address) }
      next = info.ai_next
    }
    guard !addresses.isEmpty else {
      throw TransportError(.connectFailed, "cannot resolve \(host): it has no address", isUnprocessed: true)
    }
    return addresses
  }

  private static func address(_ info: addrinfo, _ host: String) -> SocketAddress? {
    guard let pointer = UnsafeRawPointer(info.ai_addr) else { return nil }
    switch info.ai_family {
    case AF_INET: return SocketAddress(pointer.load(as: sockaddr_in.self), host: host)
    case AF_INET6: return SocketAddress(pointer.load(as: sockaddr_in6.self), host: host)
    default: return nil
    }
  }
}
