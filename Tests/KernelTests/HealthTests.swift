// SPDX-License-Identifier: Apache-2.0

import Foundation
import SwerveABI
import Testbed
import Testing

@testable import Agent
@testable import Dataplane
@testable import Policy

extension KernelTests {
  @Suite struct HealthTests {
    @Test func anEndpointThatRefusesIsEjectedAfterThreeFailures() throws {
      var backend = try Backend(hosts: fourHosts)
      let service = try backend.service(.roundRobin)
      backend.listeners.removeLast()  // Its port is closed from here on.
      try Node.with([service]) { node in
        try node.inside {
          var refused = 0
          for _ in 0..<200 {
            do { try RawConnection(to: backend.vip).close() } catch { refused += 1 }
          }
          #expect(refused == 3)
        }
        let dead = try #require(try node.snapshot().endpoints.last)
        #expect(dead.failed == 3)
        #expect(dead.state == .ejected)
        #expect(dead.established == 0)
        #expect(dead.active == 0)
      }
    }

    @Test func anEjectedEndpointIsProbedAndRecovers() throws {
      var backend = try Backend(hosts: ["127.0.1.1", "127.0.1.2"])
      let service = try backend.service(.roundRobin)
      let gone = backend.listeners.removeLast().address
      try Node.with([service]) { node in
        try node.inside {
          for _ in 0..<50 { _ = try? RawConnection(to: backend.vip) }
          #expect(try node.snapshot().endpoints.last?.state == .ejected)
          let revived = try RawListener(on: gone)
          let beforeTheEjectionEnds = try backend.landings(10)
          #expect(beforeTheEjectionEnds == [10])
          MonotonicClock.sleep(.milliseconds(1100))
          backend.listeners.append(revived)
          let afterwards = try backend.landings(20)
          #expect(afterwards == [10, 10])
          let recovered = try #require(try node.snapshot().endpoints.last)
          #expect(recovered.state == .active && recovered.failed == 3 && recovered.consecutiveFailures == 0)
        }
      }
    }

    @Test func whenEveryEndpointFailsOneIsOfferedAllTheSame() throws {
      var backend = try Backend(hosts: ["127.0.1.1", "127.0.1.2"])
      let service = try backend.service(.leastRequest)
      backend.listeners = []
      try Node.with([service]) { node in
        try node.inside {
          for _ in 0..<40 { _ = try? RawConnection(to: backend.vip) }
        }
        let decisions = try node.snapshot().decisions
        #expect(decisions["panic", default: 0] > 0)
        #expect(decisions.values.reduce(0, +) == 40)
        #expect(try node.snapshot().active == 0)
      }
    }

    @Test func aFailedProbeEjectsForLonger() throws {
      var backend = try Backend(hosts: ["127.0.1.1", "127.0.1.2"])
      let service = try backend.service(.roundRobin)
      backend.listeners.removeLast()
      try Node.with([service]) { node in
        try node.inside {
          for _ in 0..<50 { _ = try? RawConnection(to: backend.vip) }
          MonotonicClock.sleep(.milliseconds(1100))
          // One connect is the probe, and its failure enough.
          let failures = (0..<50).count { _ in (try? RawConnection(to: backend.vip)) == nil }
          #expect(failures == 1)
          // The second ejection takes two seconds.
          MonotonicClock.sleep(.milliseconds(1100))
          let landings = try backend.landings(50)
          #expect(landings == [50])
          #expect(try node.snapshot().endpoints.last?.failed == 4)
        }
      }
    }

    @Test func panicIsOverWhenTheEndpointsAreWellAgain() throws {
      var backend = try Backend(hosts: ["127.0.1.1", "127.0.1.2"])
      let service = try backend.service(.roundRobin)
      let gone = backend.listeners.map(\.address)
      backend.listeners = []
      try Node.with([service]) { node in
        try node.inside {
          for _ in 0..<40 { _ = try? RawConnection(to: backend.vip) }
          #expect(try node.snapshot().endpoints.allSatisfy { $0.state == .ejected })
          backend.listeners = try gone.map { try RawListener(on: $0) }
          MonotonicClock.sleep(.milliseconds(1100))
          let landings = try backend.landings(20)
          #expect(landings == [10, 10])
          #expect(try node.snapshot().endpoints.allSatisfy { $0.state == .active })
          let panics = try node.snapshot().decisions["panic", default: 0]
          _ = try backend.landings(20)
          #expect(try node.snapshot().decisions["panic", default: 0] == panics)
        }
      }
    }

    @Test func theConnectionLimitRefusesTheNewAndKeepsTheOld() throws {
      let backend = try Backend(hosts: fourHosts)
      try Node.with([backend.service()]) { node in
        try node.dataplane.limitConnections(to: 10)
        try node.inside {
          let held = try (0..<10).map { _ in try RawConnection(to: backend.vip) }
          let error = #expect(throws: SystemCallError.self) { try RawConnection(to: backend.vip) }
          #expect(error?.code == ECONNREFUSED)
          #expect(try node.snapshot().decisions == ["none": 10, "connection_limit": 1])
          for connection in held { try connection.send([1]) }
          held[0].close()
          try RawConnection(to: backend.vip).close()
        }
        #expect(try NodeSnapshot(node.pins).connections == 0)
      }
    }

    @Test func anEndpointWithoutARouteIsEjectedToo() throws {
      let namespace = try NetworkNamespace()
      let vip = try address("127.96.0.1", 80)
      let listener = try namespace.run { try RawListener(on: TCPAddress("127.0.1.1", 8080) ?? vip) }
      // The namespace has a loopback interface and no route: such a connect fails before its first packet.
      let endpoints = ["127.0.1.1", "198.51.100.1"].compactMap { IPAddress($0) }.map {
        Endpoint(address: $0, port: 8080)
      }
      let service = Service(
        name: "default/web:http", frontends: [Frontend(address: try #require(IPAddress(vip.host)), port: vip.port)],
        loadBalancer: .leastRequest, endpoints: endpoints, source: SourceLocation(file: "test.yaml", line: 1, column: 1)
      )
      try Node.with([service]) { node in
        let failures = try node.inside {
          try namespace.run {
            (0..<60).count { _ in (try? RawConnection(to: vip)) == nil }
          }
        }
        #expect(failures == 3)
        let unroutable = try #require(try node.snapshot().endpoints.last)
        #expect(unroutable.failed == 3)
        #expect(unroutable.state == .ejected)
        #expect(unroutable.active == 0)
        listener.drain()
      }
    }

    @Test func aConnectTheApplicationGivesUpIsNoFailure() throws {
      let silent = try SilentBackend()
      try Node.with([silent.backend.service(.random)]) { node in
        try node.inside {
          for _ in 0..<5 {
            let error = #expect(throws: SystemCallError.self) {
              try RawConnection(to: silent.backend.vip, timeout: .milliseconds(50))
            }
            #expect(error?.code == ETIMEDOUT)
          }
        }
        let waiting = try #require(try node.snapshot().endpoints.first)
        #expect(waiting.selected == 5)
        #expect(waiting.failed == 0)
        #expect(waiting.consecutiveFailures == 0)
        #expect(waiting.active == 0)
      }
    }

    @Test func aSilentEndpointFailsByItsRetransmittedSYN() throws {
      let silent = try SilentBackend()
      try Node.with([silent.backend.service(.random)]) { node in
        try node.inside {
          let error = #expect(throws: SystemCallError.self) {
            try RawConnection(to: silent.backend.vip, timeout: .milliseconds(1500))
          }
          #expect(error?.code == ETIMEDOUT)
        }
        let endpoint = try #require(try node.snapshot().endpoints.first)
        #expect(endpoint.consecutiveFailures == 1)
        #expect(endpoint.timeouts == 1)
      }
    }

    @Test func aRefusedSocketThatConnectsElsewhereIsNoLongerOurs() throws {
      var backend = try Backend(hosts: ["127.0.1.1"])
      let direct = try RawListener(on: address("127.0.1.9", 0))
      let service = try backend.service()
      backend.listeners = []
      try Node.with([service]) { node in
        try node.inside {
          let socket = try ReusedSocket()
          #expect(socket.connect(to: backend.vip) == ECONNREFUSED)
          #expect(socket.connect(to: direct.address) == 0)
          #expect(try socket.peerPort() == direct.address.port)
        }
        #expect(try node.snapshot().active == 0)
      }
    }
  }
}

/// An endpoint that answers nothing: its listener's queue is full, so that the kernel drops what comes.
private struct SilentBackend {
  let backend: Backend
  private let queued: [RawConnection]

  init() throws {
    backend = try Backend(hosts: ["127.0.1.1"], backlog: 1)
    let listener = backend.listeners[0].address
    queued = try (0..<2).map { _ in try RawConnection(to: listener) }
  }
}

/// A socket that connects more than once, as connect(2) allows after a failure.
private final class ReusedSocket {
  private let descriptor: Int32

  init() throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    try #require(descriptor >= 0)
  }

  deinit { close(descriptor) }

  /// 0 or the errno.
  func connect(to peer: TCPAddress) -> Int32 {
    var name = sockaddr_in()
    name.sin_family = sa_family_t(AF_INET)
    name.sin_port = peer.port.bigEndian
    inet_pton(AF_INET, peer.host, &name.sin_addr)
    let result = withUnsafePointer(to: &name) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        Foundation.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    return result == 0 ? 0 : errno
  }

  /// The port getpeername tells.
  func peerPort() throws -> UInt16 {
    var name = sockaddr_in()
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let result = withUnsafeMutablePointer(to: &name) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getpeername(descriptor, $0, &size) }
    }
    try #require(result == 0)
    return UInt16(bigEndian: name.sin_port)
  }
}
