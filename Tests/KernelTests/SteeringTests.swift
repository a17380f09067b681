// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testbed
import Testing

@testable import Agent
@testable import Dataplane
@testable import Policy

extension KernelTests {
  @Suite struct SteeringTests {
    @Test func roundRobinTakesEveryEndpointInTurn() throws {
      let backend = try Backend(hosts: fourHosts)
      try Node.with([backend.service(.roundRobin)]) { node in
        let landings = try node.inside { try backend.landings(400) }
        #expect(landings == [100, 100, 100, 100])
        let service = try node.snapshot()
        #expect(service.decisions == ["none": 400])
        #expect(service.endpoints.map(\.established) == [100, 100, 100, 100])
        #expect(service.active == 0)
      }
    }

    @Test func weightedRoundRobinIsExactInEveryCycle() throws {
      let backend = try Backend(hosts: fourHosts)
      try Node.with([backend.service(.roundRobin, weights: [1, 2, 3, 4])]) { node in
        let landings = try node.inside { try backend.landings(100) }
        #expect(landings == [10, 20, 30, 40])
      }
    }

    @Test(arguments: [LoadBalancer.random, .leastRequest])
    func drawsAreEvenWhenTheWeightsAre(_ loadBalancer: LoadBalancer) throws {
      let backend = try Backend(hosts: fourHosts)
      try Node.with([backend.service(loadBalancer)]) { node in
        let landings = try node.inside { try backend.landings(2000) }
        // Five standard deviations of a binomial count, 97, around 500.
        #expect(landings.allSatisfy { abs($0 - 500) < 100 }, "\(landings)")
      }
    }

    @Test func peakEWMAUsesEveryEndpointWhenConnectionsAreHeld() throws {
      let backend = try Backend(hosts: fourHosts)
      try Node.with([backend.service(.peakEWMA)]) { node in
        try node.inside {
          let held = try (0..<400).map { _ in try RawConnection(to: backend.vip) }
          // Idle, the fastest takes all; each connection held makes it dearer.
          let active = try node.snapshot().endpoints.map(\.active)
          #expect(active.allSatisfy { $0 >= 4 }, "\(active)")
          #expect(active.reduce(0, +) == 400)
          for connection in held { connection.close() }
        }
      }
    }

    @Test func randomDrawsAreInProportionToUnequalWeights() throws {
      let backend = try Backend(hosts: fourHosts)
      try Node.with([backend.service(.random, weights: [1, 2, 3, 4])]) { node in
        let landings = try node.inside { try backend.landings(4000) }
        // Five standard deviations of a binomial count, at most 155.
        for (count, share) in zip(landings, [400, 800, 1200, 1600]) { #expect(abs(count - share) < 160, "\(landings)") }
      }
    }

    @Test func leastRequestAvoidsTheEndpointThatHoldsConnections() throws {
      let backend = try Backend(hosts: ["127.0.1.1", "127.0.1.2"])
      try Node.with([backend.service(.leastRequest)]) { node in
        try node.inside {
          // With two endpoints both are always compared, so held connections must end up even.
          let held = try (0..<100).map { _ in try RawConnection(to: backend.vip) }
          #expect(try node.snapshot().endpoints.map(\.active) == [50, 50])
          for connection in held { connection.close() }
          #expect(try node.snapshot().endpoints.map(\.active) == [0, 0])
        }
      }
    }

    @Test func maglevKeepsAProcessOnOneEndpoint() throws {
      let backend = try Backend(hosts: fourHosts)
      try Node.with([backend.service(.maglev)]) { node in
        let landings = try node.inside { try backend.landings(100) }.sorted()
        #expect(landings == [0, 0, 0, 100])
      }
    }

    @Test func sourceAffinityKeepsAnAddressOnOneEndpointAndSpreadsAddresses() throws {
      let backend = try Backend(hosts: fourHosts)
      try Node.with([backend.service(.sourceIP)]) { node in
        try node.inside {
          var total = [0, 0, 0, 0]
          for host in 1...64 {
            let landings = try backend.landings(5, from: address("127.0.9.\(host)", 0))
            #expect(landings.sorted() == [0, 0, 0, 5])
            total = zip(total, landings).map(+)
          }
          #expect(total.allSatisfy { $0 >= 5 * 6 }, "\(total)")
        }
      }
    }

    @Test func ipv6IsSteeredAsIPv4Is() throws {
      let backend = try Backend(vip: "fd00:96::1", hosts: ["::1", "::1"])
      try Node.with([backend.service(.roundRobin)]) { node in
        try node.inside {
          let landings = try backend.landings(20)
          #expect(landings == [10, 10])
          let peer = try RawConnection(to: backend.vip).peerName()
          #expect(peer == "[fd00:96::1]:80")
        }
      }
    }

    @Test func anIPv6SocketReachesAnIPv4ServiceByItsMappedAddress() throws {
      let backend = try Backend(hosts: fourHosts)
      try Node.with([backend.service(.roundRobin)]) { node in
        try node.inside {
          let connection = try RawConnection(to: address("::ffff:127.96.0.1", 80))
          let peer = try connection.peerName()
          #expect(peer == "[::ffff:127.96.0.1]:80")
          #expect(backend.listeners.map { $0.drain() }.reduce(0, +) == 1)
        }
      }
    }

    @Test func applicationsSeeTheServiceAddressAsTheirPeer() throws {
      let backend = try Backend(hosts: fourHosts)
      try Node.with([backend.service()]) { node in
        try node.inside {
          let steered = try RawConnection(to: backend.vip).peerName()
          #expect(steered == "127.96.0.1:80")
          // A connection that is not to a service keeps its own peer.
          let direct = backend.listeners[0].address
          let unsteered = try RawConnection(to: direct).peerName()
          #expect(unsteered == direct.description)
        }
      }
    }

    @Test func outsideTheCgroupNothingIsSteered() throws {
      let backend = try Backend(hosts: fourHosts)
      try Node.with([backend.service()]) { node in
        #expect(throws: SystemCallError.self) { try RawConnection(to: backend.vip) }
        let decisions = try node.snapshot().decisions
        #expect(decisions.isEmpty)
      }
    }

    @Test func aServiceWithoutEndpointsRefusesAtOnceAndCountsIt() throws {
      let empty = try Backend(hosts: [])
      try Node.with([empty.service()]) { node in
        try node.inside {
          let started = MonotonicClock.nanoseconds
          let error = #expect(throws: SystemCallError.self) { try RawConnection(to: empty.vip) }
          #expect(error?.code == ECONNREFUSED)
          #expect(MonotonicClock.nanoseconds - started < 50_000_000)
        }
        #expect(try node.snapshot().decisions == ["no_endpoint": 1])
        #expect(try node.snapshot().refused == 1)
      }
    }

    @Test func everyNetworkNamespaceIsSteered() throws {
      let backend = try Backend(hosts: fourHosts)
      try Node.with([backend.service()]) { node in
        let namespace = try NetworkNamespace()
        let vip = backend.vip
        let listener = backend.listeners[0].address
        try node.inside {
          // The endpoint of the same address inside the namespace answers, not the host's.
          let peer = try namespace.run { () throws -> String in
            let inner = try RawListener(on: listener)
            defer { inner.drain() }
            return try RawConnection(to: vip).peerName()
          }
          #expect(peer == vip.description)
        }
      }
    }
  }
}
