// SPDX-License-Identifier: Apache-2.0

import Glibc
import SwerveABI
import SwerveCore
import Testing

@testable import Relay

/// Requests that the kernel has sent to an endpoint and that come to nothing there.
@Suite(.timeLimit(.minutes(1)), .serialized)
struct KernelRetryTests {
  /// A relay with a warm connection and a client whose request the kernel carries.
  private func carried(
    _ endpoint: Endpoint, keeps: Bool = true, leavesResponse: Bool = false,
    policy: @escaping @Sendable (inout TestPolicy) -> Void
  ) throws -> (RelayFixture, Wire) {
    let relay = try RelayFixture([endpoint.port], policy: policy)
    #expect(try relay.ask(get).head.hasPrefix("http/1.1 200"), "warms the connection")
    try relay.inside { KernelStandIn.prepare($0) }
    let wire = try relay.connect()
    try relay.eventually("the client is there") { $0.relay.clients.values.contains { $0.index == 0 } }
    let isCarried = try relay.inside { KernelStandIn.carry(get, $0, keeps: keeps, leavesResponse: leavesResponse) }
    #expect(isCarried)
    return (relay, wire)
  }

  private func retries(_ relay: RelayFixture) throws -> UInt64? {
    try relay.inside { $0.records.service(0)?.pointee.count(of: SWERVE_PATH_RETRY) }
  }

  @Test(arguments: ["reset", "silent"]) func aLostRequestIsSentAgain(how: String) throws {
    let sequence = how == "reset" ? Sequence("200 OK", "reset", "200 OK") : Sequence("200 OK", "silent", "200 OK")
    let endpoint = try sequence.endpoint()
    let (relay, wire) = try carried(endpoint) {
      $0.retry(2, on: SWERVE_RETRY_5XX)
      $0.requests.per_try_timeout_ms = 100
    }
    #expect(try wire.message().head.hasPrefix("http/1.1 200"))
    #expect(sequence.requests == 3)
    #expect(try retries(relay) == 1)
    // The client is an ordinary one afterwards.
    try wire.send(get)
    #expect(try wire.message().head.hasPrefix("http/1.1 200"))
    let state = try relay.inside { ($0.records.pool(0)?.pointee.failed, $0.records.endpointStates[0].in_flight) }
    #expect(state.0 == 1 && state.1 == 0)
  }

  @Test func whatWasNotKeptIsNotSentAgain() throws {
    let sequence = Sequence("200 OK", "reset", "200 OK")
    let endpoint = try sequence.endpoint()
    let (relay, wire) = try carried(endpoint, keeps: false) { $0.retry(2, on: SWERVE_RETRY_5XX) }
    expect(try wire.message(), 502, "connection_termination")
    #expect(sequence.requests == 2)
    #expect(try retries(relay) == 0)
  }

  @Test func whatAnotherSlotHasOverwrittenIsNotSentAgain() throws {
    let sequence = Sequence("200 OK", "silent", "200 OK")
    let endpoint = try sequence.endpoint()
    let (relay, wire) = try carried(endpoint) {
      $0.retry(2, on: SWERVE_RETRY_5XX)
      $0.requests.per_try_timeout_ms = 100
    }
    try relay.inside { inside in
      for slot in 0..<64 { inside.records.retained(slot: UInt32(slot))?.pointee.slot = 2_048 }
    }
    expect(try wire.message(), 504, "request_timeout")
    #expect(try retries(relay) == 0)
  }

  @Test func withoutAPolicyTheClientIsTold() throws {
    let sequence = Sequence("200 OK", "reset", "200 OK")
    let endpoint = try sequence.endpoint()
    let (relay, wire) = try carried(endpoint) { _ in }
    expect(try wire.message(), 502, "connection_termination")
    #expect(try retries(relay) == 0)
  }

  @Test func anExchangeOfTheKernelEndsInTime() throws {
    let endpoint = try Sequence("200 OK", "silent").endpoint()
    let began = Clock.now()
    let (relay, wire) = try carried(endpoint, keeps: false) { $0.requests.timeout_ms = 300 }
    let started = try relay.inside { inside in inside.records.slot(0)?.pointee.started_ns ?? 0 }
    #expect(started > began)
    expect(try wire.message(), 504, "request_timeout")
    let took = Double(Clock.now() - started) / 1_000_000
    #expect(took >= 299 && took < 320, "\(took) ms")
    #expect(try relay.inside { $0.records.endpointStates[0].in_flight } == 0)
  }

  @Test func aResponseLeftForARetryIsDiscarded() throws {
    let sequence = Sequence("200 OK", "503 No", "200 OK")
    let endpoint = try sequence.endpoint()
    let (relay, wire) = try carried(endpoint, leavesResponse: true) { $0.retry(1, on: SWERVE_RETRY_5XX) }
    #expect(try wire.message().body == "200 OK 0", "the connection is of use again")
    let pool = try relay.inside { ($0.records.pool(0)?.pointee.responses.5, $0.records.pool(0)?.pointee.responses.2) }
    #expect(pool.0 == 1 && pool.1 == 2)
  }

  @Test func aResponseLeftForARetryIsForwardedWhenThereIsNoneLeft() throws {
    let sequence = Sequence("200 OK", "503 No", "200 OK")
    let endpoint = try sequence.endpoint()
    let (relay, wire) = try carried(endpoint, leavesResponse: true) {
      $0.retry(1, on: SWERVE_RETRY_5XX)
      $0.requests.max_retries = 0
    }
    #expect(try wire.message().body == "503 No 0")
    let overflow = try relay.inside { $0.records.service(0)?.pointee.count(of: SWERVE_PATH_RETRY_OVERFLOW) }
    #expect(overflow == 1)
  }

  @Test func aClientThatIsGoneSaysNothingOfTheEndpoint() throws {
    let endpoint = try Sequence("200 OK", "silent").endpoint()
    let (relay, wire) = try carried(endpoint) {
      $0.retry(1, on: SWERVE_RETRY_5XX)
      $0.outlier.consecutive_local = 1
    }
    try relay.inside { $0.records.client(0)?.pointee.state |= UInt64(SWERVE_CLIENT_GONE.rawValue) }
    wire.close()
    try relay.eventually("it is over") { $0.records.endpointStates[0].in_flight == 0 }
    let state = try relay.inside {
      ($0.records.endpointStates[0].breaker, $0.records.endpointStates[0].consecutive_local)
    }
    #expect(state.0 == 0 && state.1 == 0)
    #expect(try retries(relay) == 0)
  }

  @Test func aConnectionTheKernelHasUsedUpIsClosed() throws {
    let endpoint = try Sequence("200 OK").endpoint()
    let relay = try RelayFixture([endpoint.port], policy: { $0.pool.max_requests_per_connection = 100 })
    #expect(try relay.ask(get).body == "200 OK 0")
    try relay.inside { inside in
      guard let state = inside.records.endpointState(0), let slot = inside.records.slot(0) else { return }
      _ = swerve_native_lease(swerve_native_warm(state))
      slot.pointee.stage = UInt32(SWERVE_STAGE_SPENT.rawValue)
    }
    try relay.eventually("it is closed", seconds: 1) { $0.relay.pools.connections.isEmpty }
    #expect(try relay.ask(get).body == "200 OK 1")
  }
}
