// SPDX-License-Identifier: Apache-2.0

import Foundation
import SwerveABI
import Testing

@testable import Relay

/// What answers in a service's place: service 0 is the one asked, service 1 its fallback.
@Suite(.timeLimit(.minutes(1)))
struct FallbackTests {
  /// Publishes the fallback at this port, or without an endpoint.
  private func publish(_ port: UInt16?, on relay: RelayFixture) throws {
    try relay.inside { $0.records.publish(ports: port.map { [$0] } ?? [], service: 1, firstID: 8) }
  }

  private func fallbacks(_ relay: RelayFixture, service: UInt32 = 0) throws -> UInt64? {
    try relay.inside { $0.records.service(service)?.pointee.count(of: SWERVE_PATH_FALLBACK) }
  }

  @Test func anotherServiceAnswersWithoutAnEndpoint() throws {
    let other = try Endpoint(answering("other"))
    let relay = try RelayFixture([], policy: { $0.pool.fallback = 1 })
    try publish(other.port, on: relay)
    let wire = try relay.connect()
    for _ in 0..<3 {
      try wire.send(get)
      #expect(try wire.message().body == "other")
    }
    #expect(try fallbacks(relay) == 3)
    let services = try relay.inside { inside in [0, 1].compactMap { inside.records.service($0)?.pointee.answered } }
    #expect(services == [0, 3], "it is a request of the other service")
  }

  @Test func anotherServiceAnswersWhenNoEndpointCanBeReached() throws {
    let other = try Endpoint(answering("other"))
    let relay = try RelayFixture([try refusingPort()], policy: { $0.pool.fallback = 1 })
    try publish(other.port, on: relay)
    #expect(try relay.ask("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n!").body == "other!")
  }

  @Test func anotherServiceAnswersAtALimit() throws {
    let endpoint = try Endpoint(answering("own")), other = try Endpoint(answering("other"))
    let relay = try RelayFixture(
      [endpoint.port],
      policy: {
        $0.pool.fallback = 1
        $0.header.max_requests = 0
      })
    try publish(other.port, on: relay)
    #expect(try relay.ask(get).body == "other")
  }

  @Test func anEndpointsFailureIsNotTheFallbacks() throws {
    let endpoint = try Sequence("503 No").endpoint(), other = try Endpoint(answering("other"))
    let relay = try RelayFixture([endpoint.port], policy: { $0.pool.fallback = 1 })
    try publish(other.port, on: relay)
    #expect(try relay.ask(get).body == "503 No 0")
    #expect(try fallbacks(relay) == 0)
  }

  @Test func thereIsOneHop() throws {
    let relay = try RelayFixture([], policy: { $0.pool.fallback = 1 })
    try relay.inside { $0.records.publish(ports: [], service: 1, firstID: 8) { $0.pool.fallback = 0 } }
    expect(try relay.ask(get), 503, "no_endpoint")
    #expect(try fallbacks(relay) == 1)
    #expect(try fallbacks(relay, service: 1) == 0)
  }

  @Test func theFallbacksOwnLimitCounts() throws {
    let other = try Endpoint(answering("other"))
    let relay = try RelayFixture([], policy: { $0.pool.fallback = 1 })
    try relay.inside { inside in
      inside.records.publish(ports: [other.port], service: 1, firstID: 8) { $0.header.max_requests = 0 }
    }
    expect(try relay.ask(get), 503, "max_requests")
    let refused = try relay.inside { $0.records.service(1)?.pointee.count(of: SWERVE_REASON_MAX_REQUESTS) }
    #expect(refused == 1)
  }

  // MARK: A fixed response

  private static let sorry = "HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: 6\r\n\r\nsorry\n"

  /// A relay of a service without endpoints, whose response is in a file; nil for none.
  private func relay(_ response: String?, fallback: UInt32 = .max) throws -> (RelayFixture, String) {
    let directory = NSTemporaryDirectory() + "responses-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    if let response { try response.write(toFile: directory + "/0", atomically: true, encoding: .utf8) }
    var options = RelayOptions()
    options.responsesDirectory = directory
    let relay = try RelayFixture(
      [], options: options,
      policy: {
        $0.pool.has_response = 1
        $0.pool.fallback = fallback
      })
    return (relay, directory)
  }

  @Test func aFixedResponseIsSentAndTheConnectionKept() throws {
    let (relay, directory) = try relay(FallbackTests.sorry)
    defer { try? FileManager.default.removeItem(atPath: directory) }
    let wire = try relay.connect()
    for _ in 0..<3 {
      try wire.send(get)
      let response = try wire.message()
      #expect(response.head.hasPrefix("http/1.1 200"))
      #expect(response.body == "sorry\n")
    }
    try wire.send("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n" + get)
    #expect(field("content-length", of: try wire.message(isHead: true).head) == "6")
    #expect(try wire.message().body == "sorry\n", "HEAD has no body")
    try wire.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
    #expect(try wire.message().body == "sorry\n")
    #expect(try wire.rest().isEmpty)
    #expect(try fallbacks(relay) == 6)
  }

  @Test(arguments: [
    nil, "", "HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\nsor", "HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\nmore",
    "no response",
  ]) func withoutAWholeResponseTheAnswerIsTheOrdinaryOne(text: String?) throws {
    let (relay, directory) = try relay(text)
    defer { try? FileManager.default.removeItem(atPath: directory) }
    for _ in 0..<2 { expect(try relay.ask(get), 503, "no_endpoint") }
  }

  @Test func aNewPublicationIsReadAnew() throws {
    let (relay, directory) = try relay(FallbackTests.sorry)
    defer { try? FileManager.default.removeItem(atPath: directory) }
    #expect(try relay.ask(get).body == "sorry\n")
    let other = "HTTP/1.1 503 No\r\ncontent-length: 5\r\n\r\nother"
    try other.write(toFile: directory + "/0", atomically: true, encoding: .utf8)
    #expect(try relay.ask(get).body == "sorry\n", "a file is published with its policy")
    try relay.inside { $0.records.publish(ports: []) { $0.pool.has_response = 1 } }
    #expect(try relay.ask(get).body == "other")
  }

  @Test func theResponseIsForWhenTheOtherServiceCanDoNothingEither() throws {
    let (relay, directory) = try relay(FallbackTests.sorry, fallback: 1)
    defer { try? FileManager.default.removeItem(atPath: directory) }
    try publish(nil, on: relay)
    #expect(try relay.ask(get).body == "sorry\n")
    #expect(try fallbacks(relay) == 1)
  }
}
