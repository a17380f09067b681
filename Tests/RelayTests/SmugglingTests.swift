// SPDX-License-Identifier: Apache-2.0

import Synchronization
import Testing

@testable import Relay

/// Requests whose end two readers could see in different places: none may reach an endpoint.
@Suite(.timeLimit(.minutes(1)))
struct SmugglingTests {
  @Test(arguments: [
    "GET /\r\n\r\n", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n", "GET / HTTP/1.1\r\n\r\n", "GET / HTTP/2.0\r\nHost: a\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", "GET / HTTP/1.1\nHost: a\n\n",
    "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
    "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5, 5\r\n\r\nhello",
    "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +5\r\n\r\nhello",
    "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
    "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
    "POST / HTTP/1.1\r\nHost: a\r\n Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
  ]) func refuses(_ request: String) throws {
    let reached = Mutex(0)
    let endpoint = try Endpoint { wire, _ in
      let got = try wire.some()
      if !got.isEmpty { reached.withLock { $0 += 1 } }
    }
    let relay = try RelayFixture([endpoint.port])
    let wire = try relay.connect()
    try wire.send(request)
    let response = try wire.message()
    #expect(response.head.hasPrefix("http/1.1 400 bad request"))
    #expect(field("x-swerve-reason", of: response.head) == "malformed_request")
    #expect(field("connection", of: response.head) == "close")
    #expect(try wire.rest().isEmpty)
    #expect(reached.withLock { $0 } == 0)
  }

  @Test(arguments: ["z\r\n", "5\nhello", "5\r\nhelloX\r\n", "-1\r\n", "fffffffffffffffff\r\n", "\r\n"])
  func refusesMalformedChunks(_ chunks: String) throws {
    let endpoint = try Endpoint { wire, _ in _ = try? wire.rest() }
    let relay = try RelayFixture([endpoint.port])
    for head in ["Transfer-Encoding: chunked\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n"] {
      let wire = try relay.connect()
      try wire.send("POST / HTTP/1.1\r\nHost: a\r\n\(head)")
      try wire.send(chunks + "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n")
      #expect(try wire.message().head.hasPrefix("http/1.1 400"))
      #expect(try wire.rest().isEmpty)
    }
    try relay.eventually("the endpoint's connections are closed") {
      $0.relay.isQuiet && $0.relay.pools.all.allSatisfy { $0.connectionCount == 0 }
        && $0.records.endpointStates[0].in_flight == 0
    }
  }

  @Test func keepsABodyThatLooksLikeARequestInside() throws {
    let endpoint = try Endpoint(answering("one:"))
    let relay = try RelayFixture([endpoint.port])
    let wire = try relay.connect()
    let inner = "GET /inner HTTP/1.1\r\nHost: a\r\n\r\n"
    try wire.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: \(inner.utf8.count)\r\n\r\n\(inner)GET / HTTP/1.1\r\nHost: a\r\n\r\n")
    #expect(try wire.message().body == "one:" + inner)
    #expect(try wire.message().body == "one:")
  }
}
