// SPDX-License-Identifier: Apache-2.0

internal import CEpoll
internal import Glibc
internal import SwerveABI

/// System calls on sockets that need more than one line.
enum Socket {
  /// A non-blocking TCP socket for an address of the endpoint sets. Nil with errno set.
  static func make(for address: swerve_address) -> Int32? {
    let type = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
    let descriptor = socket(isIPv4(address) ? AF_INET : AF_INET6, type, 0)
    guard descriptor >= 0 else { return nil }
    setNoDelay(descriptor)
    boundBuffers(descriptor)
    return descriptor
  }

  /// Bytes of each of TCP's buffers of a socket, as it was asked for; the kernel doubles it.
  private static let bufferBytes: Int32 = 256 * 1024

  /// Keeps TCP from holding megabytes for an end that does not read.
  static func boundBuffers(_ descriptor: Int32) {
    set(descriptor, SOL_SOCKET, SO_SNDBUF, bufferBytes)
    set(descriptor, SOL_SOCKET, SO_RCVBUF, bufferBytes)
  }

  /// Begins to connect. 0, EINPROGRESS, or why not.
  static func connect(_ descriptor: Int32, to address: swerve_address, port: UInt16) -> Int32 {
    let result: Int32
    if isIPv4(address) {
      var target = sockaddr_in()
      target.sin_family = sa_family_t(AF_INET)
      target.sin_port = port
      target.sin_addr.s_addr = address.words.3
      result = withSockaddr(&target) { Glibc.connect(descriptor, $0, $1) }
    } else {
      var target = sockaddr_in6()
      target.sin6_family = sa_family_t(AF_INET6)
      target.sin6_port = port
      withUnsafeBytes(of: address) { source in
        withUnsafeMutableBytes(of: &target.sin6_addr) { $0.copyMemory(from: source) }
      }
      result = withSockaddr(&target) { Glibc.connect(descriptor, $0, $1) }
    }
    return result == 0 ? 0 : errno
  }

  /// The address and port (network byte order) a socket is connected to; nil when it is not.
  static func peer(of descriptor: Int32) -> (address: swerve_address, port: UInt16)? {
    var storage = sockaddr_in6()
    var size = socklen_t(MemoryLayout<sockaddr_in6>.size)
    let result = withUnsafeMutablePointer(to: &storage) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getpeername(descriptor, $0, &size) }
    }
    guard result == 0 else { return nil }
    var address = swerve_address()
    if storage.sin6_family == sa_family_t(AF_INET) {
      let ipv4 = withUnsafeBytes(of: storage) { $0.loadUnaligned(as: sockaddr_in.self) }
      address.words = (0, 0, UInt32(0xffff).bigEndian, ipv4.sin_addr.s_addr)
      return (address, ipv4.sin_port)
    }
    withUnsafeBytes(of: storage.sin6_addr) { source in
      withUnsafeMutableBytes(of: &address) { $0.copyMemory(from: source) }
    }
    return (address, storage.sin6_port)
  }

  /// Small messages go out at once: the other end waits for them.
  static func setNoDelay(_ descriptor: Int32) {
    set(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, Int32(1))
  }

  /// Makes close send a reset.
  static func resetOnClose(_ descriptor: Int32) {
    set(descriptor, SOL_SOCKET, SO_LINGER, linger(l_onoff: 1, l_linger: 0))
  }

  /// The error of a connect that is over, 0 when it succeeded.
  static func takeError(_ descriptor: Int32) -> Int32 {
    var code: Int32 = 0
    return get(descriptor, SO_ERROR, &code) ? code : errno
  }

  /// The number the kernel knows the socket by, 0 when it does not tell.
  static func cookie(_ descriptor: Int32) -> UInt64 {
    var cookie: UInt64 = 0
    return get(descriptor, SO_COOKIE, &cookie) ? cookie : 0
  }

  /// Whether the other end has acknowledged all that was sent.
  static func isAcknowledged(_ descriptor: Int32) -> Bool {
    var size: Int32 = 0
    return ioctl(descriptor, UInt(SIOCOUTQ), &size) == 0 && size == 0
  }

  /// What a read would find, without reading.
  enum Peek {
    case nothing, bytes, end
  }

  static func peek(_ descriptor: Int32) -> Peek {
    var octet: UInt8 = 0
    let size = recv(descriptor, &octet, 1, Int32(MSG_PEEK))
    if size > 0 { return .bytes }
    return size < 0 && (errno == EAGAIN || errno == EINTR) ? .nothing : .end
  }

  private static func isIPv4(_ address: swerve_address) -> Bool {
    address.halves.0 == 0 && address.words.2 == UInt32(0xffff).bigEndian
  }

  private static func withSockaddr<Address>(
    _ address: inout Address, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
  ) -> Int32 {
    withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<Address>.size)) }
    }
  }

  private static func set<Value: BitwiseCopyable>(
    _ descriptor: Int32, _ level: Int32, _ option: Int32, _ value: Value
  ) {
    var value = value
    setsockopt(descriptor, level, option, &value, socklen_t(MemoryLayout<Value>.size))
  }

  private static func get<Value: BitwiseCopyable>(
    _ descriptor: Int32, _ option: Int32, _ value: inout Value
  ) -> Bool {
    var size = socklen_t(MemoryLayout<Value>.size)
    return getsockopt(descriptor, SOL_SOCKET, option, &value, &size) == 0
  }
}
