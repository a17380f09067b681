// SPDX-License-Identifier: Apache-2.0

import Glibc
import SwerveABI
import Synchronization
import Testing

@testable import Relay

@Suite(.timeLimit(.minutes(1)))
struct FailureTests {
  private let get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"

  private func expect(_ response: (head: String, body: String), _ status: Int, _ reason: String) {
    #expect(response.head.hasPrefix("http/1.1 \(status) "))
    #expect(field("x-swerve-reason", of: response.head) == reason)
    #expect(field("server", of: response.head) == "swerve")
  }

  @Test func answersWithoutEndpoints() throws {
    let relay = try RelayFixture([])
    let wire = try relay.connect()
    for _ in 0..<2 {
      try wire.send(get)
      let response = try wire.message()
      expect(response, 503, "no_endpoint")
      #expect(field("retry-after", of: response.head) == "1")
    }
    try wire.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n" + get)
    _ = try wire.message(isHead: true)
    expect(try wire.message(), 503, "no_endpoint")
  }

  @Test func closesAfterAnAnswerInTheMiddleOfARequest() throws {
    let relay = try RelayFixture([])
    let wire = try relay.connect()
    try wire.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\nbeginning")
    let response = try wire.message()
    expect(response, 503, "no_endpoint")
    #expect(field("connection", of: response.head) == "close")
    #expect(try wire.rest().isEmpty)
  }

  @Test func answersWhenNoEndpointCanBeReached() throws {
    let relay = try RelayFixture([try refusingPort(), try refusingPort()])
    expect(try relay.ask(get), 503, "connect_failure")
  }

  @Test func triesAnotherEndpointWhenAConnectFails() throws {
    let endpoint = try Endpoint(answering("alive"))
    let relay = try RelayFixture([try refusingPort(), endpoint.port])
    for _ in 0..<6 {
      #expect(try relay.ask("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n!").body == "alive!")
    }
  }

  @Test(arguments: [(false, "connection_termination"), (true, "upstream_reset")])
  func answersForAnEndpointThatDiesBeforeItsResponse(reset: Bool, reason: String) throws {
    let endpoint = try Endpoint { wire, _ in
      _ = try wire.message()
      wire.close(reset: reset)
    }
    let relay = try RelayFixture([endpoint.port])
    let wire = try relay.connect()
    for _ in 0..<2 {
      try wire.send(get)
      expect(try wire.message(), 502, reason)
    }
    let state = try relay.inside { ($0.records.endpointStates[0].in_flight, $0.records.pool(0)?.pointee.failed) }
    #expect(state.0 == 0)
    #expect(state.1 == 2)
  }

  @Test func resetsTheClientOfAnEndpointThatDiesInItsResponse() throws {
    let endpoint = try Endpoint { wire, _ in
      _ = try wire.message()
      try wire.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this")
    }
    let relay = try RelayFixture([endpoint.port])
    let wire = try relay.connect()
    try wire.send(get)
    _ = try wire.head()
    var code: Int32 = 0
    do { _ = try wire.rest() } catch let failure as Wire.Failure { code = failure.code }
    #expect(code == ECONNRESET, "an incomplete body must not look complete")
  }

  @Test func sendsAgainWhatAnIdleConnectionLost() throws {
    let endpoint = try Endpoint { wire, number in
      _ = try wire.message()
      try wire.send("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n\(number)")
      // The next request finds the connection closing.
      _ = try wire.message()
    }
    let relay = try RelayFixture([endpoint.port])
    let wire = try relay.connect()
    for number in 0..<3 {
      try wire.send(get)
      #expect(try wire.message().body == "\(number)")
    }
    try wire.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n")
    expect(try wire.message(), 502, "connection_termination")
  }

  @Test(arguments: [
    "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx", "garbage that is no response\r\n\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\nabc", "HTTP/1.1 20 OK\r\n\r\n",
  ]) func refusesMalformedResponses(text: String) throws {
    let endpoint = try Endpoint { wire, _ in
      _ = try wire.message()
      try wire.send(text)
      _ = try wire.some()
    }
    let relay = try RelayFixture([endpoint.port])
    expect(try relay.ask(get), 502, "malformed_response")
  }

  @Test func usesNoConnectionWithSurplusBytesAgain() throws {
    let endpoint = try Endpoint { wire, number in
      while try !wire.message().head.isEmpty {
        try wire.send(
          "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n\(number)HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil")
      }
    }
    let relay = try RelayFixture([endpoint.port])
    let wire = try relay.connect()
    for number in 0..<3 {
      try wire.send(get)
      #expect(try wire.message().body == "\(number)")
    }
  }

  @Test func answersWhenTheTimeIsUp() throws {
    let endpoint = try Endpoint { wire, _ in _ = try? wire.rest() }
    var options = RelayOptions()
    options.requestTimeout = .milliseconds(200)
    let relay = try RelayFixture([endpoint.port], options: options)
    expect(try relay.ask(get), 504, "request_timeout")
    try relay.eventually("the connection is closed") { $0.relay.pools.all.allSatisfy { $0.connectionCount == 0 } }
  }

  @Test func bouncesWhatWaitsBeyondTheBound() throws {
    let release = DispatchEnd()
    let endpoint = try Endpoint { wire, _ in
      while try !wire.message().head.isEmpty {
        release.wait()
        release.signal()
        try wire.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
      }
    }
    var options = RelayOptions()
    options.poolConnectionsMax = 1
    let relay = try RelayFixture([endpoint.port], options: options, policy: { $0.pool.max_pending_requests = 2 })
    let wires = try (0..<4).map { _ in try relay.connect() }
    for (count, wire) in wires[..<3].enumerated() {
      try wire.send(get)
      try relay.eventually("it waits") {
        $0.relay.pools.all.reduce(0) { $0 + $1.waiters.count } == max(0, count) || count == 0
      }
    }
    try wires[3].send(get)
    expect(try wires[3].message(), 503, "pending")
    release.signal()
    for wire in wires[..<3] { #expect(try wire.message().body == "ok") }
    #expect(endpoint.connections == 1)
  }

  @Test func forwardsAnEarlyResponseAndCloses() throws {
    let endpoint = try Endpoint { wire, _ in
      _ = try wire.head()
      try wire.send("HTTP/1.1 413 Content Too Large\r\nContent-Length: 3\r\n\r\nbig")
      _ = try? wire.rest()
    }
    let relay = try RelayFixture([endpoint.port])
    let wire = try relay.connect()
    try wire.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000000\r\n\r\n")
    try wire.send([UInt8](repeating: 1, count: 100_000))
    let response = try wire.message()
    #expect(response.head.hasPrefix("http/1.1 413"))
    #expect(response.body == "big")
    #expect(try wire.rest().isEmpty)
  }

  @Test func freesEverythingWhenTheClientAborts() throws {
    let gone = DispatchEnd()
    let endpoint = try Endpoint { wire, _ in
      _ = try wire.message()
      try wire.send("HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n")
      while (try? wire.send([UInt8](repeating: 7, count: 65536))) != nil {}
      gone.signal()
    }
    let relay = try RelayFixture([endpoint.port])
    for reset in [true, false] {
      let wire = try relay.connect()
      try wire.send(get)
      _ = try wire.head()
      wire.close(reset: reset)
      gone.wait()
      try relay.eventually("all is closed") { inside in
        inside.relay.isQuiet && inside.records.endpointStates[0].in_flight == 0
          && inside.relay.pools.all.allSatisfy { $0.connectionCount == 0 }
      }
    }
  }

  @Test func dropsARequestThatIsCutShort() throws {
    let bodies = Mutex<[Int]>([])
    let endpoint = try Endpoint { wire, _ in
      _ = try wire.head()
      let got = (try? wire.rest().count) ?? -1
      bodies.withLock { $0.append(got) }
    }
    let relay = try RelayFixture([endpoint.port])
    let wire = try relay.connect()
    try wire.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf")
    try relay.eventually("it is under way") { $0.records.endpointStates[0].in_flight == 1 }
    wire.endOutput()
    #expect((try? wire.rest().isEmpty) != false)
    try relay.eventually("all is closed") { $0.relay.isQuiet && $0.records.endpointStates[0].in_flight == 0 }
  }

  @Test func answersAHalfClosedClient() throws {
    let endpoint = try Endpoint { wire, _ in
      while try !wire.message().head.isEmpty {
        usleep(20_000)
        try wire.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
      }
    }
    let relay = try RelayFixture([endpoint.port])
    let wire = try relay.connect()
    try wire.send(get + get)
    wire.endOutput()
    for _ in 0..<2 { #expect(try wire.message().body == "ok") }
    #expect(try wire.rest().isEmpty)
    try relay.eventually("the client is gone") { $0.relay.isQuiet }
  }
}
