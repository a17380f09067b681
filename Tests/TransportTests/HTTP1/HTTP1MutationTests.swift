// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testbed
import Testing
import Transport

/// Requests with bytes changed, dropped and doubled at random: whatever comes of them, every exchange ends, every
/// connection closes, and the server goes on.
@Suite(.network) struct HTTP1MutationTests {
  private static let seeds = [
    "GET /hello HTTP/1.1\r\nHost: a\r\nAccept: */*\r\n\r\n",
    "POST /collect HTTP/1.1\r\nHost: a\r\nContent-Length: 12\r\n\r\nhello world!GET /hello HTTP/1.1\r\nHost: a\r\n\r\n",
    "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6;x=y\r\n world\r\n0\r\nX-Sum: 1\r\n\r\n",
    "POST /collect HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\nabc",
    "HEAD http://b/hello HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
    "OPTIONS * HTTP/1.0\r\n\r\n",
  ].map { Array($0.utf8) }

  /// xorshift64: a failure is repeated by its seed.
  private struct Generator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return state
    }
  }

  private static func mutate(_ bytes: [UInt8], _ generator: inout Generator) -> [UInt8] {
    var bytes = bytes
    for _ in 0...Int.random(in: 0...3, using: &generator) {
      let index = Int.random(in: 0..<bytes.count, using: &generator)
      switch Int.random(in: 0...4, using: &generator) {
      case 0: bytes[index] = UInt8.random(in: 0...255, using: &generator)
      case 1: bytes.remove(at: index)
      case 2: bytes.insert(bytes[index], at: index)
      case 3: bytes.insert(contentsOf: bytes[..<index].suffix(20), at: index)
      default: bytes = Array(bytes[...index])
      }
      if bytes.isEmpty { return [0] }
    }
    return bytes
  }

  @Test(arguments: 1...4) func everythingEnds(_ seed: UInt64) async throws {
    var generator = Generator(state: seed &* 0x9e37_79b9_7f4a_7c15)
    try await withServer({ $0.http1.lingerTimeout = .milliseconds(200) }) { (server: TestServer) async throws in
      for round in 0..<100 {
        let bytes = Self.mutate(Self.seeds[round % Self.seeds.count], &generator)
        let connection = try server.connect()
        let cut = Int.random(in: 0...bytes.count, using: &generator)
        try? connection.send(Array(bytes[..<cut]))
        try? connection.send(Array(bytes[cut...]))
        try? connection.shutdown()
        let answer = try? connection.rest()
        #expect(
          answer != nil, "seed \(seed), round \(round): \(String(decoding: bytes, as: UTF8.self).debugDescription)")
      }
      #expect(await server.isEmpty())
      let record = server.handler.record
      #expect(record.receivers > 5 && record.ended > 0 && record.failures.count > 0, "\(record.receivers)")
      #expect(record.ended + record.failures.count == record.receivers, "each receiver heard one end")
      #expect(try server.talk("GET /hello HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").hasSuffix("hello"))
    }
  }
}
