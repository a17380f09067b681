// SPDX-License-Identifier: Apache-2.0

import Foundation
import SwerveABI
import SwerveCore
import Testbed
import Testing

@testable import Dataplane

extension KernelTests {
  /// The HTTP/1.1 parser is compiled twice, for the kernel and natively. Both must answer alike, byte by byte.
  @Suite struct HTTP1DifferentialTests {
    static let vectorCount = 120_000

    @Test func kernelAndNativeParsersAreEqual() throws {
      var random = SeededGenerator(seed: 0x5eed)
      let replay = try HTTP1Replay()
      var differences = 0
      var results: [UInt32: Int] = [:]
      var phases: [UInt32: Int] = [:]
      for _ in 0..<Self.vectorCount {
        let vector = Self.vector(&random)
        var (kernel, native) = (vector, vector)
        try replay.run(&kernel)
        swerve_native_http1_replay(&native)
        results[native.result, default: 0] += 1
        phases[native.body.phase, default: 0] += 1
        if !Self.areEqual(kernel, native) {
          differences += 1
          if differences <= 3 { Issue.record("\(Self.text(vector)): kernel \(kernel.result), native \(native.result)") }
        }
      }
      #expect(differences == 0)
      // The vectors reach every result and every phase, or they prove less than they seem to.
      for result in SWERVE_HTTP1_COMPLETE.rawValue...SWERVE_HTTP1_NOT_HTTP.rawValue {
        #expect(results[result, default: 0] > 500, "result \(result)")
      }
      for phase in SWERVE_HTTP1_DONE.rawValue...SWERVE_HTTP1_FINAL_LF.rawValue {
        #expect(phases[phase, default: 0] > 0, "phase \(phase)")
      }
    }

    private static let requestLines = [
      "GET / HTTP/1.1", "POST /api/v1/items?limit=10 HTTP/1.1", "HEAD /a HTTP/1.0", "OPTIONS * HTTP/1.1",
      "PROPFIND /0123456789abcdef0123456789abcdef0123456789 HTTP/1.1", "CONNECT a:443 HTTP/1.1",
      "PRI * HTTP/2.0", "\r\nDELETE /x HTTP/1.1",
    ]
    private static let statusLines = [
      "HTTP/1.1 200 OK", "HTTP/1.1 204 No Content", "HTTP/1.0 200 OK", "HTTP/1.1 404", "HTTP/1.1 100 Continue",
      "HTTP/1.1 101 Switching Protocols", "HTTP/1.1 304 Not Modified",
    ]
    private static let fields = [
      "Host: 127.0.0.1:8080", "host:\torders.default.svc ", "Content-Length: 17", "content-length: 4",
      "CONTENT-LENGTH:0",
      "Transfer-Encoding: chunked", "transfer-encoding:Chunked\t", "Transfer-Encoding: gzip, chunked",
      "Connection: keep-alive", "Connection: close", "connection: Upgrade, HTTP2-Settings", "Connection: a,b ,\tclose",
      "Keep-Alive: timeout=5", "Upgrade: websocket", "Expect: 100-continue", "HTTP2-Settings: AAMA",
      "traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "traceparent: 00-4b",
      "Server: nginx/1.22.1", "Date: Tue, 24 Nov 2026 05:00:00 GMT", "ETag: \"65a1b2c3-267\"", "A:",
      "Content-Type: a\tb",
      "User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)",
    ]
    private static let bodies = [
      "", "0\r\n\r\n", "5\r\nhello\r\n0\r\n\r\n", "a;b=c\r\n0123456789\r\n0\r\nX: y\r\n\r\nGET", "0123456789abcdefgh",
      "1\r\na\r\n2\r\nbc\r\n0\r\nA:\tb\r\nC: d\r\n\r\n", String(repeating: "1\r\nx\r\n", count: 100),
    ]

    /// A message that is mostly sound, cut and mutated.
    private static func vector(_ random: inout SeededGenerator) -> swerve_http1_vector {
      let isResponse = random.chance(2)
      var text = Array(random.choose(isResponse ? statusLines : requestLines).utf8) + [13, 10]
      if !isResponse && !random.chance(8) { text += Array("Host: a\r\n".utf8) }
      for _ in 0..<random.next() % 6 { text += Array(random.choose(fields).utf8) + [13, 10] }
      // The body that belongs is more often looked at than another.
      if random.chance(3) { text += Array("Transfer-Encoding: chunked\r\n".utf8) }
      text += [13, 10] + Array(random.choose(bodies).utf8)
      if random.chance(2) { mutate(&text, &random) }
      if random.chance(4) { text.removeLast(Int(random.next() % UInt64(text.count))) }
      text = Array(text.prefix(Int(SWERVE_HTTP1_VECTOR_SIZE)))
      return vector(text, isResponse, &random)
    }

    /// One to three bytes or pieces are changed, put in, left out, or doubled.
    private static func mutate(_ text: inout [UInt8], _ random: inout SeededGenerator) {
      let special = Array("\r\n\t :,;0\0\u{0b}".utf8)
      for _ in 0...random.next() % 3 where !text.isEmpty {
        let at = Int(random.next() % UInt64(text.count))
        switch random.next() % 6 {
        case 0: text[at] = UInt8(truncatingIfNeeded: random.next())
        case 1: text[at] ^= 1 << UInt8(random.next() % 8)
        case 2: text[at] = random.choose(special)
        case 3: text.insert(random.choose(special), at: at)
        case 4: text.remove(at: at)
        default: text.insert(contentsOf: text[at..<min(at + 40, text.count)], at: at)
        }
      }
    }

    private static func vector(
      _ text: [UInt8], _ isResponse: Bool, _ random: inout SeededGenerator
    ) -> swerve_http1_vector {
      var vector = swerve_http1_vector()
      vector.size = UInt32(text.count)
      vector.split = UInt32(random.next() % UInt64(text.count + 1))
      vector.limit = random.chance(16) ? 64 : 4096
      vector.is_response = isResponse ? 1 : 0
      vector.method = random.choose([SWERVE_HTTP1_GET, SWERVE_HTTP1_HEAD, SWERVE_HTTP1_CONNECT]).rawValue
      vector.result = SWERVE_HTTP1_INCOMPLETE.rawValue
      swerve_native_http1_begin(0, &vector.head)
      withUnsafeMutableBytes(of: &vector.text) { $0.copyBytes(from: text) }
      return vector
    }

    private static func text(_ vector: swerve_http1_vector) -> String {
      withUnsafeBytes(of: vector.text) { String(decoding: $0.prefix(Int(vector.size)), as: UTF8.self).debugDescription }
    }

    private static func areEqual(_ left: swerve_http1_vector, _ right: swerve_http1_vector) -> Bool {
      withUnsafeBytes(of: left) { left in withUnsafeBytes(of: right) { left.elementsEqual($0) } }
    }
  }
}

extension SeededGenerator {
  /// True once in so many times.
  fileprivate mutating func chance(_ times: UInt64) -> Bool { next() % times == 0 }

  fileprivate mutating func choose<Value>(_ values: [Value]) -> Value {
    values[Int(next() % UInt64(values.count))]
  }
}
