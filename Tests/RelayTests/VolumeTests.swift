// SPDX-License-Identifier: Apache-2.0

import Glibc
import SwerveABI
import Synchronization
import Testing

@testable import Relay

/// Large bodies, and peers that do not read.
@Suite(.timeLimit(.minutes(1)), .serialized)
struct VolumeTests {
  private static let size = 100 * 1024 * 1024

  /// A stream of bytes that never repeats in a buffer's length, and its hash (FNV-1a over words).
  private struct Stream {
    private var word: UInt64 = 1
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325

    mutating func next(_ count: Int) -> [UInt8] {
      var bytes = [UInt8](repeating: 0, count: count)
      bytes.withUnsafeMutableBytes { space in
        for offset in stride(from: 0, to: count, by: 8) {
          word = word &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
          space.storeBytes(of: word, toByteOffset: offset, as: UInt64.self)
          hash = (hash ^ word) &* 0x100_0000_01b3
        }
      }
      return bytes
    }

    /// Hash of what comes over the wire; `total` is a multiple of 8.
    static func hash(_ wire: Wire, total: Int) throws -> UInt64 {
      var hash: UInt64 = 0xcbf2_9ce4_8422_2325
      var left = total
      while left > 0 {
        let part = try wire.exactly(min(left, 1 << 16))
        left -= part.count
        part.withUnsafeBytes { space in
          for offset in stride(from: 0, to: part.count, by: 8) {
            hash = (hash ^ space.loadUnaligned(fromByteOffset: offset, as: UInt64.self)) &* 0x100_0000_01b3
          }
        }
      }
      return hash
    }
  }

  @Test func carriesLargeBodiesBothWays() throws {
    let total = VolumeTests.size
    let up = Mutex<UInt64>(0)
    let down = Mutex<UInt64>(0)
    let endpoint = try Endpoint { wire, _ in
      _ = try wire.head()
      let hash = try Stream.hash(wire, total: total)
      up.withLock { $0 = hash }
      try wire.send("HTTP/1.1 200 OK\r\nContent-Length: \(total)\r\n\r\n")
      var stream = Stream()
      for _ in 0..<total / 65536 {
        let part = stream.next(65536)
        // Before it is sent: the client may have all of it while this thread still waits for a processor.
        let hash = stream.hash
        down.withLock { $0 = hash }
        try wire.send(part)
      }
      _ = try wire.some()
    }
    let relay = try RelayFixture([endpoint.port])
    let wire = try relay.connect()
    try wire.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: \(total)\r\n\r\n")
    var stream = Stream()
    for _ in 0..<total / 65536 { try wire.send(stream.next(65536)) }
    _ = try wire.head()
    let received = try Stream.hash(wire, total: total)
    #expect(up.withLock { $0 } == stream.hash)
    #expect(down.withLock { $0 } == received)
    #expect(endpoint.failure == nil)
  }

  private func residentBytes() -> Int {
    guard let file = fopen("/proc/self/statm", "r") else { return 0 }
    defer { fclose(file) }
    var pages: (Int, Int) = (0, 0)
    _ = withUnsafeMutablePointer(to: &pages.0) { total in
      withUnsafeMutablePointer(to: &pages.1) { resident in
        withVaList([total, resident]) { vfscanf(file, "%ld %ld", $0) }
      }
    }
    return pages.1 * Int(getpagesize())
  }

  @Test func holdsUpTheEndpointOfASlowReader() throws {
    let sent = Mutex(0)
    let endpoint = try Endpoint { wire, _ in
      _ = try wire.message()
      try wire.send("HTTP/1.1 200 OK\r\nContent-Length: \(1 << 40)\r\n\r\n")
      let part = [UInt8](repeating: 1, count: 65536)
      while (try? wire.send(part)) != nil { sent.withLock { $0 += part.count } }
    }
    let relay = try RelayFixture([endpoint.port])
    let wire = try relay.connect()
    try wire.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
    _ = try wire.head()
    // Until nothing moves any more.
    var last = -1
    while sent.withLock({ $0 }) != last {
      last = sent.withLock { $0 }
      usleep(200_000)
    }
    let before = residentBytes()
    usleep(300_000)
    #expect(last < 64 << 20, "only what the kernel's buffers and one of ours hold")
    #expect(residentBytes() - before < 8 << 20)
    // And it goes on when the client does.
    _ = try wire.exactly(last)
    wire.close(reset: true)
  }

  @Test func holdsUpAClientWhoseEndpointDoesNotRead() throws {
    let proceed = DispatchEnd()
    let endpoint = try Endpoint { wire, _ in
      _ = try wire.head()
      proceed.wait()
      _ = try wire.exactly(1 << 24)
      try wire.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
      _ = try wire.some()
    }
    let relay = try RelayFixture([endpoint.port])
    let wire = try relay.connect()
    try wire.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: \(1 << 24)\r\n\r\n")
    let done = DispatchEnd()
    onThread {
      try? wire.send([UInt8](repeating: 3, count: 1 << 24))
      done.signal()
    }
    usleep(300_000)
    proceed.signal()
    done.wait()
    #expect(try wire.head().hasPrefix("http/1.1 200"))
  }

  @Test func servesManyClientsAtOnce() throws {
    let endpoints = try (0..<2).map { _ in try Endpoint(answering("x")) }
    let relay = try RelayFixture(endpoints.map(\.port))
    let wires = try (0..<200).map { _ in try relay.connect() }
    for _ in 0..<5 {
      for wire in wires { try wire.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n") }
      for wire in wires { #expect(try wire.message().body == "x") }
    }
    #expect(endpoints.allSatisfy { $0.connections <= 64 })
    let counts = try relay.inside { inside in (0..<2).map { inside.records.endpointStates[$0].in_flight } }
    #expect(counts == [0, 0])
  }
}
