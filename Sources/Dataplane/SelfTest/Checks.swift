// SPDX-License-Identifier: Apache-2.0

import CDataplane
import Dispatch
import Foundation

extension SelfTest.Check {
  /// Everything request mode needs of redirects, and what it can do without.
  static let all = [
    SelfTest.Check(name: "echo", without: "the kernel cannot carry requests", body: echo),
    SelfTest.Check(name: "end of file", without: "the end of a response could cut it", body: endOfFile),
    SelfTest.Check(name: "half-close", without: "half-closed connections would fail", body: halfClose),
    SelfTest.Check(name: "order", without: "requests could overtake each other", body: order),
    SelfTest.Check(name: "FIONREAD", without: "programs that ask how much they can read would fail", body: unreadCount),
    SelfTest.Check(name: "MSG_PEEK", without: "programs that look ahead would fail", body: peek),
    SelfTest.Check(name: "wake-up", without: "programs that wait with epoll would hang", body: wakeUp),
    SelfTest.Check(name: "slow reader", without: "bytes could be lost", body: slowReader),
    SelfTest.Check(name: "early data", without: "bytes sent before accept could be lost", body: earlyData),
    SelfTest.Check(name: "sendfile", without: "programs that send files would fail", body: sendFile),
    SelfTest.Check(
      name: "splice", required: false,
      without: "programs that splice(2) from a socket must not use request mode", body: spliceFrom),
  ]

  /// Without a redirect every check would pass and say nothing.
  private static func echo(_ exchange: SelfTest.Exchange) throws -> String {
    let server = try exchange.server()
    try exchange.client.send("request")
    try server.expect("request", "redirected to the server")
    try server.send("response")
    try exchange.client.expect("response", "redirected to the client")
    guard try exchange.accepted.receiveNow() == nil, try exchange.pool.receiveNow() == nil else {
      throw SelfTest.Finding("bytes were both redirected and sent")
    }
    return "bytes go from socket to socket in both directions"
  }

  /// The connection's end comes by TCP, and must not overtake what was redirected.
  private static func endOfFile(_ exchange: SelfTest.Exchange) throws -> String {
    let server = try exchange.server()
    try exchange.client.send("last words")
    try exchange.pool.endSending()
    try server.expect("last words", "redirected before the end of the stream")
    try server.expectEnd("after redirected bytes")
    return "it is read after redirected bytes"
  }

  private static func halfClose(_ exchange: SelfTest.Exchange) throws -> String {
    let server = try exchange.server()
    try exchange.pool.endSending()
    try server.expectEnd("before the response")
    try server.send("response")
    try exchange.client.expect("response", "redirected by a half-closed socket")
    try server.endSending()
    try exchange.pool.expectEnd("after the response")
    return "the other direction goes on"
  }

  /// Bytes are read in the order in which they came, whichever way that was.
  private static func order(_ exchange: SelfTest.Exchange) throws -> String {
    let server = try exchange.server()
    for (index, letter) in "abcdefgh".enumerated() {
      if index % 2 == 0 {
        try exchange.pool.send("\(letter)")
        try exchange.pool.waitUntilDelivered()
      } else {
        try exchange.client.send("\(letter)")
      }
    }
    try server.expect("abcdefgh", "bytes by TCP and by redirect in turn")
    return "bytes by TCP and by redirect are read as they came"
  }

  private static func unreadCount(_ exchange: SelfTest.Exchange) throws -> String {
    let server = try exchange.server()
    try exchange.client.send("seven b")
    let redirected = try server.unread()
    guard redirected == 7 else { throw SelfTest.Finding("FIONREAD says \(redirected) of 7 redirected bytes") }
    try exchange.pool.send("five!")
    try exchange.pool.waitUntilDelivered()
    let all = try server.unread()
    guard all == 12 else { throw SelfTest.Finding("FIONREAD says \(all) of 7 redirected and 5 other bytes") }
    _ = try server.receive(9)
    let rest = try server.unread()
    guard rest == 3 else { throw SelfTest.Finding("FIONREAD says \(rest) of the last 3 bytes") }
    return "it counts redirected and other bytes"
  }

  private static func peek(_ exchange: SelfTest.Exchange) throws -> String {
    let server = try exchange.server()
    try exchange.client.send("redirected")
    for _ in 0..<2 {
      guard try server.wait(POLLIN), let bytes = try server.receiveNow(flags: MSG_PEEK),
        bytes == Array("redirected".utf8)
      else { throw SelfTest.Finding("redirected bytes cannot be peeked at") }
    }
    try server.expect("redirected", "after a peek")
    return "redirected bytes can be peeked at"
  }

  /// A reader asleep in an edge-triggered epoll wakes up for every redirect.
  private static func wakeUp(_ exchange: SelfTest.Exchange) throws -> String {
    let server = try exchange.server()
    let epoll = Descriptor(owning: swerve_edge_epoll(server.raw))
    guard epoll.raw >= 0 else { throw SelfTest.TestSocket.failure("epoll") }
    for round in 1...3 {
      let sent = DispatchSemaphore(value: 0)
      let client = exchange.client
      Thread.detachNewThread {
        // Until the reader sleeps.
        usleep(1000)
        try? client.send("wake up")
        sent.signal()
      }
      let count = swerve_wait_for_edge(epoll.raw, exchange.deadline.millisecondsLeft)
      sent.wait()
      guard count == 1 else { throw SelfTest.Finding("redirect \(round) did not wake the reader") }
      try server.expect("wake up", "after the wake-up")
      guard try server.receiveNow() == nil else { throw SelfTest.Finding("bytes were redirected twice") }
    }
    return "every redirect wakes a reader in an edge-triggered epoll"
  }

  private static func slowReader(_ exchange: SelfTest.Exchange) throws -> String {
    let server = try exchange.server()
    // A period that divides no power of two, so that a lost or repeated piece shows.
    let pattern = (0..<(1 << 20)).map { UInt8(truncatingIfNeeded: $0 % 251) }
    var sent = 0
    var received: [UInt8] = []
    received.reserveCapacity(pattern.count)
    while sent < pattern.count {
      let size = try exchange.client.sendSome(pattern[sent..<min(sent + 32768, pattern.count)])
      sent += size
      guard size == 0 else { continue }
      // No room: the reader has to read something first.
      guard try server.wait(POLLIN) else { throw SelfTest.Finding("\(sent) bytes were sent and none can be read") }
      received += try server.receiveNow() ?? []
      if exchange.deadline.isOver { throw SelfTest.Finding("no more than \(sent) bytes could be sent") }
    }
    let early = received.count
    received += try server.receive(pattern.count - early)
    guard received == pattern else {
      throw SelfTest.Finding("of \(pattern.count) bytes \(received.count) came, not all of them right")
    }
    return early == 0 ? "1 MiB waits unread and nothing is lost" : "the sender waits for the reader, nothing is lost"
  }

  /// The kernel knows a server's socket from its handshake on, the application only when it has accepted it.
  private static func earlyData(_ exchange: SelfTest.Exchange) throws -> String {
    try exchange.serverBeforeAccept()
    try exchange.client.send("early")
    let server = try exchange.acceptLate()
    try server.expect("early", "redirected before accept")
    try exchange.client.send("later")
    try server.expect("later", "redirected after accept")
    return "bytes redirected before accept are read after it"
  }

  private static func sendFile(_ exchange: SelfTest.Exchange) throws -> String {
    let server = try exchange.server()
    let file = Descriptor(owning: open("/proc/self/exe", O_RDONLY | O_CLOEXEC))
    let size = 32768
    var wanted = [UInt8](repeating: 0, count: size)
    guard pread(file.raw, &wanted, size, 0) == size else { throw SelfTest.TestSocket.failure("read /proc/self/exe") }
    var sent = 0
    while sent < size, !exchange.deadline.isOver {
      let count = sendfile(exchange.client.raw, file.raw, nil, size - sent)
      if count < 0 && errno != EAGAIN { throw SelfTest.TestSocket.failure("sendfile") }
      sent += max(0, count)
    }
    guard try server.receive(size) == wanted else { throw SelfTest.Finding("the file did not come as it is") }
    return "files are redirected like other bytes"
  }

  private static func spliceFrom(_ exchange: SelfTest.Exchange) throws -> String {
    let server = try exchange.server()
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw SelfTest.TestSocket.failure("pipe") }
    let (output, input) = (Descriptor(owning: ends[0]), Descriptor(owning: ends[1]))
    defer { _ = output }
    try exchange.client.send("through a pipe")
    guard try server.wait(POLLIN) else { throw SelfTest.Finding("redirected bytes are not readable") }
    let count = swerve_splice(server.raw, input.raw, 64)
    guard count >= 0 else { throw SelfTest.TestSocket.failure("splice from a socket with redirected bytes") }
    guard count == 14 else { throw SelfTest.Finding("splice moved \(count) of 14 redirected bytes") }
    return "splice(2) moves redirected bytes"
  }
}
