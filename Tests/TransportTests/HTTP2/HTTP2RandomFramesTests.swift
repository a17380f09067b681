// SPDX-License-Identifier: Apache-2.0

import NIOCore
import Testbed
import Testing

@testable import Transport

/// Frames that nobody thought of: right ones in a wrong order, and with wrong bits. Whatever comes, nothing is left.
@Suite struct HTTP2RandomFramesTests {
  /// Numbers that are the same for the same seed (SplitMix64).
  private struct Generator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state &+= 0x9e37_79b9_7f4a_7c15
      var z = state
      z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
      z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
      return z ^ (z >> 31)
    }
  }

  private static let paths = [
    "/echo", "/unary", "/early", "/trailers-only", "/reset", "/hold", "/keep", "/blob?100000",
  ]

  private func frame(_ random: inout Generator) -> RawFrame {
    let stream = UInt32.random(in: 0...12, using: &random)
    let ends = Bool.random(using: &random)
    switch Int.random(in: 0..<12, using: &random) {
    case 0...3:
      return .request(stream | 1, path: Self.paths.randomElement(using: &random) ?? "/", ends: ends)
    case 4, 5: return .data(stream, Int.random(in: 0...3000, using: &random), ends: ends)
    case 6: return .reset(stream, UInt8.random(in: 0...15, using: &random))
    case 7: return .windowUpdate(stream, UInt32.random(in: 0...0x7fff_ffff, using: &random) >> 8)
    case 8: return .headers(stream | 1, ends: ends, [("trailer", "x")])
    case 9: return .ping(1)
    case 10: return RawFrame(.settings, [0, UInt8.random(in: 1...6, using: &random), 0, 0, 0x40, 0])
    default:
      let payload = (0..<Int.random(in: 0...20, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
      return RawFrame(
        type: UInt8.random(in: 0...12, using: &random), flags: UInt8.random(in: 0...255, using: &random),
        stream: stream, payload)
    }
  }

  /// A server, and a client that the same frames are sent to.
  @Test(arguments: 0..<8)
  func nothingIsLeftBehind(_ seed: Int) throws {
    var random = Generator(state: UInt64(seed))
    for _ in 0..<60 {
      let connection = try RawHTTP2Connection()
      let server = try RawHTTP2Server()
      let receivers = (0..<4).map { index in server.begin(endsHere: index % 2 == 0) }
      for _ in 0..<Int.random(in: 1...30, using: &random) {
        var frames = (0..<Int.random(in: 1...4, using: &random)).map { _ in frame(&random) }
        if Int.random(in: 0..<10, using: &random) == 0, let index = frames.indices.randomElement(using: &random) {
          let bit = Int.random(in: 0..<(frames[index].payload.count + 1), using: &random)
          if bit < frames[index].payload.count { frames[index].payload[bit] ^= UInt8(1 << (seed % 8)) }
        }
        connection.send(frames)
        server.send(frames)
        for (sender, _) in receivers where Bool.random(using: &random) { sender.send(body: ByteBuffer(string: "x")) }
      }
      connection.finish()
      server.finish()
      #expect(receivers.allSatisfy { $0.1.ends + $0.1.errors.count == 1 })
      #expect(connection.handler.surprises.load(ordering: .relaxed) == 0)
      #expect(connection.statistics.liveStreams == 0)
      #expect(connection.statistics.openConnections == 0)
    }
  }
}
