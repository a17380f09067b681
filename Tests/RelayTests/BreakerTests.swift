// SPDX-License-Identifier: Apache-2.0

import Glibc
import SwerveABI
import SwerveCore
import Testing

@testable import Relay

/// What the relay's requests say of an endpoint.
@Suite(.timeLimit(.minutes(1)))
struct BreakerTests {
  private func breaker(_ inside: RelayFixture.Inside) -> swerve_breaker {
    let word = UInt32(truncatingIfNeeded: inside.records.endpointStates[0].breaker)
    return swerve_breaker(word & SWERVE_BREAKER_STATES.rawValue)
  }

  /// Ejects endpoint 0 until a moment ago.
  private func eject(_ inside: RelayFixture.Inside) {
    inside.records.endpointStates[0].breaker =
      (Clock.now() - 1_000_000) & ~UInt64(SWERVE_BREAKER_FLAGS.rawValue) | UInt64(SWERVE_BREAKER_OPEN.rawValue)
    inside.records.service(0)?.pointee.ejected = 1
  }

  @Test func failuresInARowEjectAndARefusalSaysSo() throws {
    let endpoint = try Sequence("500 No").endpoint()
    let relay = try RelayFixture([endpoint.port], policy: { $0.outlier.consecutive_5xx = 5 })
    for _ in 0..<5 { #expect(try relay.ask(get).head.hasPrefix("http/1.1 500")) }
    expect(try relay.ask(get), 503, "no_healthy")
    let events = try relay.inside { $0.records.written.map { [UInt32($0.kind), UInt32($0.cause)] } }
    #expect(events.first == [SWERVE_EVENT_OPEN.rawValue, SWERVE_CAUSE_CONSECUTIVE_5XX.rawValue])
  }

  @Test func aSuccessfulProbeClosesTheBreaker() throws {
    let endpoint = try Endpoint(answering("ok"))
    let relay = try RelayFixture([endpoint.port])
    try relay.inside { eject($0) }
    #expect(try relay.ask(get).body == "ok")
    #expect(try relay.inside { breaker($0) } == SWERVE_BREAKER_CLOSED)
  }

  @Test func aRetryMayBeTheProbe() throws {
    // The probe begins after the request: it must be judged as one all the same.
    let endpoint = try Endpoint(answering("ok")), other = try Sequence("503 No").endpoint()
    let relay = try RelayFixture([endpoint.port, other.port], policy: { $0.retry(1, on: SWERVE_RETRY_5XX) })
    try relay.inside { inside in
      eject(inside)
      // The second one is next in turn.
      inside.records.service(0)?.pointee.sequence = 1
    }
    #expect(try relay.ask(get).body == "ok")
    #expect(try relay.inside { breaker($0) } == SWERVE_BREAKER_CLOSED)
  }

  @Test func aProbeThatCannotBeSentIsGivenBack() throws {
    let relay = try RelayFixture([try refusingPort()])
    try relay.inside { eject($0) }
    #expect(try relay.ask(get).head.hasPrefix("http/1.1 503"))
    #expect(try relay.inside { breaker($0) } == SWERVE_BREAKER_OPEN, "ejected for longer, not half-open")
  }

  @Test func aProbeAtALimitIsGivenBack() throws {
    let endpoint = try Endpoint(answering("ok"))
    let relay = try RelayFixture([endpoint.port], policy: { $0.pool.max_pending_requests = 0 })
    try relay.inside { eject($0) }
    expect(try relay.ask(get), 503, "pending")
    #expect(try relay.inside { breaker($0) } == SWERVE_BREAKER_OPEN)
  }

  @Test func aProbeOfATunnelIsJudgedByItsConnect() throws {
    let endpoint = try Endpoint { wire, _ in _ = try? wire.rest() }
    let relay = try RelayFixture([endpoint.port])
    try relay.inside { eject($0) }
    let wire = try relay.connect()
    try wire.send("\u{16}\u{3}\u{1} not HTTP")
    try relay.eventually("it is connected") { breaker($0) == SWERVE_BREAKER_CLOSED }
  }

  @Test func aClientThatGoesAwaySaysNothingOfTheEndpoint() throws {
    let endpoint = try Endpoint { wire, _ in _ = try? wire.rest() }
    let relay = try RelayFixture([endpoint.port], policy: { $0.outlier.consecutive_5xx = 1 })
    let wire = try relay.connect()
    try wire.send(get)
    try relay.eventually("it is sent") { $0.records.endpointStates[0].in_flight == 1 }
    wire.close(reset: true)
    try relay.eventually("it is over") { $0.relay.isQuiet && $0.records.endpointStates[0].in_flight == 0 }
    let state = try relay.inside { inside in
      (breaker(inside), inside.records.endpointStates[0].consecutive_5xx, inside.records.pool(0)?.pointee.failed)
    }
    #expect(state.0 == SWERVE_BREAKER_CLOSED && state.1 == 0 && state.2 == 1)
  }

  @Test func aMalformedRequestSaysNothingOfTheEndpoint() throws {
    let endpoint = try Endpoint { wire, _ in _ = try? wire.rest() }
    let relay = try RelayFixture([endpoint.port], policy: { $0.outlier.consecutive_5xx = 1 })
    let wire = try relay.connect()
    try wire.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
    try relay.eventually("it is sent") { $0.records.endpointStates[0].in_flight == 1 }
    try wire.send("no size\r\n")
    expect(try wire.message(), 400, "malformed_request")
    #expect(try relay.inside { breaker($0) } == SWERVE_BREAKER_CLOSED)
  }

  @Test(arguments: ["garbage\r\n\r\n", "reset"]) func whatIsNoResponseIsAFailure(text: String) throws {
    let endpoint = try Endpoint { wire, _ in
      _ = try wire.message()
      if text == "reset" { return wire.close(reset: true) }
      try wire.send(text)
      _ = try? wire.rest()
    }
    let relay = try RelayFixture([endpoint.port], policy: { $0.outlier.consecutive_local = 1 })
    #expect(try relay.ask(get).head.hasPrefix("http/1.1 502"))
    #expect(try relay.inside { breaker($0) } == SWERVE_BREAKER_OPEN)
  }

  @Test func theKernelsChoiceMayBeTheProbe() throws {
    let endpoint = try Endpoint(answering("ok")), other = try Endpoint(answering("other"))
    let relay = try RelayFixture([endpoint.port, other.port])
    try relay.inside { inside in
      let now = Clock.now()
      inside.records.endpointStates[0].breaker =
        now & ~UInt64(SWERVE_BREAKER_FLAGS.rawValue) | UInt64(SWERVE_BREAKER_HALF_OPEN.rawValue)
      inside.records.service(0)?.pointee.ejected = 1
      inside.records.acceptedIndex = 0
      inside.records.client(0)?.pointee.cookie = 7
      inside.records.client(0)?.pointee.slot = UInt32(SWERVE_CLIENT_CHOSEN)
      // The kernel has admitted it.
      if let service = inside.records.service(0) { _ = swerve_native_admit_request(service, .max) }
    }
    #expect(try relay.ask(get).body == "ok")
    #expect(try relay.inside { breaker($0) } == SWERVE_BREAKER_CLOSED)
  }
}
