// SPDX-License-Identifier: Apache-2.0

import Dataplane
import Foundation
import Logging
import SwerveABI
import Synchronization
import Testbed
import Testing

@testable import Relay

extension KernelTests {
  /// Where the relay listens, so that clients of every network namespace reach it.
  @Suite struct ListenerTests {
    @Test func everyNamespaceOfTheCgroupGetsAListener() throws {
      try Node.with { node in
        let namespace = try NetworkNamespace()
        let client = try ChildProcess("sleep", ["60"], .init(cgroup: node.cgroup, network: namespace))
        defer { client.kill() }
        try LoopThread.with(node) { listeners, tables, accepted, loop in
          #expect(listeners.count == 2)
          for (cookie, listener) in try tables.listeners.entries() {
            #expect(cookie != 0 && listener.port_ipv4 != 0)
          }
          let before = accepted.load(ordering: .relaxed)
          let ports = try tables.listeners.entries().map { UInt16(bigEndian: $0.value.port_ipv4) }
          // One of the two is in our own namespace, the other in theirs.
          let reached = try namespace.run { ports.filter { connects(to: $0) }.count }
          #expect(reached >= 1)
          try loop.wait { accepted.load(ordering: .relaxed) > before }
        }
      }
    }

    @Test func aNamespaceThatIsAskedForGetsAListener() throws {
      try Node.with { node in
        let namespace = try NetworkNamespace()
        try LoopThread.with(node) { listeners, tables, accepted, loop in
          #expect(listeners.count == 1)
          let client = try ChildProcess("sleep", ["60"], .init(cgroup: node.cgroup, network: namespace))
          defer { client.kill() }
          let known = Set(try tables.listeners.entries().map(\.key))
          // What the connect hook does on a miss; the cookie is looked at no further.
          try tables.wantedListeners.update([(12_345, UInt32(client.pid))])
          try loop.wait { try tables.listeners.entries().count == 2 }
          #expect(try tables.wantedListeners.entries().isEmpty)
          let listener = try #require(try tables.listeners.entries().first { !known.contains($0.key) }?.value)
          let ipv4 = UInt16(bigEndian: listener.port_ipv4)
          #expect(try namespace.run { connects(to: ipv4) })
          try loop.wait { accepted.load(ordering: .relaxed) == 1 }
        }
      }
    }

    @Test func aDesertedNamespaceIsLeft() throws {
      try Node.with { node in
        let namespace = try NetworkNamespace()
        let client = try ChildProcess("sleep", ["60"], .init(cgroup: node.cgroup, network: namespace))
        try LoopThread.with(node) { listeners, tables, _, loop in
          #expect(listeners.count == 2)
          client.kill()
          loop.onLoop { listeners.closeDeserted() }
          try loop.wait { try tables.listeners.entries().count == 1 }
        }
      }
    }

    @Test func withdrawnListenersStillTakeWhoHasConnected() throws {
      try Node.with { node in
        try LoopThread.with(node) { listeners, tables, accepted, loop in
          let port = UInt16(bigEndian: try #require(try tables.listeners.entries().first).value.port_ipv4)
          loop.onLoop { listeners.withdraw() }
          try loop.wait { try tables.listeners.entries().isEmpty }
          #expect(connects(to: port))
          try loop.wait { accepted.load(ordering: .relaxed) == 1 }
        }
      }
    }

    @Test func strayListenersOfADeadRelayAreForgotten() throws {
      try Node.with { node in
        let tables = try RequestTables(node.pins)
        try tables.listeners.update([(4711, swerve_listener())])
        let loop = try EventLoop()
        let listeners = Listeners(tables: tables, loop: loop, logger: Logger(label: "test")) { close($0) }
        try listeners.forgetStrays()
        #expect(try tables.listeners.entries().isEmpty)
      }
    }
  }
}

/// Whether a connect to 127.0.0.1 succeeds, in the namespace of the calling thread.
private func connects(to port: UInt16) -> Bool {
  guard let address = TCPAddress("127.0.0.1", port), let connection = try? RawConnection(to: address) else {
    return false
  }
  connection.close()
  return true
}

/// Listeners on a loop that runs on a thread of its own.
private final class LoopThread: @unchecked Sendable {
  private let remote: EventLoop.Remote

  private init(_ remote: EventLoop.Remote) { self.remote = remote }

  static func with(
    _ node: Node, _ body: (Listeners, RequestTables, borrowing Atomic<Int>, LoopThread) throws -> Void
  ) throws {
    let tables = try RequestTables(node.pins)
    let accepted = Counter()
    nonisolated(unsafe) let loop = try EventLoop()
    let listeners = Listeners(tables: tables, loop: loop, logger: Logger(label: "test")) {
      accepted.count.add(1, ordering: .relaxed)
      close($0)
    }
    try listeners.open(cgroup: node.cgroup.path)
    try listeners.watch()
    let remote = loop.remote
    let thread = try WorkerThread { try? loop.run() }
    let outcome = Result { try body(listeners, tables, accepted.count, LoopThread(remote)) }
    remote.perform { $0.stop() }
    thread.join()
    listeners.close()
    try outcome.get()
  }

  private final class Counter: Sendable {
    let count = Atomic<Int>(0)
  }

  /// Runs something where it belongs.
  func onLoop(_ body: @escaping () -> Void) {
    nonisolated(unsafe) let body = body
    remote.perform { _ in body() }
  }

  /// Waits until it is so.
  func wait(_ condition: () throws -> Bool) throws {
    for _ in 0..<300 {
      if try condition() { return }
      usleep(10_000)
    }
    Issue.record("it did not happen within three seconds")
  }
}
