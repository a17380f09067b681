// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testbed
import Testing

@testable import Agent
@testable import Dataplane
@testable import Relay

extension KernelTests {
  /// Clients do not notice that one relay succeeds another.
  @Suite struct TakeoverTests {
    @Test func requestsOfAnOpenConnectionGoOn() throws {
      try withRequestMode { fixture, vip in
        let clients = try fixture.cgroup.withCurrentProcess { try (0..<8).map { _ in try RawConnection(to: vip) } }
        defer { clients.forEach { $0.close() } }
        var relays: [ChildProcess] = []
        for round in 0..<4 {
          for _ in 0..<20 {
            for client in clients { #expect(try get(client).hasPrefix("HTTP/1.1 200")) }
          }
          guard round < 3 else { break }
          // One that is still taking over refuses the next.
          if let last = relays.last {
            try wait { try RelayReport.read(from: fixture.agent.statePath)?.pid == last.pid }
          }
          relays.append(try successor(of: fixture))
          // Not waited for: requests are sent while sockets move.
        }
        try wait { relays.dropLast().allSatisfy { $0.ended != nil } }
        for client in clients { #expect(try get(client).hasPrefix("HTTP/1.1 200")) }
        let service = try #require(try NodeSnapshot(fixture.pins).services.first)
        #expect(service.endpoints.allSatisfy { $0.requests?.inFlight == 0 })
        let answered = service.endpoints.reduce(0) { $0 + ($1.requests?.responses["2xx"] ?? 0) }
        #expect(answered == 8 * 81)
        relays.forEach { $0.terminate(timeout: .seconds(12)) }
      }
    }

    @Test func aRequestUnderWayIsFinishedByTheOldRelay() throws {
      try withRequestMode(serviceTime: "1500ms") { fixture, vip in
        let relay = try #require(try RelayReport.read(from: fixture.agent.statePath))
        let client = try fixture.cgroup.withCurrentProcess { try RawConnection(to: vip) }
        // HTTP/1.0 is the relay's own work.
        try client.send(Array("GET / HTTP/1.0\r\nhost: web\r\n\r\n".utf8))
        MonotonicClock.sleep(.milliseconds(200))
        let successor = try successor(of: fixture)
        try wait { try RelayReport.read(from: fixture.agent.statePath)?.pid == successor.pid }
        #expect(relay.isRunning)
        #expect(String(decoding: try client.receive(), as: UTF8.self).hasPrefix("HTTP/1.1 200"))
        client.close()
        try wait { !relay.isRunning }
        successor.terminate(timeout: .seconds(12))
      }
    }

    /// Runs the body with an agent, a relay, and a service of two endpoints inside the cgroup.
    private func withRequestMode(
      serviceTime: String = "0ms", _ body: (AgentFixture, TCPAddress) throws -> Void
    ) throws {
      let vip = try address("127.96.0.1", 80)
      let ports = try fourHosts.prefix(2).map { try RawListener(on: address($0, 0)).address }
      let file = ServiceFile(
        name: "web", namespace: "default", address: vip, endpoints: ports, loadBalancer: .roundRobin,
        appProtocol: "http")
      try AgentFixture.with([file]) { fixture in
        let endpoints = try ports.map { port in
          try ChildProcess(
            AgentFixture.program(),
            [
              "endpoint-server", "--listen", port.description, "--name", port.description, "--service-time",
              serviceTime,
            ], .init(cgroup: fixture.cgroup))
        }
        defer { endpoints.forEach { $0.kill() } }
        try wait { endpoints.allSatisfy { $0.output.contains("listens on") } }
        try wait { try NodeSnapshot(fixture.pins).relayAlive }
        try wait { try RelayReport.read(from: fixture.agent.statePath)?.since != nil }
        try body(fixture, vip)
      }
    }

    /// Sends a request and reads its whole response.
    private func get(_ client: RawConnection) throws -> String {
      try client.send(Array("GET / HTTP/1.1\r\nhost: web\r\n\r\n".utf8))
      var text = ""
      while !isComplete(text) {
        let bytes = try client.receive()
        if bytes.isEmpty { return "end of file after: \(text)" }
        text += String(decoding: bytes, as: UTF8.self)
      }
      return text
    }

    private func isComplete(_ text: String) -> Bool {
      guard let end = text.range(of: "\r\n\r\n"),
        let field = text.range(of: "content-length: ", options: .caseInsensitive)
      else { return false }
      let length = Int(text[field.upperBound...].prefix { $0.isNumber }) ?? 0
      return text[end.upperBound...].utf8.count >= length
    }

    private func successor(of fixture: AgentFixture) throws -> ChildProcess {
      try ChildProcess(
        AgentFixture.program(),
        [
          "relay", "--pin-path", fixture.pins.path, "--state-dir", fixture.agent.statePath, "--cgroup",
          fixture.cgroup.path,
        ])
    }

    private func wait(_ condition: () throws -> Bool) throws {
      for _ in 0..<500 {
        if try condition() { return }
        MonotonicClock.sleep(.milliseconds(10))
      }
      Issue.record("it did not happen within five seconds")
    }
  }
}
