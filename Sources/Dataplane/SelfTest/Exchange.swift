// SPDX-License-Identifier: Apache-2.0

import CDataplane
import Foundation

extension SelfTest {
  /// Two connections through this process, as a request has them: a client's to a proxy and the proxy's to a server. What
  /// client and server send to the proxy is redirected to the other.
  final class Exchange {
    let client: TestSocket
    /// The proxy's end of the client's connection.
    let accepted: TestSocket
    /// The proxy's end of the server's.
    let pool: TestSocket
    let program: SelfTestProgram
    let deadline: Deadline
    /// Nil until the server has accepted.
    private(set) var acceptedServer: TestSocket?
    private let listener: TestSocket
    private var routes: [UInt16] = []

    init(_ program: SelfTestProgram, _ deadline: Deadline) throws {
      self.program = program
      self.deadline = deadline
      listener = try TestSocket(deadline)
      try listener.listen()
      client = try TestSocket(deadline)
      try client.connect(to: listener)
      accepted = try listener.accept()
      pool = try TestSocket(deadline)
      try pool.connect(to: listener)
    }

    deinit {
      for port in routes { try? program.route(from: port, to: nil) }
    }

    /// The server, with redirects in both directions.
    func server() throws -> TestSocket {
      if let acceptedServer { return acceptedServer }
      let server = try listener.accept()
      acceptedServer = server
      try program.insert(server.raw, at: 1)
      try redirect(client, at: 0, to: 1)
      try redirect(server, to: 0)
      return server
    }

    /// The server put under test before it is accepted; `acceptLate` is what the application does then.
    func serverBeforeAccept() throws {
      try program.adopt(clientPort: try pool.port(), serverPort: try listener.port(), at: 1)
      try redirect(client, at: 0, to: 1)
    }

    func acceptLate() throws -> TestSocket {
      let server = try listener.accept()
      acceptedServer = server
      return server
    }

    private func redirect(_ sender: TestSocket, at index: UInt32? = nil, to target: UInt32) throws {
      if let index { try program.insert(sender.raw, at: index) }
      let port = try sender.port()
      try program.route(from: port, to: target)
      routes.append(port)
    }
  }

  /// A TCP socket on 127.0.0.1, non-blocking: what would wait waits until the deadline and no longer.
  final class TestSocket: Sendable {
    let raw: Int32
    private let deadline: Deadline

    init(_ deadline: Deadline) throws {
      let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
      self.deadline = deadline
      raw = socket(AF_INET, type, 0)
      guard raw >= 0 else { throw TestSocket.failure("socket") }
    }

    private init(owning raw: Int32, _ deadline: Deadline) {
      self.raw = raw
      self.deadline = deadline
    }

    deinit {
      // No TIME_WAIT is left behind.
      var reset = linger(l_onoff: 1, l_linger: 0)
      setsockopt(raw, SOL_SOCKET, SO_LINGER, &reset, socklen_t(MemoryLayout<linger>.size))
      close(raw)
    }

    func listen() throws {
      var address = TestSocket.loopback(port: 0)
      guard withSockaddr(&address, { bind(raw, $0, $1) }) == 0, Glibc.listen(raw, 4) == 0 else {
        throw TestSocket.failure("listen on 127.0.0.1")
      }
    }

    func connect(to listener: TestSocket) throws {
      var address = TestSocket.loopback(port: try listener.port())
      if withSockaddr(&address, { Glibc.connect(raw, $0, $1) }) == 0 { return }
      guard errno == EINPROGRESS, try wait(POLLOUT) else { throw TestSocket.failure("connect to 127.0.0.1") }
    }

    func accept() throws -> TestSocket {
      guard try wait(POLLIN) else { throw Finding("no connection came to be accepted") }
      let accepted = swerve_accept(raw)
      guard accepted >= 0 else { throw TestSocket.failure("accept") }
      return TestSocket(owning: accepted, deadline)
    }

    /// Host byte order.
    func port() throws -> UInt16 {
      var address = sockaddr_in()
      var size = socklen_t(MemoryLayout<sockaddr_in>.size)
      let result = withUnsafeMutablePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(raw, $0, &size) }
      }
      guard result == 0 else { throw TestSocket.failure("getsockname") }
      return UInt16(bigEndian: address.sin_port)
    }

    /// Waits for poll(2) to say so; whether it did.
    func wait(_ events: Int32) throws -> Bool {
      var event = pollfd(fd: raw, events: Int16(events), revents: 0)
      while true {
        let count = poll(&event, 1, deadline.millisecondsLeft)
        if count >= 0 { return count > 0 }
        guard errno == EINTR else { throw TestSocket.failure("poll") }
      }
    }

    func send(_ text: String) throws {
      let bytes = Array(text.utf8)
      guard try sendSome(bytes[...]) == bytes.count else { throw Finding("a write of \(bytes.count) bytes was cut") }
    }

    /// One write; how much of it the kernel took, 0 when it has no room now.
    func sendSome(_ bytes: ArraySlice<UInt8>) throws -> Int {
      let size = bytes.withUnsafeBytes { Glibc.send(raw, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      if size >= 0 { return size }
      guard errno == EAGAIN else { throw TestSocket.failure("send") }
      return 0
    }

    /// One read of what is there; nil when nothing is, empty at the end of file.
    func receiveNow(max: Int = 65536, flags: Int = 0) throws -> [UInt8]? {
      var size = 0
      let bytes = [UInt8](unsafeUninitializedCapacity: max) { buffer, count in
        size = recv(raw, buffer.baseAddress, max, Int32(flags))
        count = Swift.max(0, size)
      }
      if size >= 0 { return bytes }
      guard errno == EAGAIN else { throw TestSocket.failure("read") }
      return nil
    }

    /// Reads until that many bytes have come; fewer when the stream ends or the time is up.
    func receive(_ count: Int) throws -> [UInt8] {
      var received: [UInt8] = []
      received.reserveCapacity(count)
      while received.count < count, try wait(POLLIN) {
        guard let bytes = try receiveNow(max: count - received.count) else { continue }
        if bytes.isEmpty { break }
        received += bytes
      }
      return received
    }

    /// Reads what `text` is expected to be.
    func expect(_ text: String, _ what: String) throws {
      let received = String(decoding: try receive(text.utf8.count), as: UTF8.self)
      guard received == text else { throw Finding("\(what): read \"\(received)\" instead of \"\(text)\"") }
    }

    /// Reads the end of the stream.
    func expectEnd(_ what: String) throws {
      guard try wait(POLLIN), let bytes = try receiveNow() else { throw Finding("\(what): no end of file") }
      guard bytes.isEmpty else { throw Finding("\(what): \(bytes.count) bytes instead of the end of file") }
    }

    func endSending() throws {
      guard shutdown(raw, Int32(SHUT_WR)) == 0 else { throw TestSocket.failure("shutdown") }
    }

    /// What FIONREAD says.
    func unread() throws -> Int { try count(UInt(FIONREAD), "FIONREAD") }

    /// Waits until the other end's kernel has acknowledged everything that was sent by TCP.
    func waitUntilDelivered() throws {
      while try count(UInt(TIOCOUTQ), "SIOCOUTQ") > 0 {
        if deadline.isOver { throw Finding("bytes sent by TCP were not acknowledged") }
        usleep(50)
      }
    }

    private func count(_ request: UInt, _ name: String) throws -> Int {
      var count: Int32 = 0
      guard ioctl(raw, request, &count) == 0 else { throw TestSocket.failure(name) }
      return Int(count)
    }

    static func failure(_ call: String) -> Finding {
      Finding("\(call): \(String(cString: strerror(errno)))")
    }

    private static func loopback(port: UInt16) -> sockaddr_in {
      var address = sockaddr_in()
      address.sin_family = sa_family_t(AF_INET)
      address.sin_port = port.bigEndian
      address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
      return address
    }

    private func withSockaddr<Result>(
      _ address: inout sockaddr_in, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result
    ) -> Result {
      withUnsafePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
          body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
      }
    }
  }
}
