// SPDX-License-Identifier: Apache-2.0

import Foundation
import SwerveABI
import Testbed
import Testing

@testable import Agent
@testable import Dataplane
@testable import Policy

extension KernelTests {
  /// An agent may die between any two steps. The next one finds what it left, and mends it.
  @Suite struct RecoveryTests {
    @Test func anAddressThatWasNotYetPublishedIsPublished() throws {
      let backend = try Backend(hosts: fourHosts)
      try Node.with([backend.service()]) { node in
        let frontends = node.dataplane.tables.frontends
        try frontends.remove(try #require(try frontends.entries().first).key)
        try successor(node, [backend.service()])
        let landings = try node.inside { try backend.landings(8) }
        #expect(landings == [2, 2, 2, 2])
      }
    }

    @Test func anAddressThatLeadsNowhereIsRemoved() throws {
      let backend = try Backend(hosts: fourHosts)
      try Node.with([backend.service()]) { node in
        let stray = swerve_frontend(Frontend(address: IPAddress(ipv4: 0x7f60_0909), port: 80))
        try node.dataplane.tables.frontends.update([(stray, 77)])
        try successor(node, [backend.service()])
        #expect(try node.dataplane.tables.frontends.read(stray) == nil)
      }
    }

    @Test func aRenamedServiceKeepsItsAddressWhenTheOldNameGoesLater() throws {
      let backend = try Backend(hosts: fourHosts)
      try Node.with([backend.service(name: "default/old:http")]) { node in
        let publisher = try Publisher(node.dataplane.tables)
        _ = try publisher.apply(PolicyChange(upserted: [backend.service(name: "default/new:http")], removed: []))
        _ = try publisher.apply(PolicyChange(upserted: [], removed: ["default/old:http"]))
        let landings = try node.inside { try backend.landings(8) }
        #expect(landings == [2, 2, 2, 2])
      }
    }

    @Test func anEndpointThatLeftUnretiredIsRetired() async throws {
      let backend = try Backend(hosts: fourHosts)
      let node = try TemporaryNode([backend.service()])
      defer { node.remove() }
      let connections = try node.node.inside { try (0..<4).map { _ in try RawConnection(to: backend.vip) } }
      // The set was swapped, and the agent died before it retired what left.
      try node.node.dataplane.tables.endpointSets.empty([0])
      let publisher = try Publisher(node.node.dataplane.tables)
      #expect(try publisher.staleConnections() == 4)
      #expect(try await StaleConnections(node.node.pins).close() == 4)
      #expect(try publisher.staleConnections() == 0)
      connections.forEach { $0.close() }
    }

    @Test func aReusedServiceIDStartsWithoutCounts() throws {
      let backend = try Backend(hosts: fourHosts)
      try Node.with([backend.service(name: "default/old:http")]) { node in
        _ = try node.inside { try backend.landings(8) }
        try node.publish([], removing: ["default/old:http"])
        try node.publish([backend.service(name: "default/new:http")])
        let decisions = try node.snapshot().decisions
        #expect(decisions.isEmpty)
      }
    }

    @Test func anotherCgroupStartsAnew() throws {
      let backend = try Backend(hosts: fourHosts)
      let node = try TemporaryNode([backend.service()])
      defer { node.remove() }
      let held = try node.node.inside { try RawConnection(to: backend.vip) }
      #expect(try node.node.snapshot().active == 1)
      let other = try Cgroup(named: "other-\(Int.random(in: 0..<1_000_000))")
      try node.move(to: other, [backend.service()])
      #expect(node.node.dataplane.origin == .installed)
      #expect(try node.node.snapshot().active == 0)
      let landings = try other.withCurrentProcess { try backend.landings(8) }
      #expect(landings == [2, 2, 2, 2])
      held.close()
    }

    /// What the agent after this one does.
    private func successor(_ node: Node, _ services: [Service]) throws {
      _ = try Publisher(node.dataplane.tables).apply(PolicyChange(upserted: services, removed: []))
    }
  }
}
