// SPDX-License-Identifier: Apache-2.0

import Foundation
import SwerveABI
import Testbed
import Testing

@testable import Agent
@testable import Dataplane
@testable import Policy

/// All tests that need the kernel. One at a time: each moves this process into a cgroup of its own.
@Suite(.serialized, Kernel.available)
enum KernelTests {}

/// The kernel tests' precondition; a test without it is skipped with this reason.
enum Kernel {
  static var available: ConditionTrait {
    .enabled("needs root, cgroup v2 and a kernel that loads BPF programs") {
      Privileges().missing.isEmpty && CgroupPath.mountPoint() != nil
    }
  }
}

/// A dataplane of a test's own: a cgroup, pins, tables and a publisher.
final class Node {
  let cgroup: Cgroup
  let pins: PinLayout
  let dataplane: Dataplane
  let publisher: Publisher

  /// Runs the body with a dataplane that has published `services`, and removes every trace of it afterwards.
  static func with(_ services: [Service] = [], _ body: (Node) throws -> Void) throws {
    let serial = Int.random(in: 0..<1_000_000)
    let cgroup = try Cgroup(named: "kernel-\(serial)")
    let pins = PinLayout(path: "/sys/fs/bpf/swerve-test-\(getpid())-\(serial)")
    let outcome = Result { try body(Node(cgroup, pins, services)) }
    let removed = Result { try Dataplane.uninstall(pins) }
    try cgroup.remove()
    try outcome.get()
    let pinned = try removed.get()
    #expect(!pinned.isEmpty)
    #expect(!FileManager.default.fileExists(atPath: pins.path))
  }

  /// A further dataplane on the same pins, as a restarted agent has it.
  init(_ cgroup: Cgroup, _ pins: PinLayout, _ services: [Service]) throws {
    self.cgroup = cgroup
    self.pins = pins
    dataplane = try Dataplane(pins: pins, cgroup: CgroupPath(cgroup.path))
    try dataplane.limitConnections(to: Int(SWERVE_CONNECTIONS_MAX))
    publisher = try Publisher(dataplane.tables)
    try publish(services)
    try dataplane.attach()
  }

  @discardableResult
  func publish(_ services: [Service], removing names: [String] = []) throws -> Publisher.Report {
    try publisher.apply(PolicyChange(upserted: services, removed: names))
  }

  /// Runs the body with this process inside the steered cgroup.
  func inside<Result>(_ body: () throws -> Result) throws -> Result {
    try cgroup.withCurrentProcess(body)
  }

  /// A service as `swerve status` reads it; the only one when no name is given.
  func snapshot(_ name: String? = nil) throws -> NodeSnapshot.Service {
    try #require(try NodeSnapshot(pins).services.first { name == nil || $0.name == name })
  }
}

/// A service on loopback with real listeners behind it.
struct Backend {
  let vip: TCPAddress
  var listeners: [RawListener]

  /// - Parameter hosts: one endpoint each, on ports the kernel chooses.
  init(vip: String = "127.96.0.1", port: UInt16 = 80, hosts: [String], backlog: Int32 = 4096) throws {
    self.vip = try address(vip, port)
    listeners = try hosts.map { try RawListener(on: address($0, 0), backlog: backlog) }
  }

  /// The policy's view of it.
  func service(
    _ loadBalancer: LoadBalancer = .roundRobin, weights: [UInt16]? = nil, name: String = "default/web:http"
  ) throws -> Service {
    let endpoints = try listeners.enumerated().map { index, listener in
      Endpoint(
        address: try #require(IPAddress(listener.address.host)), port: listener.address.port,
        weight: weights?[index] ?? 1)
    }
    return Service(
      name: name, frontends: [Frontend(address: try #require(IPAddress(vip.host)), port: vip.port)],
      loadBalancer: loadBalancer, endpoints: endpoints.sorted(),
      source: SourceLocation(file: "test.yaml", line: 1, column: 1))
  }

  /// Connects that many times, closing each, and counts where they landed.
  func landings(_ count: Int, from source: TCPAddress? = nil) throws -> [Int] {
    for listener in listeners { listener.drain() }
    for _ in 0..<count { try RawConnection(to: vip, from: source).close() }
    return listeners.map { $0.drain() }
  }
}

/// A numeric address the test itself wrote.
func address(_ host: String, _ port: UInt16) throws -> TCPAddress {
  try #require(TCPAddress(host, port))
}

let fourHosts = ["127.0.1.1", "127.0.1.2", "127.0.1.3", "127.0.1.4"]
