// SPDX-License-Identifier: Apache-2.0

import Glibc
import SwerveABI
import Testing

@testable import Relay

/// Answers every request with the text, and says which connection it came by.
func answering(_ body: String, head: String = "") -> Endpoint.Script {
  { wire, number in
    while true {
      let request = try wire.message()
      if request.head.isEmpty { return }
      let isHead = request.head.hasPrefix("head ")
      let text = body + request.body
      try wire.send(
        "HTTP/1.1 200 OK\r\n\(head)x-connection: \(number)\r\ncontent-length: \(text.utf8.count)\r\n\r\n"
          + (isHead ? "" : text))
    }
  }
}

@Suite(.timeLimit(.minutes(1)))
struct ExchangeTests {
  @Test func keepsBothConnectionsAlive() throws {
    let endpoint = try Endpoint(answering("hello"))
    let relay = try RelayFixture([endpoint.port])
    let wire = try relay.connect()
    for _ in 0..<5 {
      try wire.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
      let response = try wire.message()
      #expect(response.head.hasPrefix("http/1.1 200 ok"))
      #expect(field("connection", of: response.head) == nil)
      #expect(response.body == "hello")
    }
    #expect(endpoint.connections == 1)
    let counts = try relay.inside { inside in
      (inside.records.service(0)?.pointee.count(of: SWERVE_PATH_RELAY), inside.records.endpointStates[0])
    }
    #expect(counts.0 == 5)
    #expect(counts.1.selected == 5)
    #expect(counts.1.in_flight == 0)
  }

  @Test func answersPipelinedRequestsInOrder() throws {
    let endpoint = try Endpoint(answering(">"))
    let relay = try RelayFixture([endpoint.port])
    let wire = try relay.connect()
    let requests = (0..<50).map { "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\n\(1000 + $0)" }
    try wire.send(requests.joined())
    for number in 0..<50 { #expect(try wire.message().body == ">\(1000 + number)") }
  }

  @Test func spreadsRequestsOfOneConnection() throws {
    let endpoints = try ["a", "b", "c"].map { try Endpoint(answering($0)) }
    let relay = try RelayFixture(endpoints.map(\.port))
    let wire = try relay.connect()
    var seen: [String: Int] = [:]
    for _ in 0..<9 {
      try wire.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
      seen[try wire.message().body, default: 0] += 1
    }
    #expect(seen == ["a": 3, "b": 3, "c": 3])
  }

  @Test func closesForClientsThatAskForIt() throws {
    let endpoint = try Endpoint(answering("x"))
    let relay = try RelayFixture([endpoint.port])
    for request in [
      "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", "GET / HTTP/1.1\r\nconnection:close\r\nHost: a\r\n\r\n",
    ] {
      let wire = try relay.connect()
      try wire.send(request)
      let response = try wire.message()
      #expect(field("connection", of: response.head) == "close")
      #expect(response.body == "x")
      #expect(try wire.rest().isEmpty)
    }
    #expect(endpoint.connections == 1, "the line was taken out, so that the endpoint's connection stays")
    try relay.eventually("the clients are gone") { $0.relay.isQuiet }
  }

  @Test func servesHTTP10() throws {
    let endpoint = try Endpoint { wire, _ in
      let request = try wire.message()
      #expect(request.head.hasPrefix("get / http/1.0\r\n"))
      try wire.send("HTTP/1.0 200 OK\r\n\r\nuntil the end")
    }
    let relay = try RelayFixture([endpoint.port])
    let wire = try relay.connect()
    try wire.send("GET / HTTP/1.0\r\n\r\n")
    let response = String(decoding: try wire.rest(), as: UTF8.self)
    #expect(response.hasSuffix("\r\n\r\nuntil the end"))
    #expect(response.contains("connection: close"))
  }

  @Test func keepsTheClientOfAnEndpointThatCloses() throws {
    for head in ["HTTP/1.1 200 OK\r\nConnection: close\r\n", "HTTP/1.0 200 OK\r\n"] {
      let endpoint = try Endpoint { wire, number in
        _ = try wire.message()
        try wire.send("\(head)Content-Length: 1\r\n\r\n\(number)")
      }
      let relay = try RelayFixture([endpoint.port])
      let wire = try relay.connect()
      for number in 0..<3 {
        try wire.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        let response = try wire.message()
        #expect(response.head.hasPrefix("http/1.1 200"))
        #expect(field("connection", of: response.head) == nil)
        #expect(response.body == "\(number)")
      }
    }
  }

  @Test func forwardsABodyThatEndsWithTheConnection() throws {
    let body = String(repeating: "0123456789", count: 50_000)
    let endpoint = try Endpoint { wire, _ in
      _ = try wire.message()
      try wire.send("HTTP/1.1 200 OK\r\n\r\n" + body)
    }
    let relay = try RelayFixture([endpoint.port])
    let wire = try relay.connect()
    try wire.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
    #expect(field("connection", of: try wire.head()) == "close")
    #expect(try wire.rest() == Array(body.utf8))
  }

  @Test func forwardsChunksAndTrailersBothWays() throws {
    let chunks = "5;name=value\r\nhello\r\n1\r\n!\r\n0\r\nX-Sum: 6\r\nX-More: 1\r\n\r\n"
    let endpoint = try Endpoint { wire, _ in
      while true {
        let head = try wire.head()
        if head.isEmpty { return }
        let body = try wire.upTo("X-More: 1\r\n\r\n")
        try wire.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        for octet in body.utf8 { try wire.send([octet]) }
      }
    }
    let relay = try RelayFixture([endpoint.port])
    let wire = try relay.connect()
    for _ in 0..<2 {
      try wire.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
      for octet in chunks.utf8 { try wire.send([octet]) }
      _ = try wire.head()
      #expect(try wire.upTo("X-More: 1\r\n\r\n") == chunks)
    }
    // What may be long has a connection that is in no map.
    #expect(endpoint.connections == 2)
  }

  @Test func knowsResponsesWithoutBody() throws {
    let endpoint = try Endpoint { wire, _ in
      while true {
        let head = try wire.head()
        if head.isEmpty { return }
        switch head.prefix(while: { $0 != "\r" }) {
        case "head / http/1.1": try wire.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        case "get /204 http/1.1": try wire.send("HTTP/1.1 204 No Content\r\n\r\n")
        case "get /304 http/1.1": try wire.send("HTTP/1.1 304 Not Modified\r\nContent-Length: 7\r\n\r\n")
        default: try wire.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        }
      }
    }
    let relay = try RelayFixture([endpoint.port])
    let wire = try relay.connect()
    for line in ["HEAD /", "GET /204", "GET /304", "GET /0", "HEAD /"] {
      try wire.send("\(line) HTTP/1.1\r\nHost: a\r\n\r\n")
      #expect(try wire.head().hasPrefix("http/1.1 "))
    }
    #expect(endpoint.connections == 1)
  }

  @Test func forwardsInterimResponses() throws {
    let endpoint = try Endpoint { wire, _ in
      let head = try wire.head()
      #expect(head.contains("expect: 100-continue"))
      try wire.send("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n")
      let body = String(decoding: try wire.exactly(5), as: UTF8.self)
      try wire.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n\(body)")
      _ = try wire.some()
    }
    let relay = try RelayFixture([endpoint.port])
    let wire = try relay.connect()
    try wire.send("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n")
    #expect(try wire.head().hasPrefix("http/1.1 103"))
    #expect(try wire.head().hasPrefix("http/1.1 100"))
    try wire.send("hello")
    #expect(try wire.message().body == "hello")
    #expect(endpoint.failure == nil)
  }

  @Test(arguments: [1, 2, 3, 7]) func acceptsHeadsThatComeInPieces(size: Int) throws {
    let endpoint = try Endpoint { wire, _ in
      while true {
        let request = try wire.message()
        if request.head.isEmpty { return }
        let response = Array("HTTP/1.1 200 OK\r\nX-A: b\r\nContent-Length: 3\r\n\r\nabc".utf8)
        for start in stride(from: 0, to: response.count, by: size) {
          try wire.send(Array(response[start..<min(start + size, response.count)]))
        }
      }
    }
    let relay = try RelayFixture([endpoint.port])
    let wire = try relay.connect()
    let request = Array("POST /path HTTP/1.1\r\nHost: example\r\nContent-Length: 2\r\n\r\nhi".utf8)
    for _ in 0..<2 {
      for start in stride(from: 0, to: request.count, by: size) {
        try wire.send(Array(request[start..<min(start + size, request.count)]))
      }
      #expect(try wire.message().body == "abc")
    }
  }

  @Test func acceptsAHeadSplitAtEveryByte() throws {
    let endpoint = try Endpoint(answering(""))
    let relay = try RelayFixture([endpoint.port])
    let wire = try relay.connect()
    let request = Array("POST /path HTTP/1.1\r\nHost: example\r\nContent-Length: 2\r\n\r\nhi".utf8)
    for cut in 1..<request.count {
      try wire.send(Array(request[..<cut]))
      usleep(200)
      try wire.send(Array(request[cut...]))
      #expect(try wire.message().body == "hi", "cut at \(cut)")
    }
  }

  @Test func boundsHeads() throws {
    let endpoint = try Endpoint { wire, _ in
      while true {
        let head = try wire.head()
        if head.isEmpty { return }
        let answer = "\(head.utf8.count)"
        try wire.send("HTTP/1.1 200 OK\r\nContent-Length: \(answer.utf8.count)\r\n\r\n\(answer)")
      }
    }
    let relay = try RelayFixture([endpoint.port])
    func request(_ size: Int) -> String {
      let frame = "GET / HTTP/1.1\r\nHost: a\r\nX: \r\n\r\n"
      let filling = String(repeating: "y", count: size - frame.utf8.count)
      return "GET / HTTP/1.1\r\nHost: a\r\nX: \(filling)\r\n\r\n"
    }
    for size in [60_000, 65_536] { #expect(try relay.ask(request(size)).body == "\(size)") }
    #expect(try relay.ask(request(65_537)).head.hasPrefix("http/1.1 400"))
  }
}
