// SPDX-License-Identifier: Apache-2.0

import Agent
import Foundation
import Testbed
import Testing

extension KernelTests {
  /// What the relay makes of requests that the kernel carries and that come to nothing, on real sockets.
  @Suite(.serialized) struct RetryTests {
    private static func route(_ settings: String) -> String {
      """
      apiVersion: networking.istio.io/v1
      kind: VirtualService
      metadata: {name: guarded, namespace: default}
      spec:
        hosts: [guarded]
        http:
        - route: [{destination: {host: guarded}}]
      \(settings.split(separator: "\n").map { "    \($0)" }.joined(separator: "\n"))

      """
    }

    private static func ask(_ client: RawConnection) throws -> String {
      try client.send(Array("GET / HTTP/1.1\r\nHost: guarded\r\n\r\n".utf8))
      var text = ""
      while true {
        let more = try client.receive()
        try #require(!more.isEmpty, "closed after \(text)")
        text += String(decoding: more, as: UTF8.self)
        guard let end = text.range(of: "\r\n\r\n") else { continue }
        let line = text.lowercased().split(separator: "\r\n").first { $0.hasPrefix("content-length:") }
        let size = line.flatMap { Int($0.dropFirst(15).drop { $0 == " " }) } ?? 0
        if text[end.upperBound...].utf8.count >= size { return text }
      }
    }

    @Test func aFailedRequestOfTheKernelIsAnsweredByAnotherEndpoint() throws {
      let policy = Self.route("retries: {attempts: 3, retryOn: \"5xx\"}")
      try BreakerFixture.with(endpoints: 2, policy: policy) { fixture in
        try fixture.backends[0].behave(.status(503))
        let before = try fixture.snapshot().requests
        let client = try RawConnection(to: fixture.vip)
        for _ in 0..<50 { #expect(try Self.ask(client).hasPrefix("HTTP/1.1 200")) }
        let after = try fixture.snapshot().requests
        #expect((after["local"] ?? 0) > (before["local"] ?? 0), "the kernel carries the first attempts")
        #expect((after["response_retry"] ?? 0) > (before["response_retry"] ?? 0), "and leaves what has failed")
        #expect((after["retry"] ?? 0) > (before["retry"] ?? 0))
      }
    }

    @Test func aRequestOfTheKernelThatHangsIsSentAgainInTime() throws {
      let policy = Self.route("timeout: 2s\nretries: {attempts: 3, perTryTimeout: 100ms, retryOn: \"5xx\"}")
      try BreakerFixture.with(endpoints: 2, policy: policy) { fixture in
        try fixture.backends[0].behave(.hang)
        let client = try RawConnection(to: fixture.vip)
        var longest: UInt64 = 0
        for _ in 0..<10 {
          let started = MonotonicClock.nanoseconds
          #expect(try Self.ask(client).hasPrefix("HTTP/1.1 200"))
          longest = max(longest, MonotonicClock.nanoseconds - started)
        }
        #expect(longest < 1_000_000_000)
        #expect((try fixture.snapshot().requests["retry"] ?? 0) > 0)
      }
    }

    @Test func aRequestOfTheKernelIsAnsweredWhenItsTimeIsUp() throws {
      try BreakerFixture.with(endpoints: 1, policy: Self.route("timeout: 150ms")) { fixture in
        try fixture.backends[0].behave(.hang)
        let client = try RawConnection(to: fixture.vip)
        let started = MonotonicClock.nanoseconds
        let response = try Self.ask(client)
        let took = Double(MonotonicClock.nanoseconds - started) / 1_000_000
        #expect(response.hasPrefix("HTTP/1.1 504"))
        #expect(response.contains("x-swerve-reason: request_timeout\r\n"))
        #expect(took >= 149 && took < 250, "\(took) ms")
      }
    }

    @Test func aConnectionCarriesNoMoreRequestsOfTheKernelThanItMay() throws {
      let policy = """
        apiVersion: networking.istio.io/v1
        kind: DestinationRule
        metadata: {name: guarded, namespace: default}
        spec:
          host: guarded
          trafficPolicy: {connectionPool: {http: {maxRequestsPerConnection: 5}}}

        """
      try BreakerFixture.with(endpoints: 1, policy: policy) { fixture in
        let client = try RawConnection(to: fixture.vip)
        for _ in 0..<2000 { #expect(try Self.ask(client).hasPrefix("HTTP/1.1 200")) }
        let states = (0..<64).compactMap { fixture.node.tables.endpointStates[$0]?.pointee }
        let requests = states.reduce(0) { $0 + $1.selected }, connections = states.reduce(0) { $0 + $1.established }
        #expect(requests >= 2000 && connections * 5 >= requests, "\(requests) requests on \(connections) connections")
        #expect((try fixture.snapshot().requests["local"] ?? 0) > 0)
      }
    }

    @Test func aFixedResponseAnswersWhenNoEndpointMay() throws {
      let policy = """
        apiVersion: swerve.dev/v1alpha1
        kind: TrafficPolicy
        metadata: {name: guarded, namespace: default}
        spec:
          host: guarded
          fallback: {response: {status: 200, body: "sorry"}}

        """
      try BreakerFixture.with(endpoints: 1, policy: policy) { fixture in
        fixture.backends[0].process.kill()
        let client = try RawConnection(to: fixture.vip)
        eventually("the fallback does not answer") { (try? Self.ask(client))?.hasSuffix("sorry") == true }
        #expect((try fixture.snapshot().requests["fallback"] ?? 0) > 0)
      }
    }
  }
}
