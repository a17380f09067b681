// SPDX-License-Identifier: Apache-2.0

import Glibc
import SwerveABI
import SwerveCore
import Synchronization
import Testing

@testable import Relay

let get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"

/// That the relay itself has answered, and why.
func expect(
  _ response: (head: String, body: String), _ status: Int, _ reason: String,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(response.head.hasPrefix("http/1.1 \(status) "), sourceLocation: sourceLocation)
  #expect(field("x-swerve-reason", of: response.head) == reason, sourceLocation: sourceLocation)
  #expect(field("server", of: response.head) == "swerve", sourceLocation: sourceLocation)
  #expect((field("retry-after", of: response.head) != nil) == (status == 503), sourceLocation: sourceLocation)
}

/// How many requests an endpoint has at a time, and had at most.
final class InFlight: Sendable {
  private let counts = Mutex((now: 0, most: 0))
  var most: Int { counts.withLock { $0.most } }

  func enter() {
    counts.withLock {
      $0.now += 1
      $0.most = max($0.most, $0.now)
    }
  }

  func leave() { counts.withLock { $0.now -= 1 } }
}

@Suite(.timeLimit(.minutes(1)), .serialized)
struct RequestLimitTests {
  /// Descriptors for so many clients, and what the relay accepts from them.
  private func raiseOpenFiles() {
    var limit = rlimit()
    getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    limit.rlim_cur = limit.rlim_max
    setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
  }

  @Test func burstsNeverOvershootTheLimit() throws {
    raiseOpenFiles()
    let inFlight = InFlight()
    let endpoint = try Endpoint { wire, _ in
      while try !wire.message().head.isEmpty {
        inFlight.enter()
        usleep(3_000)
        inFlight.leave()
        try wire.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
      }
    }
    let relay = try RelayFixture([endpoint.port], policy: { $0.header.max_requests = 16 })
    let wires = try (0..<512).map { _ in try relay.connect() }
    var answered = 0, refused = 0
    for _ in 0..<4 {
      for wire in wires { try wire.send(get) }
      for wire in wires {
        let response = try wire.message()
        if response.body == "ok" {
          answered += 1
        } else {
          refused += 1
          expect(response, 503, "max_requests")
        }
      }
    }
    #expect(inFlight.most <= 16)
    #expect(answered >= 4 * 16 && refused > 0)
    let counted = try relay.inside { inside in
      (
        inside.records.service(0)?.pointee.count(of: SWERVE_REASON_MAX_REQUESTS),
        inside.records.written.filter { $0.kind == UInt16(SWERVE_EVENT_LIMIT.rawValue) }
          .map { [UInt32($0.cause), $0.consecutive] }
      )
    }
    #expect(counted.0 == UInt64(refused))
    #expect(counted.1.first == [SWERVE_CAUSE_MAX_REQUESTS.rawValue, 16])
    #expect(counted.1.count < 10, "a flood of refusals is not one of events")
  }

  @Test func countsWhatTheKernelHasAdmitted() throws {
    let endpoint = try Endpoint(answering("ok"))
    let relay = try RelayFixture([endpoint.port], policy: { $0.header.max_requests = 1 })
    try relay.inside { inside in
      if let service = inside.records.service(0) { #expect(swerve_native_admit_request(service, 1) != 0) }
    }
    expect(try relay.ask(get), 503, "max_requests")
    try relay.inside { inside in
      if let service = inside.records.service(0) { swerve_native_request_withdrawn(service) }
    }
    #expect(try relay.ask(get).body == "ok")
  }

  @Test func aClientMayAskAgainAsSoonAsItIsAnswered() throws {
    let endpoint = try Endpoint(answering("ok"))
    let relay = try RelayFixture([endpoint.port], policy: { $0.header.max_requests = 1 })
    let wire = try relay.connect()
    for _ in 0..<200 {
      try wire.send(get)
      #expect(try wire.message().body == "ok")
    }
  }

  @Test func aClientThatGoesAwayWhileItWaitsIsUnderWayNoMore() throws {
    let release = DispatchEnd()
    let endpoint = try Endpoint { wire, _ in
      while try !wire.message().head.isEmpty {
        release.wait()
        try wire.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
      }
    }
    let relay = try RelayFixture(
      [endpoint.port],
      policy: {
        $0.header.max_requests = 2
        $0.header.max_connections = 1
      })
    let first = try relay.connect()
    try first.send(get)
    try relay.eventually("it is sent") { $0.records.endpointStates[0].in_flight == 1 }
    let second = try relay.connect()
    try second.send(get)
    try relay.eventually("it waits") { !$0.relay.pools.pending.isEmpty }
    expect(try relay.ask(get), 503, "max_requests")
    second.close(reset: true)
    try relay.eventually("one is under way") { $0.relay.requestsUnderWay(0) == 1 }
    release.signal()
    #expect(try first.message().body == "ok")
  }

  @Test func aRequestWithoutAnEndpointIsUnderWayNoMore() throws {
    let relay = try RelayFixture([], policy: { $0.header.max_requests = 1 })
    for _ in 0..<3 { expect(try relay.ask(get), 503, "no_endpoint") }
  }

  @Test func countsWhatMayNotWait() throws {
    let release = DispatchEnd()
    let endpoint = try Endpoint { wire, _ in
      while try !wire.message().head.isEmpty {
        release.wait()
        release.signal()
        try wire.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
      }
    }
    let relay = try RelayFixture(
      [endpoint.port],
      policy: {
        $0.pool.max_pending_requests = 1
        $0.header.max_connections = 1
      })
    let wires = try (0..<2).map { _ in try relay.connect() }
    try wires[0].send(get)
    try relay.eventually("it is sent") { $0.records.endpointStates[0].in_flight == 1 }
    try wires[1].send(get)
    try relay.eventually("it waits") { $0.relay.pools.pending[0] == 1 }
    expect(try relay.ask(get), 503, "pending")
    let counted = try relay.inside { inside in
      (
        inside.records.service(0)?.pointee.count(of: SWERVE_REASON_PENDING),
        inside.records.written.map { UInt32($0.cause) }
      )
    }
    #expect(counted.0 == 1)
    #expect(counted.1 == [SWERVE_CAUSE_PENDING.rawValue])
    release.signal()
    for wire in wires { #expect(try wire.message().body == "ok") }
  }
}
