// SPDX-License-Identifier: Apache-2.0

import Glibc
import SwerveABI
import Testing

@testable import Relay

@Suite(.timeLimit(.minutes(1)))
struct DrainingTests {
  @Test(arguments: [true, false]) func anEndpointThatDrainsFinishesWhatItHas(isListed: Bool) throws {
    let release = DispatchEnd()
    let old = try Endpoint { wire, _ in
      while true {
        let request = try wire.message()
        if request.head.isEmpty { return }
        if request.head.hasPrefix("get /slow") { release.wait() }
        try wire.send("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nold")
      }
    }
    let new = try Endpoint(answering("new"))
    let relay = try RelayFixture([old.port])
    let slow = try relay.connect()
    try slow.send("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n")
    try relay.eventually("it is sent") { $0.records.endpointStates[0].in_flight == 1 }
    // A second connection, which is free.
    #expect(try relay.ask(get).body == "old")
    #expect(try relay.inside { $0.relay.pools.connections[0] } == 2)
    let port = old.port
    try relay.inside { inside in
      // The new endpoint has another id; the old one drains, or is gone.
      inside.records.publish(ports: [new.port], draining: isListed ? [port] : [], ids: [1, 0])
    }
    for _ in 0..<5 { #expect(try relay.ask(get).body == "new") }
    try relay.eventually("the free connection is closed", seconds: 1) { inside in
      inside.relay.pools.retired.contains { $0.target.id == 0 && $0.connectionCount == 1 }
    }
    release.signal()
    #expect(try slow.message().body == "old")
    try relay.eventually("the other one, too") { inside in
      !inside.relay.pools.all.contains { $0.target.id == 0 }
    }
    try slow.send(get)
    #expect(try slow.message().body == "new", "the client has not noticed")
  }

  @Test func whatWaitsForADrainingEndpointGoesElsewhere() throws {
    let release = DispatchEnd()
    let old = try Endpoint { wire, _ in
      _ = try wire.message()
      release.wait()
      try wire.send("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nold")
    }
    let new = try Endpoint(answering("new"))
    var options = RelayOptions()
    options.poolConnectionsMax = 1
    let relay = try RelayFixture([old.port], options: options)
    let first = try relay.connect(), second = try relay.connect()
    try first.send(get)
    try relay.eventually("it is sent") { $0.records.endpointStates[0].in_flight == 1 }
    try second.send(get)
    try relay.eventually("it waits") { $0.relay.pools.pending[0] == 1 }
    try relay.inside { $0.records.publish(ports: [new.port], firstID: 1) }
    #expect(try second.message().body == "new")
    release.signal()
    #expect(try first.message().body == "old")
  }
}
