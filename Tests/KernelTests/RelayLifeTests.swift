// SPDX-License-Identifier: Apache-2.0

import Foundation
import SwerveABI
import Testbed
import Testing

@testable import Agent
@testable import Dataplane
@testable import Relay

extension KernelTests {
  /// The relay as a process: who starts it, what it survives, how it ends.
  @Suite struct RelayLifeTests {
    @Test func anAgentWithAServiceInRequestModeStartsARelay() throws {
      try withRelay { fixture, relay in
        #expect(relay.cgroup == fixture.cgroup.path)
        #expect(relay.listeners == 1)
        #expect(try NodeSnapshot(fixture.pins).relayAlive)
        let status = try fixture.run("status")
        #expect(status.output.contains("relay        running, pid \(relay.pid)"))
        // In the agent's cgroup, so that its sockets are seen.
        #expect(try fixture.cgroup.members().contains(relay.pid))
      }
    }

    @Test func anAgentWithoutSuchAServiceStartsNone() throws {
      let backend = try Backend(hosts: fourHosts)
      try AgentFixture.with([backend.file()]) { fixture in
        MonotonicClock.sleep(.milliseconds(1500))
        #expect(try RelayReport.read(from: fixture.agent.statePath) == nil)
        // The service changes its mode.
        try backend.file(appProtocol: "http").write(to: fixture.policies.path)
        _ = try waitForRelay(fixture)
        #expect(try NodeSnapshot(fixture.pins).services.first?.mode == .request)
      }
    }

    @Test func theRelayOutlivesItsAgent() throws {
      try withRelay { fixture, relay in
        fixture.kill()
        MonotonicClock.sleep(.milliseconds(1200))
        #expect(relay.isRunning)
        #expect(try NodeSnapshot(fixture.pins).relayAlive)
        // The next agent finds it by its heartbeat.
        try fixture.restart()
        MonotonicClock.sleep(.milliseconds(1500))
        #expect(try waitForRelay(fixture).pid == relay.pid)
      }
    }

    @Test func aRelayThatDiesIsStartedAgain() throws {
      try withRelay { fixture, relay in
        kill(relay.pid, SIGKILL)
        let next = try waitForRelay(fixture, after: relay.pid)
        #expect(next.predecessor == nil)
        #expect(try NodeSnapshot(fixture.pins).relayAlive)
      }
    }

    @Test func aSuccessorTakesOverAndTheOldOneEnds() throws {
      try withRelay { fixture, relay in
        let listeners = try RequestTables(fixture.pins).listeners
        let before = try #require(try listeners.entries().first)
        let successor = try successor(of: fixture)
        let next = try waitForRelay(fixture, after: relay.pid)
        #expect(next.pid == successor.pid && next.predecessor == relay.pid)
        try wait { !relay.isRunning }
        // The same listener, at the same port, and no moment without a relay.
        let after = try #require(try listeners.entries().first)
        #expect(after.key == before.key && after.value.port_ipv4 == before.value.port_ipv4)
        #expect(try NodeSnapshot(fixture.pins).relayAlive)
        let port = UInt16(bigEndian: after.value.port_ipv4)
        try RawConnection(to: address("127.0.0.1", port)).close()
        #expect(successor.terminate(timeout: .seconds(12)) == .exited(0))
      }
    }

    @Test func takeoversFollowEachOtherWithoutAGap() throws {
      try withRelay { fixture, relay in
        let tables = try RequestTables(fixture.pins)
        let port = UInt16(bigEndian: try #require(try tables.listeners.entries().first).value.port_ipv4)
        let isOver = Flag()
        let pins = fixture.pins
        nonisolated(unsafe) var gaps = 0
        // A stopped relay or a closed listener would show in either.
        let watcher = try WorkerThread {
          while !isOver.isSet {
            if (try? NodeSnapshot(pins).relayAlive) != true { gaps += 1 }
            if let address = TCPAddress("127.0.0.1", port), (try? RawConnection(to: address)) == nil { gaps += 1 }
            MonotonicClock.sleep(.milliseconds(2))
          }
        }
        var children: [ChildProcess] = []
        var last = relay.pid
        for _ in 0..<5 {
          children.append(try successor(of: fixture))
          last = try waitForRelay(fixture, after: last).pid
        }
        isOver.set()
        watcher.join()
        #expect(gaps == 0)
        for child in children.dropLast() {
          let ended = try child.wait(timeout: .seconds(5))
          #expect(ended == .exited(0))
        }
        #expect(children.last?.terminate(timeout: .seconds(12)) == .exited(0))
      }
    }

    @Test func sigtermEndsARelayAndItsListeners() throws {
      try withRelay(keeping: false) { fixture, relay in
        kill(relay.pid, SIGTERM)
        try wait { !relay.isRunning }
        let node = try NodeSnapshot(fixture.pins)
        #expect(!node.relayAlive && !node.acceleration)
        #expect(try RequestTables(fixture.pins).listeners.entries().isEmpty)
      }
    }

    @Test func uninstallStopsTheRelay() throws {
      try withRelay { fixture, relay in
        fixture.kill()
        let uninstall = try fixture.run("uninstall")
        #expect(uninstall.ended == .exited(0))
        #expect(!relay.isRunning)
        #expect(!FileManager.default.fileExists(atPath: RelayReport.path(in: fixture.agent.statePath)))
      }
    }

    @Test func aRelayWhoseMapsAreGoneEnds() throws {
      try withRelay { fixture, relay in
        fixture.kill()
        _ = try Dataplane.uninstall(fixture.pins)
        try wait { !relay.isRunning }
      }
    }

    @Test func aRelayWithAnotherStateDirectoryIsRefusedAndChangesNothing() throws {
      try withRelay { fixture, relay in
        let elsewhere = try TemporaryDirectory()
        let rival = try successor(of: fixture, stateDirectory: elsewhere.path)
        // It waits in case the other one is about to end.
        MonotonicClock.sleep(.milliseconds(500))
        #expect(rival.ended == nil)
        #expect(rival.terminate() == .exited(0))
        #expect(relay.isRunning)
        #expect(try NodeSnapshot(fixture.pins).relayAlive)
      }
    }

    @Test func withoutADataplaneThereIsNothingToRelay() throws {
      let directory = try TemporaryDirectory()
      let command = try ChildProcess(
        AgentFixture.program(),
        ["relay", "--pin-path", "/sys/fs/bpf/swerve-none-\(getpid())", "--state-dir", directory.path])
      #expect(try command.wait(timeout: .seconds(10)) == .exited(69))
      #expect(command.errors.contains("start `swerve run`"))
    }

    /// Runs the body with an agent and the relay that it has started.
    ///
    /// - Parameter keeping: whether the agent is left to start another one when that relay ends.
    private func withRelay(keeping: Bool = true, _ body: (AgentFixture, RelayReport) throws -> Void) throws {
      let backend = try Backend(hosts: fourHosts)
      try AgentFixture.with([backend.file(appProtocol: "http")]) { fixture in
        let relay = try waitForRelay(fixture)
        if !keeping { fixture.kill() }
        try body(fixture, relay)
      }
    }

    /// The report of a relay in charge, other than `former`.
    private func waitForRelay(_ fixture: AgentFixture, after former: Int32 = 0) throws -> RelayReport {
      var found: RelayReport?
      try wait {
        found = try RelayReport.read(from: fixture.agent.statePath)
        return found.map { $0.pid != former && $0.since != nil && $0.isRunning } ?? false
      }
      return try #require(found)
    }

    private func successor(of fixture: AgentFixture, stateDirectory: String? = nil) throws -> ChildProcess {
      try ChildProcess(
        AgentFixture.program(),
        [
          "relay", "--pin-path", fixture.pins.path, "--state-dir", stateDirectory ?? fixture.agent.statePath,
          "--cgroup", fixture.cgroup.path,
        ])
    }

    private func wait(_ condition: () throws -> Bool) throws {
      for _ in 0..<800 {
        if try condition() { return }
        MonotonicClock.sleep(.milliseconds(10))
      }
      Issue.record("it did not happen within eight seconds")
    }
  }
}

/// Set once, from any thread.
private final class Flag: @unchecked Sendable {
  private let lock = NSLock()
  private var value = false
  var isSet: Bool { lock.withLock { value } }
  func set() { lock.withLock { value = true } }
}
