// SPDX-License-Identifier: Apache-2.0

import Agent
import Foundation
import Testbed
import Testing

extension KernelTests {
  /// Circuit breaking in request mode, on real sockets: what the policy promises about bursts, failures and reloads.
  @Suite(.serialized) struct BreakerTests {
    private static func rule(_ trafficPolicy: String) -> String {
      """
      apiVersion: networking.istio.io/v1
      kind: DestinationRule
      metadata: {name: guarded, namespace: default}
      spec:
        host: guarded
        trafficPolicy: {\(trafficPolicy)}

      """
    }

    /// 512 clients send at once, again and again. The endpoint itself counts what it has in flight.
    @Test func aBurstNeverOvershootsTheLimitAndIsRefusedAtOnce() throws {
      let policy = Self.rule("connectionPool: {http: {http2MaxRequests: 16}}")
      try BreakerFixture.with(endpoints: 1, serviceTime: "5ms", policy: policy) { fixture in
        let clients = try (0..<512).map { _ in try RawConnection(to: fixture.vip) }
        let bursts = Soak.isFull ? 100 : 10
        var refusals: [UInt64] = []
        var served = 0
        for _ in 0..<bursts {
          let outcome = try Self.burst(clients)
          refusals += outcome.refusals
          served += outcome.served
          #expect(outcome.inFlightMax <= 16)
        }
        refusals.sort()
        let p99 = try #require(refusals.isEmpty ? nil : refusals[refusals.count * 99 / 100])
        print(
          "aBurstNeverOvershoots: \(bursts) bursts of \(clients.count), \(served) served, \(refusals.count) refused, "
            + "p50 \(refusals[refusals.count / 2] / 1000) us, p99 \(p99 / 1000) us")
        #expect(p99 < 1_000_000)
        #expect(served >= 8 * bursts)
        #expect(try fixture.snapshot().decisions["max_requests"] == UInt64(refusals.count))
      }
    }

    private struct Burst {
      /// Nanoseconds from the request to its refusal.
      var refusals: [UInt64] = []
      var served = 0
      /// What the endpoint had in flight at most.
      var inFlightMax = 0

      /// Reads the responses that are there.
      mutating func take(_ waiting: inout [(client: RawConnection, started: UInt64)]) throws {
        var rest: [(client: RawConnection, started: UInt64)] = []
        for (client, started) in waiting {
          if client.hasInput {
            try note(BreakerTests.response(from: client), since: started)
          } else {
            rest.append((client, started))
          }
        }
        waiting = rest
      }

      mutating func note(_ response: String, since started: UInt64) throws {
        if response.hasPrefix("HTTP/1.1 503 ") {
          refusals.append(MonotonicClock.nanoseconds - started)
          #expect(response.contains("x-swerve-reason: max_requests\r\n"))
          return
        }
        try #require(response.hasPrefix("HTTP/1.1 200 "), "\(response)")
        served += 1
        inFlightMax = max(inFlightMax, BreakerTests.value("x-in-flight-max", of: response) ?? .max)
      }
    }

    /// The kernel's refusals are there when the send returns; the relay's, of what it was left, and the responses come
    /// later.
    private static func burst(_ clients: [RawConnection]) throws -> Burst {
      let request = Array("GET / HTTP/1.1\r\nHost: guarded\r\n\r\n".utf8)
      var burst = Burst()
      var waiting: [(client: RawConnection, started: UInt64)] = []
      for client in clients {
        waiting.append((client, MonotonicClock.nanoseconds))
        try client.send(request)
        try burst.take(&waiting)
      }
      let deadline = MonotonicClock.nanoseconds + 5_000_000_000
      while !waiting.isEmpty {
        try #require(MonotonicClock.nanoseconds < deadline, "\(waiting.count) clients got no response")
        try burst.take(&waiting)
      }
      return burst
    }

    /// A whole response, which announces its length.
    private static func response(from client: RawConnection) throws -> String {
      var text = ""
      while true {
        let more = try client.receive()
        try #require(!more.isEmpty, "closed after \(text)")
        text += String(decoding: more, as: UTF8.self)
        guard let end = text.range(of: "\r\n\r\n"), let size = value("content-length", of: text) else { continue }
        if text[end.upperBound...].utf8.count >= size { return text }
      }
    }

    private static func value(_ field: String, of response: String) -> Int? {
      let line = response.split(separator: "\r\n").first { $0.hasPrefix("\(field): ") }
      return line.flatMap { Int($0.dropFirst(field.count + 2)) }
    }

    /// Five errors in a row, and what was in flight with them: then nothing but probes reaches the endpoint.
    @Test func afterFiveErrorsOnlyProbesReachTheEndpoint() throws {
      let policy = Self.rule(
        "outlierDetection: {consecutive5xxErrors: 5, interval: 1s, baseEjectionTime: 1s, maxEjectionPercent: 100}")
      try BreakerFixture.with(policy: policy) { fixture in
        let clients = 4
        try fixture.backends[0].behave(.status(500))
        let load = try LoadClient(
          LoadPlan(
            target: fixture.vip, concurrency: clients, requestsMax: 200_000, durationMax: .seconds(30),
            requestsPerSecond: 4000, pauseAfterFailure: .zero))
        defer { load.stop() }
        try eventually("the endpoint is not ejected") { try fixture.endpoint(0).ejections == 1 }
        let atEjection = try fixture.endpoint(0).requests?.responses["5xx"] ?? 0
        #expect((5...UInt64(5 + clients)).contains(atEjection))
        // Probes after one second, and after two more.
        MonotonicClock.sleep(.milliseconds(3500))
        let later = try fixture.endpoint(0)
        let probes = UInt64(later.ejections) - 1
        #expect(probes == 2)
        #expect(later.requests?.responses["5xx"] == atEjection + probes)
        try fixture.backends[0].behave(.well)
        try eventually("the endpoint does not come back", within: .seconds(10)) {
          try fixture.endpoint(0).state == .active
        }
        load.stop()
        let samples = load.finish()
        let failed = samples.count { $0.failure != nil }
        print(
          "afterFiveErrors: \(atEjection) errors before the ejection, \(probes) failed probes, "
            + "\(failed) of \(samples.count) failed")
        #expect(failed == Int(atEjection + probes))
      }
    }

    /// The rules change all the time. No request notices, and no endpoint forgets what it was.
    @Test func reloadsUnderLoadFailNothingAndForgetNothing() throws {
      func policy(_ errors: Int) -> String {
        Self.rule("outlierDetection: {consecutive5xxErrors: \(errors), baseEjectionTime: 300s, maxEjectionPercent: 50}")
      }
      try BreakerFixture.with(endpoints: 3, policy: policy(5)) { fixture in
        // One endpoint is ejected, and must stay so.
        try fixture.backends[2].behave(.status(500))
        let first = try LoadClient(
          LoadPlan(target: fixture.vip, concurrency: 2, requestsMax: 200, durationMax: .seconds(5)))
        _ = first.finish()
        #expect(try fixture.endpoint(2).state == .ejected)
        try fixture.backends[2].behave(.well)
        let load = try LoadClient(
          LoadPlan(
            target: fixture.vip, concurrency: 4, requestsMax: 2_000_000, durationMax: .seconds(300),
            requestsPerSecond: 4000))
        defer { load.stop() }
        let reloads = Soak.isFull ? 1000 : 40
        var times: [UInt64] = []
        var before = try fixture.snapshot()
        for number in 1...reloads {
          let wanted = number % 2 == 0 ? 5 : 7
          try fixture.apply(policy(wanted))
          times.append(try fixture.waitForPolicy(consecutive5xxErrors: UInt32(wanted)))
          let after = try fixture.snapshot()
          #expect(after.id == before.id)
          for (old, new) in zip(before.endpoints, after.endpoints) {
            #expect(old.address == new.address && new.selected >= old.selected && new.ejections == old.ejections)
          }
          before = after
        }
        #expect(try fixture.endpoint(2).state == .ejected)
        load.stop()
        let samples = load.finish()
        let failed = samples.count { $0.failure != nil }
        times.sort()
        print(
          "reloadsUnderLoad: \(reloads) reloads, in the kernel after \(times[times.count / 2] / 1000) us in the median, "
            + "\(times[times.count * 95 / 100] / 1000) us at the 95th percentile; \(failed) of \(samples.count) requests failed")
        #expect(failed == 0)
        #expect(samples.count > reloads)
      }
    }
  }
}
