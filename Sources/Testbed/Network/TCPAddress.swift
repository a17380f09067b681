// SPDX-License-Identifier: Apache-2.0

import Glibc

/// An IPv4 or IPv6 address and a port, as text: "127.0.0.1:80", "[::1]:80".
public struct TCPAddress: Hashable, Sendable, Codable, CustomStringConvertible {
  /// Without brackets.
  public let host: String
  public let port: UInt16

  /// Nil when the host is not a numeric address: names are never looked up, so that nothing leaves the machine.
  public init?(_ host: String, _ port: UInt16) {
    var octets = in6_addr()
    guard inet_pton(host.contains(":") ? AF_INET6 : AF_INET, host, &octets) == 1 else { return nil }
    self.host = host
    self.port = port
  }

  /// From "127.0.0.1:80" or "[::1]:80".
  public init?(_ text: String) {
    guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else { return nil }
    var host = text[..<colon]
    if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
    self.init(String(host), port)
  }

  public var description: String { isIPv6 ? "[\(host)]:\(port)" : "\(host):\(port)" }

  public var isIPv6: Bool { host.contains(":") }

  /// AF_INET or AF_INET6.
  var family: Int32 { isIPv6 ? AF_INET6 : AF_INET }

  /// Calls the body with the kernel's form of the address.
  func withSockaddr<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
    if isIPv6 {
      var address = sockaddr_in6()
      address.sin6_family = sa_family_t(AF_INET6)
      address.sin6_port = port.bigEndian
      inet_pton(AF_INET6, host, &address.sin6_addr)
      return withRebound(&address, body)
    }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    inet_pton(AF_INET, host, &address.sin_addr)
    return withRebound(&address, body)
  }

  private func withRebound<Address, Result>(
    _ address: inout Address, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
  ) -> Result {
    withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<Address>.size)) }
    }
  }

  /// The text of what getpeername, getsockname or accept filled in; "" for an unknown family.
  static func text(of storage: sockaddr_storage) -> String {
    withUnsafePointer(to: storage) { pointer in
      var buffer = [UInt8](repeating: 0, count: Int(INET6_ADDRSTRLEN))
      let size = socklen_t(buffer.count)
      let (port, host): (UInt16, UnsafePointer<CChar>?)
      switch Int32(storage.ss_family) {
      case AF_INET:
        (port, host) = pointer.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { v4 in
          var address = v4.pointee.sin_addr
          return (UInt16(bigEndian: v4.pointee.sin_port), inet_ntop(AF_INET, &address, &buffer, size))
        }
      case AF_INET6:
        (port, host) = pointer.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { v6 in
          var address = v6.pointee.sin6_addr
          return (UInt16(bigEndian: v6.pointee.sin6_port), inet_ntop(AF_INET6, &address, &buffer, size))
        }
      default: return ""
      }
      guard host != nil else { return "" }
      let text = String(decoding: buffer.prefix { $0 != 0 }, as: UTF8.self)
      return text.contains(":") ? "[\(text)]:\(port)" : "\(text):\(port)"
    }
  }
}
