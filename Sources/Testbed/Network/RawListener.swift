// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A listening TCP socket that accepts only when asked: the way to see where a connect has landed.
public final class RawListener: Sendable {
  /// With the port the kernel chose, when 0 was asked for.
  public let address: TCPAddress
  private let descriptor: Int32

  public init(on address: TCPAddress, backlog: Int32 = 4096) throws {
    let descriptor = socket(
      address.family, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0)
    guard descriptor >= 0 else { throw SystemCallError("socket", on: address.description, code: errno) }
    var on: Int32 = 1
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
    guard address.withSockaddr({ bind(descriptor, $0, $1) }) == 0, listen(descriptor, backlog) == 0 else {
      let code = errno
      close(descriptor)
      throw SystemCallError("listen", on: address.description, code: code)
    }
    var storage = sockaddr_storage()
    var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
    withUnsafeMutablePointer(to: &storage) { pointer in
      _ = pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &size) }
    }
    self.descriptor = descriptor
    self.address = TCPAddress(TCPAddress.text(of: storage)) ?? address
  }

  deinit { close(descriptor) }

  /// Accepts and closes everything that waits. Returns how many connections that were.
  @discardableResult
  public func drain() -> Int {
    var count = 0
    while true {
      let connection = accept(descriptor, nil, nil)
      if connection >= 0 {
        close(connection)
        count += 1
      } else if errno != ECONNABORTED && errno != EINTR {
        return count
      }
    }
  }
}
