// SPDX-License-Identifier: Apache-2.0

import Glibc
import SwerveABI
import Testing

@testable import Relay

/// What a policy says about the connections of a service.
@Suite(.timeLimit(.minutes(1)))
struct ConnectionLimitTests {
  private let slow: Endpoint.Script = { wire, _ in
    while try !wire.message().head.isEmpty {
      usleep(5_000)
      try wire.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
    }
  }

  @Test func requestsWaitForTheConnectionsThereMayBe() throws {
    let endpoint = try Endpoint(slow)
    let relay = try RelayFixture([endpoint.port], policy: { $0.header.max_connections = 2 })
    let wires = try (0..<20).map { _ in try relay.connect() }
    for wire in wires { try wire.send(get) }
    for wire in wires { #expect(try wire.message().body == "ok") }
    #expect(endpoint.connections == 2)
    #expect(try relay.inside { $0.relay.pools.connections } == [0: 2])
  }

  @Test func requestsGoWhereThereIsAConnection() throws {
    let endpoints = try (0..<3).map { _ in try Endpoint(slow) }
    let relay = try RelayFixture(endpoints.map(\.port), policy: { $0.header.max_connections = 1 })
    let wires = try (0..<6).map { _ in try relay.connect() }
    for wire in wires { try wire.send(get) }
    for wire in wires { #expect(try wire.message().body == "ok") }
    #expect(endpoints.map(\.connections).reduce(0, +) == 1)
  }

  @Test func refusesWhenThereIsNoneAndMayBeNone() throws {
    let endpoint = try Endpoint(slow)
    let relay = try RelayFixture([endpoint.port], policy: { $0.header.max_connections = 1 })
    // One in connection mode.
    try relay.inside { $0.records.service(0)?.pointee.connections = 1 }
    expect(try relay.ask(get), 503, "max_connections")
    let counted = try relay.inside { inside in
      (
        inside.records.service(0)?.pointee.count(of: SWERVE_REASON_MAX_CONNECTIONS),
        inside.records.written.map { UInt32($0.cause) }
      )
    }
    #expect(counted.0 == 1)
    #expect(counted.1 == [SWERVE_CAUSE_MAX_CONNECTIONS.rawValue])
    try relay.inside { $0.records.service(0)?.pointee.connections = 0 }
    #expect(try relay.ask(get).body == "ok")
  }

  @Test func aConnectionThatEndsMakesRoomForOne() throws {
    let endpoint = try Endpoint { wire, number in
      _ = try wire.message()
      try wire.send("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1\r\n\r\n\(number)")
    }
    let relay = try RelayFixture([endpoint.port], policy: { $0.header.max_connections = 1 })
    for number in 0..<5 { #expect(try relay.ask(get).body == "\(number)") }
  }

  @Test func aFailedConnectIsNoConnection() throws {
    let relay = try RelayFixture([try refusingPort()], policy: { $0.header.max_connections = 1 })
    for _ in 0..<3 { expect(try relay.ask(get), 503, "connect_failure") }
    #expect(try relay.inside { $0.relay.pools.connections }.isEmpty)
  }

  @Test func aLongRequestTakesTheRoomOfAFreeConnection() throws {
    let endpoint = try Endpoint(answering(""))
    let relay = try RelayFixture([endpoint.port], policy: { $0.header.max_connections = 1 })
    #expect(try relay.ask(get).body.isEmpty)
    let body = String(repeating: "x", count: 200_000)
    let wire = try relay.connect()
    try wire.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 200000\r\n\r\n")
    usleep(20_000)
    try wire.send(body)
    #expect(try wire.message().body == body)
    #expect(endpoint.connections == 2)
  }

  @Test func movesToASuccessorWithTheConnection() throws {
    let endpoint = try Endpoint(answering("ok"))
    let relay = try RelayFixture([endpoint.port], policy: { $0.header.max_connections = 1 })
    _ = try relay.ask(get)
    try relay.inside { inside in
      var moved: [MovedSocket] = []
      inside.relay.handOver { moved += $0 }
      #expect(inside.relay.pools.connections.isEmpty)
      let successor = Relay(
        records: inside.records, options: RelayOptions(), loop: inside.loop, logger: inside.relay.logger)
      for socket in moved {
        if case .pool(let slot) = socket.kind { successor.adopt(poolSocket: socket.descriptor, slot: slot) }
      }
      #expect(successor.pools.connections == [0: 1])
      #expect(!successor.pools.mayConnect(0))
      for pool in successor.pools.all { successor.pools.retire(pool) }
      #expect(successor.pools.connections.isEmpty)
    }
  }

  @Test(arguments: [1, 3]) func aConnectionCarriesAsManyRequestsAsItMay(limit: UInt32) throws {
    let endpoint = try Endpoint { wire, number in
      while try !wire.message().head.isEmpty {
        try wire.send("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n\(number)")
      }
    }
    let relay = try RelayFixture([endpoint.port], policy: { $0.pool.max_requests_per_connection = limit })
    let wire = try relay.connect()
    for number in 0..<6 {
      try wire.send(get)
      #expect(try wire.message().body == "\(number / Int(limit))")
    }
  }

  @Test func aFreeConnectionIsClosedAfterThePolicysTime() throws {
    let endpoint = try Endpoint(answering("ok"))
    let relay = try RelayFixture([endpoint.port], policy: { $0.pool.idle_timeout_ms = 100 })
    _ = try relay.ask(get)
    try relay.eventually("it is closed", seconds: 2) { $0.relay.pools.connections.isEmpty }
  }

  @Test func aConnectFailsAfterThePolicysTime() throws {
    // A full backlog drops what comes, so that a connect hangs.
    let full = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(full) }
    var address = loopback(0)
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(full, $0, size)
        Glibc.listen(full, 0)
        getsockname(full, $0, &size)
      }
    }
    let port = UInt16(bigEndian: address.sin_port)
    let filling = try Wire(port: port)
    let relay = try RelayFixture([port], policy: { $0.pool.connect_timeout_ms = 50 })
    let began = Clock.now()
    expect(try relay.ask(get), 503, "connect_failure")
    #expect(Clock.now() - began < 1_000_000_000)
    filling.close()
  }
}
