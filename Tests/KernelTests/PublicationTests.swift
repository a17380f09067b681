// SPDX-License-Identifier: Apache-2.0

import Foundation
import SwerveABI
import Synchronization
import Testbed
import Testing

@testable import Agent
@testable import Dataplane
@testable import Policy

extension KernelTests {
  @Suite struct PublicationTests {
    @Test func anEndpointKeepsItsHistoryWhileItStays() throws {
      let backend = try Backend(hosts: fourHosts)
      try Node.with([backend.service(.roundRobin)]) { node in
        try node.inside {
          _ = try backend.landings(40)
          try node.publish([backend.service(.leastRequest, weights: [1, 2, 3, 4])])
          #expect(try node.snapshot().endpoints.map(\.selected) == [10, 10, 10, 10])
        }
      }
    }

    @Test func aRemovedEndpointGetsNoConnectionAndItsConnectionsAreClosed() async throws {
      let backend = try Backend(hosts: fourHosts)
      let all = try backend.service(.roundRobin)
      let node = try TemporaryNode([all])
      defer { node.remove() }
      let connections = try node.node.inside { try (0..<40).map { _ in try RawConnection(to: backend.vip) } }
      let report = try node.node.publish([all.without(endpoint: 3)])
      #expect(report.retiredEndpoints == 1)
      #expect(try node.node.publisher.staleConnections() == 10)

      let stale = StaleConnections(node.node.pins)
      try #require(stale.isAvailable)
      #expect(try await stale.close() == 10)
      #expect(try node.node.publisher.staleConnections() == 0)
      let broken = connections.filter { connection in (try? connection.send([1])) == nil }
      #expect(broken.count == 10)
      let landings = try node.node.inside { try backend.landings(30) }
      #expect(landings == [10, 10, 10, 0])
      connections.forEach { $0.close() }
    }

    @Test func staleConnectionsAreClosedInEveryNamespace() async throws {
      let vip = try address("127.96.0.1", 80)
      let namespace = try NetworkNamespace()
      let listener = try namespace.run { try RawListener(on: TCPAddress("127.0.1.1", 8080) ?? vip) }
      let endpoint = Endpoint(address: try #require(IPAddress("127.0.1.1")), port: 8080)
      let service = Service(
        name: "default/web:http", frontends: [Frontend(address: try #require(IPAddress("127.96.0.1")), port: 80)],
        loadBalancer: .random, endpoints: [endpoint], source: SourceLocation(file: "test.yaml", line: 1, column: 1))
      let node = try TemporaryNode([service])
      defer { node.remove() }
      // A namespace is found by the processes in it.
      let resident = try ChildProcess("sleep", ["20"], .init(network: namespace))
      let connection = try node.node.inside { try namespace.run { try RawConnection(to: vip) } }
      try node.node.publish([service.without(endpoint: 0)])
      #expect(try await StaleConnections(node.node.pins).close() == 1)
      #expect(throws: SystemCallError.self) { try connection.send([1]) }
      listener.drain()
      resident.kill()
    }

    @Test func aRemovedServiceLeavesNothingInTheMaps() throws {
      let backend = try Backend(hosts: fourHosts)
      try Node.with([backend.service()]) { node in
        try node.publish([], removing: ["default/web:http"])
        let frontends = try node.dataplane.tables.frontends.entries()
        #expect(frontends.isEmpty)
        #expect(try NodeSnapshot(node.pins).services.isEmpty)
        #expect(try node.dataplane.tables.endpointSets.read(0)?.publishedEndpoints.isEmpty == true)
      }
    }

    @Test func aServiceIPMovesBetweenServicesWithoutAGap() throws {
      let old = try Backend(hosts: ["127.0.1.1"])
      let new = try Backend(hosts: ["127.0.1.2"])
      try Node.with([old.service(name: "default/old:http")]) { node in
        try node.inside {
          let isDone = Atomic(false)
          let failures = Atomic(0)
          let vip = old.vip
          let client = try WorkerThread {
            while !isDone.load(ordering: .relaxed) {
              do { try RawConnection(to: vip).close() } catch { failures.add(1, ordering: .relaxed) }
            }
          }
          for _ in 0..<20 {
            try node.publish([new.service(name: "default/new:http")], removing: ["default/old:http"])
            try node.publish([old.service(name: "default/old:http")], removing: ["default/new:http"])
            old.listeners[0].drain()
            new.listeners[0].drain()
          }
          isDone.store(true, ordering: .relaxed)
          client.join()
          #expect(failures.load(ordering: .relaxed) == 0)
        }
      }
    }

    @Test func churnNeverRefusesAConnection() throws {
      let backend = try Backend(hosts: fourHosts)
      let all = try backend.service(.roundRobin)
      try Node.with([all]) { node in
        try node.inside {
          let isDone = Atomic(false)
          let failures = Atomic(0)
          let connects = Atomic(0)
          let client = try WorkerThread {
            while !isDone.load(ordering: .relaxed) {
              do { try RawConnection(to: backend.vip).close() } catch { failures.add(1, ordering: .relaxed) }
              connects.add(1, ordering: .relaxed)
            }
          }
          for turn in 0..<100 {
            try node.publish([all.without(endpoint: turn % 4)])
            for listener in backend.listeners { listener.drain() }
          }
          isDone.store(true, ordering: .relaxed)
          client.join()
          #expect(failures.load(ordering: .relaxed) == 0)
          #expect(connects.load(ordering: .relaxed) > 100)
        }
        #expect(try NodeSnapshot(node.pins).connections == 0)
      }
    }
  }
}

/// A node for tests that suspend; to be removed explicitly.
final class TemporaryNode {
  private var held: Node?
  var node: Node {
    guard let held else { preconditionFailure("the node was removed") }
    return held
  }

  init(_ services: [Service]) throws {
    let serial = Int.random(in: 0..<1_000_000)
    let pins = PinLayout(path: "/sys/fs/bpf/swerve-test-\(getpid())-\(serial)")
    held = try Node(Cgroup(named: "kernel-\(serial)"), pins, services)
  }

  /// As an agent that was given another cgroup.
  func move(to cgroup: Cgroup, _ services: [Service]) throws {
    let (pins, former) = (node.pins, node.cgroup)
    held = nil
    held = try Node(cgroup, pins, services)
    try former.remove()
  }

  func remove() {
    guard let (pins, cgroup) = held.map({ ($0.pins, $0.cgroup) }) else { return }
    held = nil
    _ = try? Dataplane.uninstall(pins)
    try? cgroup.remove()
  }
}

extension Service {
  /// The service after one of its endpoints has left.
  func without(endpoint index: Int) -> Service {
    var endpoints = endpoints
    endpoints.remove(at: index)
    return Service(
      name: name, frontends: frontends, loadBalancer: loadBalancer, appProtocol: appProtocol, endpoints: endpoints,
      source: source)
  }
}
