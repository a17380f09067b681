// SPDX-License-Identifier: Apache-2.0

internal import CDataplane
internal import CRelay
internal import Dataplane
internal import Foundation
internal import SwerveABI

/// The relay's listening sockets in one network namespace, on its loopback addresses.
struct NamespaceListener: Sendable {
  /// By which the kernel knows the namespace (`bpf_get_netns_cookie`).
  let cookie: UInt64
  /// By which /proc knows it.
  let inode: UInt64
  /// -1 without a loopback address of that family.
  let ipv4: Int32
  let ipv6: Int32

  var sockets: [Int32] { [ipv4, ipv6].filter { $0 >= 0 } }

  /// What the connect hooks are told.
  var record: swerve_listener {
    var record = swerve_listener()
    record.port_ipv4 = NamespaceListener.port(of: ipv4)
    record.port_ipv6 = NamespaceListener.port(of: ipv6)
    return record
  }

  private static let backlog: Int32 = 4096

  /// Opens both in the network namespace of the calling thread.
  static func open(_ tables: RequestTables) throws(RelayError) -> NamespaceListener {
    let ipv4 = try listen(AF_INET, tables)
    // Without IPv6 there is nobody to connect by it.
    let ipv6 = (try? listen(AF_INET6, tables)) ?? -1
    return NamespaceListener(ipv4: ipv4, ipv6: ipv6)
  }

  /// Listeners that are open, in the namespace their sockets say.
  init(ipv4: Int32, ipv6: Int32) {
    let any = ipv4 >= 0 ? ipv4 : ipv6
    cookie = relay_namespace_cookie(any)
    inode = relay_namespace_inode(any)
    self.ipv4 = ipv4
    self.ipv6 = ipv6
  }

  func close() {
    for socket in sockets { Glibc.close(socket) }
  }

  private static func listen(_ family: Int32, _ tables: RequestTables) throws(RelayError) -> Int32 {
    let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
    let socket = socket(family, type, 0)
    guard socket >= 0 else { throw RelayError("create a listener", errno: errno) }
    do {
      // Marked before it can accept anything, so that sockops knows what its connections are.
      try tables.mark(socket, as: listenerMark)
    } catch {
      Glibc.close(socket)
      throw RelayError("mark a listener: \(error)")
    }
    guard bindToLoopback(socket, family) == 0, Glibc.listen(socket, backlog) == 0 else {
      let code = errno
      Glibc.close(socket)
      throw RelayError("listen on \(family == AF_INET ? "127.0.0.1" : "[::1]")", errno: code)
    }
    return socket
  }

  private static var listenerMark: swerve_connection {
    var mark = swerve_connection()
    mark.role = SWERVE_ROLE_LISTENER.rawValue
    mark.endpoint = UInt32.max
    mark.service = UInt32.max
    mark.index = UInt32.max
    return mark
  }

  /// The kernel chooses the port.
  private static func bindToLoopback(_ socket: Int32, _ family: Int32) -> Int32 {
    if family == AF_INET {
      var address = sockaddr_in()
      address.sin_family = sa_family_t(AF_INET)
      address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
      return bind(socket, &address)
    }
    var address = sockaddr_in6()
    address.sin6_family = sa_family_t(AF_INET6)
    withUnsafeMutableBytes(of: &address.sin6_addr) { $0[15] = 1 }
    return bind(socket, &address)
  }

  private static func bind<Address>(_ socket: Int32, _ address: inout Address) -> Int32 {
    withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        Glibc.bind(socket, $0, socklen_t(MemoryLayout<Address>.size))
      }
    }
  }

  /// Network byte order; 0 when there is no socket. The port is at the same place in both families (RFC 3493).
  private static func port(of socket: Int32) -> UInt16 {
    var address = sockaddr_in6()
    var size = socklen_t(MemoryLayout<sockaddr_in6>.size)
    let result = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(socket, $0, &size) }
    }
    return result == 0 ? address.sin6_port : 0
  }
}
