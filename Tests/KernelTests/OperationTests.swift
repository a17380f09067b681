// SPDX-License-Identifier: Apache-2.0

import Agent
import Dataplane
import Foundation
import Testbed
import Testing

@testable import Policy

extension KernelTests {
  /// What an operator does to a running dataplane, and what a policy does to connections by itself.
  @Suite(.serialized) struct OperationTests {
    /// A rule without consequences for the test.
    private static let plain = """
      apiVersion: networking.istio.io/v1
      kind: DestinationRule
      metadata: {name: guarded, namespace: default}
      spec:
        host: guarded
        trafficPolicy: {connectionPool: {http: {http2MaxRequests: 100}}}

      """

    private static func load(_ fixture: BreakerFixture, _ count: Int) throws -> [LoadSample] {
      try LoadClient(
        LoadPlan(target: fixture.vip, requestsMax: count, durationMax: .seconds(10), timeout: .seconds(5))
      ).finish()
    }

    private static func place(
      of backend: BreakerFixture.Backend, _ fixture: BreakerFixture, _ control: BreakerControl
    ) throws -> BreakerControl.Place {
      let address = try #require(IPAddress(backend.name)), id = try fixture.snapshot().id
      return try #require(try control.find(service: id, address: address, port: backend.address.port))
    }

    @Test func anEndpointEjectedByHandGetsNothingUntilItIsRestored() throws {
      try BreakerFixture.with(policy: Self.plain) { fixture in
        let control = BreakerControl(try RequestTables(fixture.node.pins))
        let first = fixture.backends[0]
        let place = try Self.place(of: first, fixture, control)
        var events = try EventLog(fixture.node.pins)
        _ = try events.read()

        #expect(control.eject(place, for: nil))
        let ejected = try fixture.endpoint(0)
        #expect(ejected.state == .ejected)
        #expect(ejected.ejectedForSeconds == nil)
        let others = try Self.load(fixture, 100).map(\.endpoint)
        #expect(Set(others) == [fixture.backends[1].name])
        #expect(control.restore(place))
        #expect(!control.restore(place))
        let all = try Self.load(fixture, 200).map(\.endpoint)
        #expect(all.contains(first.name))

        let seen = try events.read().filter { $0.endpoint == "\(first.address)" }
        #expect(seen.map(\.kind) == ["open", "closed"])
        #expect(seen.map(\.cause) == ["manual", "manual"])
        #expect(seen.compactMap(\.until).isEmpty)
        #expect(events.lost == 0)
      }
    }

    @Test func anEjectionByHandForATimeEndsWithAProbe() throws {
      try BreakerFixture.with(policy: Self.plain) { fixture in
        let control = BreakerControl(try RequestTables(fixture.node.pins))
        let first = fixture.backends[0]
        let place = try Self.place(of: first, fixture, control)
        var events = try EventLog(fixture.node.pins)
        _ = try events.read()
        #expect(control.eject(place, for: .milliseconds(300)))
        MonotonicClock.sleep(.milliseconds(400))
        _ = try Self.load(fixture, 100)
        let kinds = try events.read().map(\.kind)
        #expect(kinds == ["open", "half_open", "closed"])
      }
    }

    /// No result says so by itself: the agent compares what the kernel has counted.
    @Test func anEndpointThatFailsTooOftenIsEjectedByTheAgent() throws {
      let policy = """
        apiVersion: swerve.dev/v1alpha1
        kind: TrafficPolicy
        metadata: {name: guarded, namespace: default}
        spec:
          host: guarded
          outlierDetection:
            failurePercentageThreshold: 50
            failurePercentageMinimumHosts: 2
            failurePercentageRequestVolume: 10
        ---
        apiVersion: networking.istio.io/v1
        kind: DestinationRule
        metadata: {name: guarded, namespace: default}
        spec:
          host: guarded
          trafficPolicy:
            outlierDetection: {consecutive5xxErrors: 0, interval: 1s, baseEjectionTime: 60s, maxEjectionPercent: 100}

        """
      try BreakerFixture.with(policy: policy) { fixture in
        var events = try EventLog(fixture.node.pins)
        _ = try events.read()
        try fixture.backends[0].behave(.status(500))
        let load = try LoadClient(
          LoadPlan(
            target: fixture.vip, concurrency: 2, requestsMax: 20_000, durationMax: .seconds(10), requestsPerSecond: 500)
        )
        defer { load.stop() }
        try eventually("it is not ejected", within: .seconds(8)) { try fixture.endpoint(0).state == .ejected }
        #expect(try fixture.endpoint(1).state == .active)
        let causes = try events.read().map(\.cause)
        #expect(causes == ["failure_percentage"])
        load.stop()
        _ = load.finish()
      }
    }

    @Test func aDifferenceSaysWhatWouldChangeAndNothingElse() throws {
      try BreakerFixture.with(policy: Self.plain) { fixture in
        func difference(_ change: (String) -> String) throws -> NodeDifference {
          var store = PolicyStore()
          for name in try FileManager.default.contentsOfDirectory(atPath: fixture.node.policies.path).sorted() {
            let text = try Files.read("\(fixture.node.policies.path)/\(name)")
            _ = store.replace(PolicyParser.parse(change(text), path: name))
          }
          return try NodeDifference(fixture.node.pins, store.sortedServices)
        }
        let none = try difference { $0 }
        #expect(none.services.isEmpty)
        let limit = try difference {
          $0.replacingOccurrences(of: "http2MaxRequests: 100", with: "http2MaxRequests: 50")
        }
        #expect(limit.services.map(\.name) == ["default/guarded:http"])
        #expect(limit.services.map(\.changes) == [["connectionPool.http.http2MaxRequests: 100 -> 50"]])
        let moved = try difference { $0.replacingOccurrences(of: fixture.backends[1].name, with: "127.0.5.9") }
        let port = fixture.backends[1].address.port
        let changes = ["endpoint 127.0.5.2:\(port) leaves", "endpoint 127.0.5.9:\(port) comes, weight 1"]
        #expect(moved.services.map(\.changes) == [changes])
      }
    }

    /// Both end a connection that nothing else would: one that is used, and one that is not.
    @Test(arguments: ["maxConnectionDuration", "idleTimeout"])
    func aConnectionOfConnectionModeIsClosedWhenItsTimeIsOver(setting: String) throws {
      try BreakerFixture.with(policy: Self.plain) { fixture in
        let vip = try #require(TCPAddress("127.96.5.2", 80))
        try Files.replace(
          "\(fixture.node.policies.path)/kept-rule.yaml",
          with: """
            apiVersion: networking.istio.io/v1
            kind: DestinationRule
            metadata: {name: kept, namespace: default}
            spec:
              host: kept
              trafficPolicy: {connectionPool: {tcp: {\(setting): 1s}}}

            """)
        try ServiceFile(
          name: "kept", namespace: "default", address: vip, endpoints: fixture.backends.map(\.address)
        ).write(to: fixture.node.policies.path)
        try eventually("service kept is not published") { try fixture.node.id(of: "kept") != nil }
        let client = try RawConnection(to: vip, timeout: .seconds(6))
        let started = MonotonicClock.nanoseconds
        // The end of the connection, in whatever form.
        _ = try? client.receive()
        let took = Double(MonotonicClock.nanoseconds - started) / 1e9
        #expect(took > 0.9 && took < 5, "\(took) s")
      }
    }
  }
}
