// SPDX-License-Identifier: Apache-2.0

import Glibc
import SwerveABI
import Testing

@testable import Relay

@Suite(.timeLimit(.minutes(1)), .serialized)
struct TimeoutTests {
  private let silent: Endpoint.Script = { wire, _ in _ = try? wire.rest() }

  /// Milliseconds until the request is answered.
  private func time(_ relay: RelayFixture, _ reason: String = "request_timeout") throws -> Double {
    let wire = try relay.connect()
    let began = Clock.now()
    try wire.send(get)
    let response = try wire.message()
    let took = Double(Clock.now() - began) / 1_000_000
    expect(response, 504, reason)
    return took
  }

  /// Of three requests: a busy machine may hold up one, but none is answered early.
  private func shortestTime(_ relay: RelayFixture) throws -> Double {
    let took = try (0..<3).map { _ in try time(relay) }
    return took.min() ?? .infinity
  }

  @Test func answersWithinAFewMillisecondsOfThePolicysTime() throws {
    let endpoint = try Endpoint(silent)
    let relay = try RelayFixture([endpoint.port], policy: { $0.requests.timeout_ms = 60 })
    let took = try shortestTime(relay)
    #expect(took >= 59 && took < 80, "\(took) ms")
    let counted = try relay.inside { ($0.records.endpointStates[0].in_flight, $0.records.pool(0)?.pointee.failed) }
    #expect(counted.0 == 0 && counted.1 == 3, "a request that timed out has failed")
  }

  @Test func thePolicysTimeComesBeforeTheNodes() throws {
    let endpoint = try Endpoint(silent)
    var options = RelayOptions()
    options.requestTimeout = .seconds(30)
    let relay = try RelayFixture([endpoint.port], options: options, policy: { $0.requests.timeout_ms = 50 })
    #expect(try shortestTime(relay) < 70)
  }

  @Test func anAttemptHasATimeOfItsOwn() throws {
    let endpoint = try Endpoint(silent)
    let relay = try RelayFixture(
      [endpoint.port],
      policy: {
        $0.requests.timeout_ms = 10_000
        $0.requests.per_try_timeout_ms = 50
      })
    let took = try shortestTime(relay)
    #expect(took >= 49 && took < 70, "\(took) ms")
  }

  @Test func aRequestHasOneTimeForAllItsAttempts() throws {
    let endpoint = try Endpoint(silent)
    let relay = try RelayFixture(
      [endpoint.port],
      policy: {
        $0.requests.timeout_ms = 120
        $0.requests.per_try_timeout_ms = 50
        $0.retry(10, on: SWERVE_RETRY_5XX)
      })
    let took = try shortestTime(relay)
    #expect(took >= 119 && took < 140, "\(took) ms")
    let retries = try relay.inside { $0.records.service(0)?.pointee.count(of: SWERVE_PATH_RETRY) ?? 0 }
    #expect(retries >= 3 && retries <= 6, "two for each request, unless this machine was busy")
  }

  @Test func aWaitForAConnectionIsPartOfTheTime() throws {
    let endpoint = try Endpoint(silent)
    let relay = try RelayFixture(
      [endpoint.port],
      policy: {
        $0.requests.timeout_ms = 80
        $0.header.max_connections = 1
      })
    let first = try relay.connect()
    try first.send(get)
    try relay.eventually("it is sent") { $0.records.endpointStates[0].in_flight == 1 }
    let took = try time(relay)
    #expect(took >= 79 && took < 150, "\(took) ms")
    expect(try first.message(), 504, "request_timeout")
  }

  @Test func aResponseInTimeIsLeftAlone() throws {
    let endpoint = try Endpoint(answering("ok"))
    let relay = try RelayFixture([endpoint.port], policy: { $0.requests.timeout_ms = 50 })
    let wire = try relay.connect()
    for _ in 0..<4 {
      try wire.send(get)
      #expect(try wire.message().body == "ok")
      usleep(30_000)
    }
  }

  @Test func cancelledTimersDoNotPileUp() throws {
    var queue = TimerQueue()
    for number in 0..<100_000 {
      let timer = EventLoop.Timer(interval: nil) {}
      queue.insert(timer, at: 1_000_000 + UInt64(number))
      timer.cancel()
    }
    #expect(queue.count <= 1024)
  }
}
