// SPDX-License-Identifier: Apache-2.0

import Foundation
import SwerveABI
import Testbed
import Testing

@testable import Agent
@testable import Dataplane
@testable import Policy

extension KernelTests {
  /// The same thing many times under load. `make soak` runs them at full size, everything else at a reduced one.
  @Suite struct SoakTests {
    private static let kills = Soak.isFull ? 100 : 5
    private static let removals = Soak.isFull ? 1000 : 20

    @Test func theAgentIsKilledManyTimesUnderLoadAndNoConnectionBreaks() async throws {
      let web = try await HTTPBackend()
      try AgentFixture.with([web.file(.leastRequest)]) { fixture in
        try fixture.cgroup.withCurrentProcess {
          let clients = try Clients(web.vip)
          defer { clients.stop() }
          let links = try Dataplane.linkIDs(fixture.pins)
          var takeovers: [Duration] = []
          for _ in 0..<Self.kills {
            fixture.kill()
            MonotonicClock.sleep(.milliseconds(50))
            takeovers.append(try fixture.restart())
            #expect(try Dataplane.linkIDs(fixture.pins) == links)
          }
          let samples = clients.finish()
          let failed = samples.filter { $0.failure != nil }
          #expect(failed.isEmpty, "\(failed.prefix(3))")
          #expect(samples.count > Self.kills * 20)
          let slowest = try #require(takeovers.max())
          #expect(slowest < .seconds(2))
          print("\(Self.kills) kills, \(samples.count) requests, \(failed.count) failed, slowest takeover \(slowest)")
        }
      }
      try await web.stop()
    }

    @Test func endpointsAreRemovedManyTimesUnderLoadAndNothingStaysBehind() async throws {
      let web = try await HTTPBackend()
      try AgentFixture.with([web.file(.leastRequest)]) { fixture in
        try fixture.cgroup.withCurrentProcess {
          let clients = try Clients(web.vip)
          defer { clients.stop() }
          var removals: [Removal] = []
          for turn in 0..<Self.removals { removals.append(try remove(turn % 4, of: web, fixture)) }
          let samples = clients.finish()
          let late = removals.reduce(0) { $0 + $1.lateSelections(samples, web) }
          #expect(late == 0)
          let closing = removals.map(\.closedAfter)
          let slowest = try #require(closing.max())
          #expect(slowest < .seconds(1))
          let lastSelections = removals.compactMap { $0.lastSelection(samples, web) }
          // Clients whose connection was closed see that once, and nothing else fails.
          let unexpected = samples.filter { $0.failure != nil && !$0.brokeConnection }
          #expect(unexpected.isEmpty, "\(unexpected.prefix(3))")
          print(
            "\(Self.removals) removals, \(samples.count) requests, \(late) selections after 100 ms, last selection at "
              + "most \(lastSelections.max().map { "\($0)" } ?? "none") after the change, slowest closing \(slowest)")
        }
      }
      try await web.stop()
    }

    /// When an endpoint left and came back, CLOCK_MONOTONIC in nanoseconds.
    private struct Removal {
      let endpoint: Int
      let removed: UInt64
      let restored: UInt64
      /// Until the last connection to it was gone.
      let closedAfter: Duration

      func lateSelections(_ samples: [LoadSample], _ web: HTTPBackend) -> Int {
        selections(samples, web).count { $0.startedNanoseconds > removed + 100_000_000 }
      }

      /// Time from the change to the start of the last connection that went to it all the same.
      func lastSelection(_ samples: [LoadSample], _ web: HTTPBackend) -> Duration? {
        selections(samples, web).map { Duration.nanoseconds(Int64($0.startedNanoseconds - removed)) }.max()
      }

      private func selections(_ samples: [LoadSample], _ web: HTTPBackend) -> [LoadSample] {
        samples.filter {
          $0.connected && $0.endpoint == web.name(endpoint) && (removed..<restored).contains($0.startedNanoseconds)
        }
      }
    }

    private func remove(_ endpoint: Int, of web: HTTPBackend, _ fixture: AgentFixture) throws -> Removal {
      let tables = try #require(try Tables(fixture.pins))
      let id = try #require(try self.id(of: web.endpoints[endpoint].address, tables))
      let removed = MonotonicClock.nanoseconds
      try web.file(.leastRequest, without: [endpoint]).write(to: fixture.policies.path)
      var closed: UInt64?
      while closed == nil, MonotonicClock.nanoseconds < removed + 3_000_000_000 {
        let state = try tables.endpointStates.read(id.id)
        if state.generation != id.generation && state.active == 0 { closed = MonotonicClock.nanoseconds }
        MonotonicClock.sleep(.milliseconds(1))
      }
      // Long enough for a selection after 100 ms to be seen.
      MonotonicClock.sleep(.milliseconds(120))
      let restored = MonotonicClock.nanoseconds
      try web.file(.leastRequest).write(to: fixture.policies.path)
      for _ in 0..<1000 where try self.id(of: web.endpoints[endpoint].address, tables) == nil {
        MonotonicClock.sleep(.milliseconds(1))
      }
      let closedAt = try #require(closed, "connections to the endpoint were not closed within three seconds")
      return Removal(
        endpoint: endpoint, removed: removed, restored: restored,
        closedAfter: .nanoseconds(Int64(closedAt - removed)))
    }

    private func id(of address: TCPAddress, _ tables: Tables) throws -> (id: UInt32, generation: UInt32)? {
      let cells = try tables.endpointSets.read(0) ?? []
      let found = cells.publishedEndpoints.first { "\(IPAddress($0.address))" == address.host }
      return found.map { ($0.id, $0.generation) }
    }
  }
}

/// Four real HTTP servers behind a service address.
struct HTTPBackend {
  let vip: TCPAddress
  let endpoints: [HTTPEndpoint]

  init() async throws {
    vip = try address("127.96.0.1", 80)
    var started: [HTTPEndpoint] = []
    for host in fourHosts {
      started.append(try await HTTPEndpoint.start(name: host, on: address(host, started.first?.address.port ?? 0)))
    }
    endpoints = started
  }

  func name(_ index: Int) -> String { endpoints[index].name }

  func file(_ loadBalancer: LoadBalancer, without left: Set<Int> = []) -> ServiceFile {
    ServiceFile(
      name: "web", namespace: "default", address: vip,
      endpoints: endpoints.enumerated().filter { !left.contains($0.offset) }.map(\.element.address),
      loadBalancer: loadBalancer)
  }

  func stop() async throws {
    for endpoint in endpoints { try await endpoint.stop() }
  }
}

/// Clients of both kinds: some connect for every request, some keep their connection.
private struct Clients {
  let connecting: LoadClient
  let keeping: LoadClient

  init(_ target: TCPAddress) throws {
    connecting = try LoadClient(
      LoadPlan(
        target: target, mode: .connectionPerRequest, concurrency: 4, requestsMax: 1_000_000,
        durationMax: .seconds(900), requestsPerSecond: 500))
    keeping = try LoadClient(
      LoadPlan(
        target: target, mode: .keepAlive, concurrency: 8, requestsMax: 1_000_000, durationMax: .seconds(900),
        requestsPerSecond: 500))
  }

  func stop() {
    connecting.stop()
    keeping.stop()
  }

  func finish() -> [LoadSample] {
    stop()
    return connecting.finish() + keeping.finish()
  }
}
