// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testbed
import Testing
import Transport

/// Requests that are wrong on purpose: each is refused, the connection ends, and the server goes on.
@Suite(.network) struct HTTP1HostileTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    var bytes: String
    var status: Int
    var testDescription: String { name }

    init(_ name: String, _ status: Int, _ bytes: String) {
      self.name = name
      self.status = status
      self.bytes = bytes
    }
  }

  private static let smuggled = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n"

  static func post(_ fields: String, _ body: String = "") -> String {
    "POST /collect HTTP/1.1\r\nHost: a\r\n\(fields)\r\n\r\n\(body)"
  }

  static let cases: [Case] = [
    Case("length and chunks", 400, post("Content-Length: 4\r\nTransfer-Encoding: chunked", "0\r\n\r\n\(smuggled)")),
    Case("chunks and length", 400, post("Transfer-Encoding: chunked\r\nContent-Length: 4", "0\r\n\r\n\(smuggled)")),
    Case("two lengths", 400, post("Content-Length: 0\r\nContent-Length: 37", smuggled)),
    Case("two equal lengths", 400, post("Content-Length: 2\r\nContent-Length: 2", "ab\(smuggled)")),
    Case("a list of lengths", 400, post("Content-Length: 0, 37", smuggled)),
    Case("a signed length", 400, post("Content-Length: +2", "ab")),
    Case("a negative length", 400, post("Content-Length: -1", smuggled)),
    Case("a hexadecimal length", 400, post("Content-Length: 0x2", "ab")),
    Case("an enormous length", 400, post("Content-Length: 99999999999999999999999", "ab")),
    Case("a length of spaces", 400, post("Content-Length: 1 2", "ab")),
    Case("a space before the colon", 400, post("Content-Length : 0", smuggled)),
    Case("a tab before the colon", 400, post("Transfer-Encoding\t: chunked", "0\r\n\r\n\(smuggled)")),
    Case("a folded field", 400, post("Transfer-Encoding:\r\n chunked", "0\r\n\r\n\(smuggled)")),
    Case("chunked twice", 400, post("Transfer-Encoding: chunked, chunked", "0\r\n\r\n\(smuggled)")),
    Case("two codings in two fields", 501, post("Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked", "0\r\n\r\n")),
    Case("chunked is not the last", 400, post("Transfer-Encoding: chunked, identity", "0\r\n\r\n\(smuggled)")),
    Case("an unknown coding", 501, post("Transfer-Encoding: xchunked", "0\r\n\r\n\(smuggled)")),
    Case("a quoted coding", 501, post("Transfer-Encoding: \"chunked\"", "0\r\n\r\n\(smuggled)")),
    Case("chunks of HTTP/1.0", 400, "POST /collect HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n\(smuggled)"),
    Case("a chunk size that is none", 400, post("Transfer-Encoding: chunked", "xyz\r\nabc\r\n0\r\n\r\n")),
    Case("a negative chunk size", 400, post("Transfer-Encoding: chunked", "-1\r\nabc\r\n0\r\n\r\n")),
    Case("a chunk size with 0x", 400, post("Transfer-Encoding: chunked", "0x3\r\nabc\r\n0\r\n\r\n")),
    Case("an enormous chunk size", 400, post("Transfer-Encoding: chunked", "fffffffffffffffff\r\nabc\r\n")),
    Case("a space after the chunk size", 400, post("Transfer-Encoding: chunked", "3 \r\nabc\r\n0\r\n\r\n")),
    Case("a chunk longer than its size", 400, post("Transfer-Encoding: chunked", "3\r\nabcdef\r\n0\r\n\r\n")),
    Case("a chunk ended by a line feed", 400, post("Transfer-Encoding: chunked", "3\nabc\n0\n\n")),
    Case("a line feed ends a field", 400, "GET /hello HTTP/1.1\r\nHost: a\nX: y\r\n\r\n"),
    Case("line feeds only", 505, "GET /hello HTTP/1.1\nHost: a\n\n"),
    Case("a carriage return in a value", 400, "GET /hello HTTP/1.1\r\nHost: a\r\nX: y\rZ: w\r\n\r\n"),
    Case("a zero in a value", 400, "GET /hello HTTP/1.1\r\nHost: a\r\nX: y\0z\r\n\r\n"),
    Case("a zero in a name", 400, "GET /hello HTTP/1.1\r\nHost: a\r\nX\0: y\r\n\r\n"),
    Case("a field without a name", 400, "GET /hello HTTP/1.1\r\nHost: a\r\n: y\r\n\r\n"),
    Case("a field without a colon", 400, "GET /hello HTTP/1.1\r\nHost: a\r\nXy\r\n\r\n"),
    Case("no host", 400, "GET /hello HTTP/1.1\r\n\r\n"),
    Case("two hosts", 400, "GET /hello HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"),
    Case("an unknown method", 400, "FROBNICATE /hello HTTP/1.1\r\nHost: a\r\n\r\n"),
    Case("a method in lower case", 400, "get /hello HTTP/1.1\r\nHost: a\r\n\r\n"),
    Case("a tunnel", 501, "CONNECT a:80 HTTP/1.1\r\nHost: a\r\n\r\n"),
    Case("a method of RTSP", 501, "DESCRIBE /hello RTSP/1.0\r\nHost: a\r\n\r\n"),
    Case("HTTP/2.0 without its preface", 505, "GET /hello HTTP/2.0\r\nHost: a\r\n\r\n"),
    Case("HTTP/3.7", 505, "GET /hello HTTP/3.7\r\nHost: a\r\n\r\n"),
    Case("HTTP/0.9", 505, "GET /hello\r\n\r\n"),
    Case("no path", 400, "GET hello HTTP/1.1\r\nHost: a\r\n\r\n"),
    Case("the path of another scheme", 400, "GET ftp://a/hello HTTP/1.1\r\nHost: a\r\n\r\n"),
    Case("an authority with a user", 400, "GET http://u@a/hello HTTP/1.1\r\nHost: a\r\n\r\n"),
    Case("a star that is no OPTIONS", 400, "GET * HTTP/1.1\r\nHost: a\r\n\r\n"),
    Case("another expectation", 417, post("Expect: something\r\nContent-Length: 1", "a")),
    Case("garbage", 400, "\u{1}\u{2}\u{3} \u{4}\r\n\r\n"),
    Case("zeros", 400, String(repeating: "\0", count: 300)),
    Case("a TLS hello", 400, "\u{16}\u{3}\u{1}\u{2}\0\u{1}\0\u{1}"),
    Case("a long request line", 414, "GET /\(String(repeating: "a", count: 9000)) HTTP/1.1\r\nHost: a\r\n\r\n"),
    Case("a request line without end", 414, "GET /" + String(repeating: "a", count: 20_000)),
    Case("a long field", 431, "GET /hello HTTP/1.1\r\nHost: a\r\nX: \(String(repeating: "a", count: 90_000))\r\n\r\n"),
    Case(
      "many fields", 431,
      "GET /hello HTTP/1.1\r\nHost: a\r\n\(String(repeating: "X: y\r\n", count: 500))\r\n"),
    Case(
      "many trailers", 431,
      post("Transfer-Encoding: chunked", "0\r\n\(String(repeating: "X: y\r\n", count: 500))\r\n")),
  ]

  @Test(arguments: cases) func isRefusedAndTheConnectionEnds(_ hostile: Case) async throws {
    try await withServer { server in
      let connection = try server.connect()
      try? connection.send(Array(hostile.bytes.utf8))
      let answer = try connection.rest()
      #expect(answer.hasPrefix("HTTP/1.1 \(hostile.status) "), "\(answer.prefix(200))")
      #expect(answer.lowercased().contains("\r\nconnection: close\r\n"))
      #expect(!server.handler.record.requests.contains { $0.path == "/smuggled" || $0.path == "/hello" })
      connection.close()
      #expect(await server.isEmpty())
      #expect(server.server.statistics.counts.values.reduce(0, +) == 1, "\(server.server.statistics.counts)")
      #expect(
        server.handler.record.failures.count + server.handler.record.ended == server.handler.record.requests.count)
      #expect(try server.talk("GET /hello HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").hasSuffix("hello"))
    }
  }

  /// Each byte by itself: what is refused does not depend on how it is cut.
  @Test(arguments: cases.filter { $0.bytes.utf8.count < 200 }) func isRefusedByteByByte(_ hostile: Case) async throws {
    try await withServer { server in
      let connection = try server.connect()
      connection.sendAtOnce()
      for byte in hostile.bytes.utf8 {
        guard (try? connection.send([byte])) != nil else { break }
      }
      let answer = try connection.rest()
      #expect(answer.hasPrefix("HTTP/1.1 \(hostile.status) "), "\(answer.prefix(200))")
      #expect(!server.handler.record.requests.contains { $0.path == "/smuggled" || $0.path == "/hello" })
    }
  }

  @Test func aTruncatedBodyFailsItsReceiver() async throws {
    try await withServer { server in
      for bytes in [Self.post("Content-Length: 10", "abc"), Self.post("Transfer-Encoding: chunked", "5\r\nab")] {
        _ = try server.talk(bytes, halfCloses: true)
      }
      #expect(await server.isEmpty())
      #expect(server.handler.record.failures.count == 2 && server.handler.record.ended == 0)
    }
  }

  @Test func slowHeadersAreEnded() async throws {
    try await withServer {
      $0.http1.headTimeout = .milliseconds(200)
    } _: { server in
      let connection = try server.connect()
      try connection.send(Array("GET /hello HTTP/1.1\r\nHost: a\r\n".utf8))
      let isEnded = await eventually {
        try? connection.send(Array("X: y\r\n".utf8))
        return server.server.statistics.count(.headTimeout) == 1
      }
      #expect(isEnded)
      #expect(await eventually { server.server.statistics.connectionsOpen == 0 } || connection.hasInput)
      #expect(server.handler.record.requests.isEmpty)
    }
  }

  @Test func slowBodiesAreEnded() async throws {
    try await withServer {
      $0.http1.bodyTimeout = .milliseconds(200)
    } _: { server in
      let connection = try server.connect()
      try connection.send(Array(Self.post("Content-Length: 100000", "abc").utf8))
      let isEnded = await eventually {
        try? connection.send(Array("x".utf8))
        return server.server.statistics.count(.bodyTimeout) == 1
      }
      #expect(isEnded)
      #expect(try connection.receive().starts(with: Array("HTTP/1.1 408 ".utf8)))
      #expect(server.handler.record.failures.map(\.code) == [.timedOut])
    }
  }

  @Test func chunkExtensionsDoNotCountAsBody() async throws {
    try await withServer {
      $0.http1.bodyTimeout = .milliseconds(200)
    } _: { server in
      let connection = try server.connect()
      try connection.send(Array(Self.post("Transfer-Encoding: chunked", "5;").utf8))
      let isEnded = await eventually {
        try? connection.send([UInt8](repeating: 0x61, count: 5000))
        return server.server.statistics.count(.bodyTimeout) == 1
      }
      #expect(isEnded)
    }
  }

  @Test func idleConnectionsAreEnded() async throws {
    try await withServer {
      $0.http1.idleTimeout = .milliseconds(100)
    } _: { server in
      let connection = try server.connect()
      try connection.send(Array("GET /hello HTTP/1.1\r\nHost: a\r\n\r\n".utf8))
      #expect(try connection.rest().hasSuffix("hello"))
      #expect(server.server.statistics.count(.idleTimeout) == 1)
    }
  }

  @Test func connectionsThatSayNothingAreEnded() async throws {
    try await withServer {
      $0.detectionTimeout = .milliseconds(100)
    } _: { server in
      let silent = try server.connect()
      let half = try server.connect()
      // Should this be late, the connection is gone already.
      try? half.send(Array("PRI * HTTP".utf8))
      #expect(try silent.rest().isEmpty)
      #expect((try? half.rest()) ?? "" == "")
      #expect(await eventually { server.server.statistics.count(.detectionTimeout) == 2 })
    }
  }

  @Test func aClientThatTakesNoAnswerIsEnded() async throws {
    try await withServer {
      $0.http1.sendTimeout = .milliseconds(200)
    } _: { server in
      let connection = try server.connect()
      try connection.send(Array("GET /big/100000000 HTTP/1.1\r\nHost: a\r\n\r\n".utf8))
      #expect(await eventually { server.server.statistics.count(.sendTimeout) == 1 })
      #expect(await server.isEmpty())
      connection.close()
    }
  }
}
