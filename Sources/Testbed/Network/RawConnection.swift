// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A blocking TCP client: every call of the application side, with its errno. Not for use by two threads at once.
public final class RawConnection: @unchecked Sendable {
  // Written by close only; the owner uses one thread at a time.
  private var descriptor: Int32
  private let peer: TCPAddress

  /// Connects, from `source` if given.
  /// - Parameter timeout: bound of connect, and of each later send and receive.
  /// - Throws: `SystemCallError` with connect's errno; ETIMEDOUT when the time is up.
  public init(to peer: TCPAddress, from source: TCPAddress? = nil, timeout: Duration = .seconds(5)) throws {
    self.peer = peer
    descriptor = socket(peer.family, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw SystemCallError("socket", on: peer.description, code: errno) }
    set(SO_RCVTIMEO, Self.interval(timeout))
    set(SO_SNDTIMEO, Self.interval(timeout))
    if let source, source.withSockaddr({ bind(descriptor, $0, $1) }) != 0 {
      throw SystemCallError("bind", on: source.description, code: errno)
    }
    guard peer.withSockaddr({ connect(descriptor, $0, $1) }) == 0 else { throw failure("connect") }
  }

  deinit { close() }

  /// Sends all bytes.
  public func send(_ bytes: [UInt8]) throws {
    var sent = 0
    while sent < bytes.count {
      let size = bytes.withUnsafeBytes {
        // MSG_NOSIGNAL: a closed peer is EPIPE, not the end of the process.
        Glibc.send(descriptor, $0.baseAddress?.advanced(by: sent), bytes.count - sent, Int32(MSG_NOSIGNAL))
      }
      guard size > 0 else { throw failure("send") }
      sent += size
    }
  }

  /// Receives what is there, waiting for the first byte. Empty: the peer has ended its side.
  public func receive(max: Int = 16384) throws -> [UInt8] {
    var size = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: max) { buffer, count in
      size = recv(descriptor, buffer.baseAddress, max, 0)
      count = Swift.max(0, size)
    }
    guard size >= 0 else { throw failure("receive") }
    return bytes
  }

  /// Whether `receive` would return at once.
  public var hasInput: Bool {
    var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&entry, 1, 0) == 1
  }

  /// What getpeername tells the application.
  public func peerName() throws -> String {
    try name("getpeername") { getpeername(descriptor, $0, $1) }
  }

  /// Our own address.
  public func localName() throws -> String {
    try name("getsockname") { getsockname(descriptor, $0, $1) }
  }

  /// Ends our side; the peer's may still be read.
  public func shutdown() throws {
    guard Glibc.shutdown(descriptor, Int32(SHUT_WR)) == 0 else { throw failure("shutdown") }
  }

  /// Makes close send a reset, which leaves no TIME_WAIT behind.
  public func resetOnClose() {
    set(SO_LINGER, linger(l_onoff: 1, l_linger: 0))
  }

  /// Sends every message at once, also while the one before it is not acknowledged.
  public func sendAtOnce() {
    var on: Int32 = 1
    setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
  }

  /// Closes; later calls fail with EBADF.
  public func close() {
    if descriptor >= 0 { Glibc.close(descriptor) }
    descriptor = -1
  }

  private func set<Value: BitwiseCopyable>(_ option: Int32, _ value: Value) {
    var value = value
    setsockopt(descriptor, SOL_SOCKET, option, &value, socklen_t(MemoryLayout<Value>.size))
  }

  private func name(
    _ call: String, _ ask: (UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Int32
  ) throws -> String {
    var storage = sockaddr_storage()
    var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
    let code = withUnsafeMutablePointer(to: &storage) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { ask($0, &size) }
    }
    guard code == 0 else { throw failure(call) }
    return TCPAddress.text(of: storage)
  }

  /// With the socket options above the kernel reports a time that is up as one of two other errors (socket(7)).
  private func failure(_ call: String) -> SystemCallError {
    let code = errno
    let isTimeout = code == EAGAIN || code == EINPROGRESS
    return SystemCallError(call, on: peer.description, code: isTimeout ? ETIMEDOUT : code)
  }

  private static func interval(_ timeout: Duration) -> timeval {
    let microseconds = max(1, Int(timeout.nanoseconds / 1000))
    return timeval(tv_sec: microseconds / 1_000_000, tv_usec: microseconds % 1_000_000)
  }
}
