// SPDX-License-Identifier: Apache-2.0

import Glibc
import SwerveABI
import Synchronization
import Testing

@testable import Relay

/// Answers with the status lines in turn, the last one from then on, or resets the connection, or is silent; counts the requests it has got.
final class Sequence: Sendable {
  private let statuses: [String]
  private let count = Mutex(0)
  var requests: Int { count.withLock { $0 } }

  init(_ statuses: String...) { self.statuses = statuses }

  func endpoint() throws -> Endpoint {
    try Endpoint { [self] wire, number in
      while true {
        let request = try wire.message()
        if request.head.isEmpty { return }
        let status = count.withLock { count in
          count += 1
          return statuses[min(count, statuses.count) - 1]
        }
        if status == "reset" { return wire.close(reset: true) }
        if status == "silent" { continue }
        let text = "\(status) \(number)\(request.body)"
        try wire.send("HTTP/1.1 \(status)\r\ncontent-length: \(text.utf8.count)\r\n\r\n\(text)")
      }
    }
  }
}

@Suite(.timeLimit(.minutes(1)))
struct RetryTests {
  private let post = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n!"

  private func counts(_ relay: RelayFixture) throws -> [UInt64] {
    try relay.inside { inside in
      guard let service = inside.records.service(0)?.pointee else { return [] }
      return [service.count(of: SWERVE_PATH_RETRY), service.count(of: SWERVE_PATH_RETRY_OVERFLOW)]
    }
  }

  @Test(arguments: [
    ("503 No", SWERVE_RETRY_5XX), ("500 No", SWERVE_RETRY_5XX), ("502 No", SWERVE_RETRY_GATEWAY_ERROR),
    ("409 No", SWERVE_RETRY_RETRIABLE_4XX), ("reset", SWERVE_RETRY_RESET), ("reset", SWERVE_RETRY_5XX),
  ]) func sendsAgainWhatThePolicyNames(first: String, condition: swerve_retry) throws {
    let sequence = Sequence(first, "200 OK")
    let endpoint = try sequence.endpoint()
    let relay = try RelayFixture([endpoint.port], policy: { $0.retry(2, on: condition) })
    #expect(try relay.ask(get).head.hasPrefix("http/1.1 200"))
    #expect(sequence.requests == 2)
    #expect(try counts(relay) == [1, 0])
  }

  @Test(arguments: [
    ("500 No", SWERVE_RETRY_GATEWAY_ERROR), ("503 No", SWERVE_RETRY_RESET), ("404 No", SWERVE_RETRY_5XX),
    ("503 No", SWERVE_RETRY_CONNECT_FAILURE),
  ]) func forwardsWhatThePolicyDoesNotName(first: String, condition: swerve_retry) throws {
    let sequence = Sequence(first, "200 OK")
    let endpoint = try sequence.endpoint()
    let relay = try RelayFixture([endpoint.port], policy: { $0.retry(2, on: condition) })
    #expect(try relay.ask(get).head.hasPrefix("http/1.1 \(first.lowercased())"))
    #expect(sequence.requests == 1)
  }

  @Test func forwardsTheLastResponseWhenTheAttemptsAreUsedUp() throws {
    let sequence = Sequence("503 No")
    let endpoint = try sequence.endpoint()
    let relay = try RelayFixture([endpoint.port], policy: { $0.retry(2, on: SWERVE_RETRY_5XX) })
    let response = try relay.ask(get)
    #expect(response.head.hasPrefix("http/1.1 503"))
    #expect(field("x-swerve-reason", of: response.head) == nil, "it is the endpoint's")
    #expect(sequence.requests == 3)
    // Every attempt is one response for the endpoint.
    let pool = try relay.inside { ($0.records.pool(0)?.pointee.responses.5, $0.records.endpointStates[0].selected) }
    #expect(pool.0 == 3 && pool.1 == 3)
  }

  @Test func keepsTheConnectionOfAResponseThatWasReadToItsEnd() throws {
    let sequence = Sequence("503 No", "200 OK")
    let endpoint = try sequence.endpoint()
    let relay = try RelayFixture([endpoint.port], policy: { $0.retry(1, on: SWERVE_RETRY_5XX) })
    #expect(try relay.ask(get).body == "200 OK 0")
    #expect(endpoint.connections == 1)
  }

  @Test func closesTheConnectionOfAResponseThatIsStillToCome() throws {
    let endpoint = try Endpoint { wire, number in
      while try !wire.message().head.isEmpty {
        if number == 0 {
          try wire.send("HTTP/1.1 503 No\r\nContent-Length: 1000\r\n\r\nbeginning")
        } else {
          try wire.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        }
      }
    }
    let relay = try RelayFixture([endpoint.port], policy: { $0.retry(1, on: SWERVE_RETRY_5XX) })
    #expect(try relay.ask(get).body == "ok")
    #expect(endpoint.connections == 2)
  }

  @Test func repeatsAPostOnlyWhenThePolicySaysSo() throws {
    for allowed in [false, true] {
      let sequence = Sequence("503 No", "200 OK")
      let endpoint = try sequence.endpoint()
      let relay = try RelayFixture(
        [endpoint.port],
        policy: {
          $0.retry(1, on: SWERVE_RETRY_5XX)
          if allowed { $0.requests.retry_on |= UInt32(SWERVE_RETRY_NON_IDEMPOTENT.rawValue) }
        })
      #expect(try relay.ask(post).body == (allowed ? "200 OK 0!" : "503 No 0!"))
      #expect(sequence.requests == (allowed ? 2 : 1))
    }
  }

  @Test func sendsTheWholeBodyAgain() throws {
    let sequence = Sequence("503 No", "200 OK")
    let endpoint = try sequence.endpoint()
    let relay = try RelayFixture([endpoint.port], policy: { $0.retry(1, on: SWERVE_RETRY_5XX) })
    let body = String(repeating: "0123456789", count: 6_000)
    let response = try relay.ask("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: \(body.utf8.count)\r\n\r\n" + body)
    #expect(response.body == "200 OK 0" + body)
  }

  @Test func doesNotRepeatWhatIsTooLongToBeKept() throws {
    let sequence = Sequence("503 No", "200 OK")
    let endpoint = try sequence.endpoint()
    let relay = try RelayFixture([endpoint.port], policy: { $0.retry(1, on: SWERVE_RETRY_5XX) })
    let body = String(repeating: "0123456789", count: 7_000)
    let response = try relay.ask("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: \(body.utf8.count)\r\n\r\n" + body)
    #expect(response.head.hasPrefix("http/1.1 503"))
    #expect(sequence.requests == 1)
  }

  @Test func neverAfterAByteOfTheResponse() throws {
    let count = Mutex(0)
    let endpoint = try Endpoint { wire, _ in
      _ = try wire.message()
      count.withLock { $0 += 1 }
      try wire.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this")
    }
    let relay = try RelayFixture([endpoint.port], policy: { $0.retry(3, on: SWERVE_RETRY_5XX, SWERVE_RETRY_RESET) })
    let wire = try relay.connect()
    try wire.send(get)
    _ = try wire.head()
    #expect(throws: Wire.Failure.self) { try wire.rest() }
    #expect(count.withLock { $0 } == 1)
  }

  @Test func neverAfterAnInterimResponse() throws {
    let endpoint = try Endpoint { wire, _ in
      while try !wire.message().head.isEmpty {
        try wire.send("HTTP/1.1 103 Early\r\n\r\nHTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n")
      }
    }
    let relay = try RelayFixture([endpoint.port], policy: { $0.retry(3, on: SWERVE_RETRY_5XX) })
    let wire = try relay.connect()
    try wire.send(get)
    #expect(try wire.head().hasPrefix("http/1.1 103"))
    #expect(try wire.head().hasPrefix("http/1.1 503"))
    #expect(try counts(relay) == [0, 0])
  }

  @Test func avoidsTheEndpointThatWasTried() throws {
    let bad = try Sequence("503 No").endpoint()
    let good = try Sequence("200 OK").endpoint()
    let relay = try RelayFixture([bad.port, good.port], policy: { $0.retry(1, on: SWERVE_RETRY_5XX) })
    for _ in 0..<10 { #expect(try relay.ask(get).head.hasPrefix("http/1.1 200")) }
  }

  @Test func triesAgainWhenNoEndpointCanBeReached() throws {
    let relay = try RelayFixture([try refusingPort()], policy: { $0.retry(2, on: SWERVE_RETRY_CONNECT_FAILURE) })
    expect(try relay.ask(post), 503, "connect_failure")
    #expect(try counts(relay) == [2, 0])
  }

  @Test func noMoreRetriesAreUnderWayThanThePolicyAllows() throws {
    let endpoint = try Endpoint { wire, _ in
      while try !wire.message().head.isEmpty {
        usleep(20_000)
        try wire.send("HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n")
      }
    }
    let relay = try RelayFixture(
      [endpoint.port],
      policy: {
        $0.retry(1, on: SWERVE_RETRY_5XX)
        $0.requests.max_retries = 2
      })
    let wires = try (0..<10).map { _ in try relay.connect() }
    for wire in wires { try wire.send(get) }
    for wire in wires { #expect(try wire.head().hasPrefix("http/1.1 503")) }
    let counted = try counts(relay)
    #expect(counted[0] >= 2 && counted[1] >= 1 && counted[0] + counted[1] == 10)
  }

  @Test func aRetryIsAdmittedLikeAnyRequest() throws {
    let inFlight = InFlight()
    let endpoint = try Endpoint { wire, _ in
      while try !wire.message().head.isEmpty {
        inFlight.enter()
        usleep(2_000)
        inFlight.leave()
        try wire.send("HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n")
      }
    }
    let relay = try RelayFixture(
      [endpoint.port],
      policy: {
        $0.retry(2, on: SWERVE_RETRY_5XX)
        $0.header.max_requests = 4
      })
    let wires = try (0..<40).map { _ in try relay.connect() }
    for _ in 0..<3 {
      for wire in wires { try wire.send(get) }
      for wire in wires { #expect(try wire.message().head.hasPrefix("http/1.1 503")) }
    }
    #expect(inFlight.most <= 4)
  }

  @Test func aClientThatGoesAwayBeforeTheRetryIsForgotten() throws {
    let sequence = Sequence("503 No", "200 OK")
    let endpoint = try sequence.endpoint()
    let relay = try RelayFixture(
      [endpoint.port],
      policy: {
        $0.retry(1, on: SWERVE_RETRY_5XX)
        $0.requests.retry_backoff_ms = 60_000
      })
    let wire = try relay.connect()
    try wire.send(get)
    try relay.eventually("it waits for its retry") {
      $0.records.service(0)?.pointee.count(of: SWERVE_PATH_RETRY) == 1 && $0.records.endpointStates[0].in_flight == 0
    }
    #expect(try relay.inside { $0.relay.requestsUnderWay(0) } == 1)
    wire.close(reset: true)
    try relay.eventually("nothing is under way") { $0.relay.isQuiet && $0.relay.requestsUnderWay(0) == 0 }
  }
}
