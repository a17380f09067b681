// SPDX-License-Identifier: Apache-2.0

import SwerveABI
import Testing

@testable import Relay

@Suite(.timeLimit(.minutes(1)))
struct TunnelTests {
  /// Agrees to any request with the given status, then echoes.
  private func echo(_ status: String) -> Endpoint.Script {
    { wire, _ in
      _ = try wire.head()
      try wire.send("HTTP/1.1 \(status)\r\nUpgrade: echo\r\nConnection: upgrade\r\n\r\nwelcome ")
      while true {
        let bytes = try wire.some()
        if bytes.isEmpty { break }
        try wire.send(bytes)
      }
      try wire.send(" bye")
    }
  }

  @Test(arguments: [
    ("GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\n", "101 Switching Protocols"),
    ("CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n", "200 OK"),
  ]) func carriesBothDirectionsWithHalfClose(request: String, status: String) throws {
    let endpoint = try Endpoint(echo(status))
    let relay = try RelayFixture([endpoint.port])
    let wire = try relay.connect()
    // What follows the head belongs to the other protocol, whatever it looks like.
    try wire.send(request + "GET / HTTP/1.1\r\n\r\n")
    #expect(try wire.head().hasPrefix("http/1.1 \(status.lowercased())"))
    #expect(try wire.exactly(26) == Array("welcome GET / HTTP/1.1\r\n\r\n".utf8))
    try wire.send("ping")
    #expect(try wire.exactly(4) == Array("ping".utf8))
    wire.endOutput()
    #expect(try wire.rest() == Array(" bye".utf8))
    try relay.eventually("everything is closed") { $0.relay.isQuiet && $0.relay.pools.all.allSatisfy(\.isEmpty) }
    let counts = try relay.inside { inside in
      (inside.records.service(0)?.pointee.count(of: SWERVE_PATH_TUNNEL), inside.records.endpointStates[0].in_flight)
    }
    #expect(counts.0 == 1)
    #expect(counts.1 == 0)
  }

  @Test func refusesAnUpgradeNobodyAskedFor() throws {
    let endpoint = try Endpoint(echo("101 Switching Protocols"))
    let relay = try RelayFixture([endpoint.port])
    let response = try relay.ask("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
    #expect(response.head.hasPrefix("http/1.1 502"))
    #expect(field("x-swerve-reason", of: response.head) == "malformed_response")
  }

  @Test func goesOnWhenAnUpgradeIsDeclined() throws {
    let endpoint = try Endpoint(answering("plain"))
    let relay = try RelayFixture([endpoint.port])
    let wire = try relay.connect()
    for _ in 0..<2 {
      try wire.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: echo\r\n\r\n")
      #expect(try wire.message().body == "plain")
    }
  }

  @Test(arguments: ["\u{16}\u{3}\u{1} not HTTP", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"])
  func carriesOtherProtocolsUnseen(opening: String) throws {
    let endpoint = try Endpoint { wire, _ in try wire.send(try wire.rest() + Array("!".utf8)) }
    let relay = try RelayFixture([endpoint.port])
    let wire = try relay.connect()
    try wire.send(opening)
    wire.endOutput()
    #expect(try wire.rest() == Array((opening + "!").utf8))
    try relay.eventually("nothing is in flight") { $0.relay.isQuiet && $0.records.endpointStates[0].in_flight == 0 }
  }

  @Test func acceptsNoOtherProtocolBehindARequest() throws {
    let endpoint = try Endpoint(answering("x"))
    let relay = try RelayFixture([endpoint.port])
    let wire = try relay.connect()
    try wire.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
    _ = try wire.message()
    try wire.send("\u{16}\u{3}\u{1} not HTTP")
    #expect(try wire.head().hasPrefix("http/1.1 400"))
  }

  @Test func tellsTheEndpointThatTheClientIsGone() throws {
    let gone = DispatchEnd()
    let endpoint = try Endpoint { wire, _ in
      _ = try wire.some()
      _ = try? wire.rest()
      gone.signal()
    }
    let relay = try RelayFixture([endpoint.port])
    let wire = try relay.connect()
    try wire.send("\u{16}\u{3}\u{1} not HTTP")
    try relay.eventually("it is connected") { $0.records.endpointStates[0].in_flight == 1 }
    wire.close(reset: true)
    gone.wait()
    try relay.eventually("nothing is in flight") { $0.relay.isQuiet && $0.records.endpointStates[0].in_flight == 0 }
  }
}
