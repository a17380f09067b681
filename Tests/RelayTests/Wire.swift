// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization
import Testing

/// One end of a TCP connection on 127.0.0.1, blocking, with a bound on every wait.
final class Wire: @unchecked Sendable {
  struct Failure: Error, CustomStringConvertible {
    let description: String
    let code: Int32
  }

  private let descriptor: Int32
  private let isClosed = Mutex(false)
  private var buffer: [UInt8] = []

  init(accepted descriptor: Int32, timeoutSeconds: Int = 10) {
    self.descriptor = descriptor
    for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
      var limit = timeval(tv_sec: timeoutSeconds, tv_usec: 0)
      setsockopt(descriptor, SOL_SOCKET, option, &limit, socklen_t(MemoryLayout<timeval>.size))
    }
    var on: Int32 = 1
    setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
  }

  convenience init(port: UInt16, timeoutSeconds: Int = 10) throws {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    var address = loopback(port)
    let result = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    let code = errno
    self.init(accepted: descriptor, timeoutSeconds: timeoutSeconds)
    if result != 0 { throw Failure(description: "connect: \(code)", code: code) }
  }

  deinit { close() }

  func send(_ text: String) throws { try send(Array(text.utf8)) }

  func send(_ bytes: [UInt8]) throws {
    var sent = 0
    while sent < bytes.count {
      let size = bytes.withUnsafeBytes {
        Glibc.send(descriptor, $0.baseAddress?.advanced(by: sent), bytes.count - sent, Int32(MSG_NOSIGNAL))
      }
      guard size > 0 else { throw Failure(description: "send: \(errno)", code: errno) }
      sent += size
    }
  }

  /// Some bytes; empty at the end of the stream.
  func some(_ max: Int = 65536) throws -> [UInt8] {
    if !buffer.isEmpty {
      defer { buffer = [] }
      return buffer
    }
    var size = 0
    var code: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: max) { space, count in
      size = recv(descriptor, space.baseAddress, max, 0)
      code = errno
      count = Swift.max(0, size)
    }
    guard size >= 0 else { throw Failure(description: "receive: \(code)", code: code) }
    return bytes
  }

  /// Exactly so many bytes.
  func exactly(_ count: Int) throws -> [UInt8] {
    var bytes: [UInt8] = []
    while bytes.count < count {
      let more = try some()
      if more.isEmpty { throw Failure(description: "the stream ended after \(bytes.count) of \(count) bytes", code: 0) }
      bytes += more
    }
    buffer = Array(bytes[count...])
    return Array(bytes[..<count])
  }

  /// Everything up to the end.
  func rest() throws -> [UInt8] {
    var bytes: [UInt8] = []
    while true {
      let more = try some()
      if more.isEmpty { return bytes }
      bytes += more
    }
  }

  /// Text up to and including `mark`. Empty when the stream ends before its first byte.
  func upTo(_ mark: String) throws -> String {
    let mark = Array(mark.utf8)
    var bytes: [UInt8] = []
    while true {
      if bytes.count >= mark.count, let end = Wire.end(of: mark, in: bytes) {
        buffer = Array(bytes[end...])
        return String(decoding: bytes[..<end], as: UTF8.self)
      }
      let more = try some()
      if more.isEmpty {
        if bytes.isEmpty { return "" }
        throw Failure(description: "the stream ended in \(String(decoding: bytes, as: UTF8.self))", code: 0)
      }
      bytes += more
    }
  }

  private static func end(of mark: [UInt8], in bytes: [UInt8]) -> Int? {
    guard let first = mark.first else { return nil }
    for start in 0...(bytes.count - mark.count) where bytes[start] == first {
      if bytes[start..<start + mark.count].elementsEqual(mark) { return start + mark.count }
    }
    return nil
  }

  /// A head, lower case.
  func head() throws -> String { try upTo("\r\n\r\n").lowercased() }

  /// A response, or request, whose length its head tells; without its body for `isHead`.
  func message(isHead: Bool = false) throws -> (head: String, body: String) {
    let head = try head()
    if isHead { return (head, "") }
    if let length = field("content-length", of: head).flatMap({ Int($0) }) {
      return (head, String(decoding: try exactly(length), as: UTF8.self))
    }
    if field("transfer-encoding", of: head) == "chunked" { return (head, try upTo("0\r\n\r\n")) }
    return (head, "")
  }

  func endOutput() { shutdown(descriptor, Int32(SHUT_WR)) }

  func close(reset: Bool = false) {
    isClosed.withLock { isClosed in
      guard !isClosed else { return }
      isClosed = true
      if reset {
        var option = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
      }
      Glibc.close(descriptor)
    }
  }
}

func loopback(_ port: UInt16) -> sockaddr_in {
  var address = sockaddr_in()
  address.sin_family = sa_family_t(AF_INET)
  address.sin_port = port.bigEndian
  address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
  return address
}

/// The value of a field in a lower-case head.
func field(_ name: String, of head: String) -> String? {
  for line in head.split(separator: "\r\n") where line.hasPrefix(name + ":") {
    return String(line.dropFirst(name.count + 1).drop { $0 == " " })
  }
  return nil
}

/// A listener on a port of the kernel's choice.
func listen(isListening: Bool = true) throws -> (descriptor: Int32, port: UInt16) {
  let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
  var address = loopback(0)
  var size = socklen_t(MemoryLayout<sockaddr_in>.size)
  let result = withUnsafeMutablePointer(to: &address) {
    $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
      bind(descriptor, pointer, size) != 0
        ? -1
        : isListening && Glibc.listen(descriptor, 128) != 0
          ? -1
          : getsockname(descriptor, pointer, &size)
    }
  }
  guard result == 0 else { throw Wire.Failure(description: "listen: \(errno)", code: errno) }
  return (descriptor, UInt16(bigEndian: address.sin_port))
}

/// A port that refuses connects: it is bound, and stays so until the process ends, lest another test should listen there.
func refusingPort() throws -> UInt16 {
  try listen(isListening: false).port
}

/// Runs each connection made to it by a script, on a thread of its own.
final class Endpoint: Sendable {
  typealias Script = @Sendable (_ wire: Wire, _ number: Int) throws -> Void

  let port: UInt16
  private let listener: Int32
  private let wires = Mutex<[Wire]>([])
  private let problem = Mutex<String?>(nil)

  init(_ script: @escaping Script) throws {
    (listener, port) = try listen()
    let listener = listener
    onThread { [weak self] in
      var number = 0
      while true {
        let descriptor = accept(listener, nil, nil)
        if descriptor < 0 && errno == EINTR { continue }
        guard descriptor >= 0, let self else { return }
        let wire = Wire(accepted: descriptor)
        self.wires.withLock { $0.append(wire) }
        let current = number
        number += 1
        onThread { [weak self] in
          do { try script(wire, current) } catch { self?.problem.withLock { $0 = "\(error)" } }
          wire.close()
        }
      }
    }
  }

  deinit {
    shutdown(listener, Int32(SHUT_RDWR))
    close(listener)
  }

  /// Connections accepted so far.
  var connections: Int { wires.withLock { $0.count } }

  /// What a script threw last.
  var failure: String? { problem.withLock { $0 } }
}

func onThread(_ body: @escaping @Sendable () -> Void) {
  var thread = pthread_t()
  let box = Unmanaged.passRetained(Body(body))
  pthread_create(
    &thread, nil,
    { raw in
      if let raw { Unmanaged<Body>.fromOpaque(raw).takeRetainedValue().run() }
      return nil
    }, box.toOpaque())
  pthread_detach(thread)
}

private final class Body: Sendable {
  let run: @Sendable () -> Void
  init(_ run: @escaping @Sendable () -> Void) { self.run = run }
}
