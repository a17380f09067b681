// SPDX-License-Identifier: Apache-2.0

import Foundation
import SwerveABI
import Synchronization
import Testbed
import Testing

@testable import Agent
@testable import Dataplane
@testable import Policy
@testable import Relay

/// The real agent and the relay it starts, with servers behind services in request mode.
final class RequestNode: Sendable {
  /// Of the agent: servers in it are steered to socket to socket, clients in it are steered.
  let cgroup: Cgroup
  let policies: TemporaryDirectory
  /// Where this process is otherwise.
  private let home: String
  /// What the kernel's programs and the relay write, as they write it.
  let tables: RequestTables
  private let infos: Tables
  private let current: Mutex<AgentProcess>
  private let servers = Mutex<[RequestServer]>([])
  private let ids = Mutex<[String: UInt32]>([:])

  var agent: AgentProcess { current.withLock { $0 } }
  var pins: PinLayout { PinLayout(path: agent.pinPath) }

  /// Runs the body with an agent and a living relay, and removes every trace of them afterwards.
  static func with<Result>(
    network: NetworkNamespace? = nil, _ body: (RequestNode) throws -> Result
  ) throws -> Result {
    let node = try RequestNode(network)
    let outcome = Swift.Result { try body(node) }
    try node.end()
    return try outcome.get()
  }

  /// The same for a body that suspends.
  static func with(_ body: (RequestNode) async throws -> Void) async throws {
    let node = try RequestNode(nil)
    do { try await body(node) } catch {
      try? node.end()
      throw error
    }
    try node.end()
  }

  private init(_ network: NetworkNamespace?) throws {
    let serial = Int.random(in: 0..<1_000_000)
    policies = try TemporaryDirectory(named: "swerve-policies")
    home = try Cgroup.current()
    // A service that has no endpoint: with it a relay is wanted.
    try ServiceFile(
      name: "empty", namespace: "default", address: address("127.96.1.250", 80), endpoints: [], appProtocol: "http"
    ).write(to: policies.path)
    let cgroup = try Cgroup(named: "request-\(serial)")
    var agent: AgentProcess?
    do {
      let started = try AgentProcess(
        program: AgentFixture.program(), name: "request-\(serial)", policies: policies.path, cgroup: cgroup,
        network: network)
      agent = started
      try started.waitUntilKernelHolds(frontends: 1)
      let pins = PinLayout(path: started.pinPath)
      tables = try RequestTables(pins)
      infos = try #require(try Tables(pins))
      current = Mutex(started)
      self.cgroup = cgroup
    } catch {
      try? agent?.stop()
      try? cgroup.remove()
      throw error
    }
    do { try waitForRelay() } catch {
      try? end()
      throw error
    }
  }

  private func end() throws {
    let stopped = Swift.Result { try agent.stop() }
    let ended = servers.withLock { servers in
      defer { servers = [] }
      return servers
    }
    for server in ended { server.process.kill() }
    try cgroup.remove()
    try stopped.get()
  }

  // MARK: Services

  /// Publishes a service in request mode, and waits until the kernel has it.
  @discardableResult
  func publish(
    _ name: String, at vip: TCPAddress, _ server: RequestServer?, endpoints: [TCPAddress] = [],
    _ loadBalancer: LoadBalancer = .leastRequest
  ) throws -> TCPAddress {
    if let server { servers.withLock { $0.append(server) } }
    try ServiceFile(
      name: name, namespace: "default", address: vip, endpoints: (server?.addresses ?? []) + endpoints,
      loadBalancer: loadBalancer, appProtocol: "http"
    ).write(to: policies.path)
    try eventually("service \(name) is not published") { try id(of: name) != nil }
    return vip
  }

  /// Withdraws a service, and ends its server.
  func withdraw(_ name: String, _ server: RequestServer?) throws {
    Files.removeTree("\(policies.path)/\(name).yaml")
    ids.withLock { $0[name] = nil }
    guard let server else { return }
    server.process.kill()
    servers.withLock { $0.removeAll { $0 === server } }
  }

  func id(of name: String) throws -> UInt32? {
    if let known = ids.withLock({ $0[name] }) { return known }
    let all = try infos.serviceInfos.readAll(count: Int(SWERVE_SERVICES_MAX))
    guard let index = all.firstIndex(where: { $0.name.0 != 0 && $0.serviceName == "default/\(name):http" })
    else { return nil }
    ids.withLock { $0[name] = UInt32(index) }
    return UInt32(index)
  }

  // MARK: Agent and relay

  /// Moves this whole process into the cgroup for the body. Sockets it opens are steered from then on.
  func inside<Result>(_ body: () throws -> Result) throws -> Result {
    try cgroup.withCurrentProcess(body)
  }

  /// The reverse, within the body of `inside`: what is started there is elsewhere for the agent.
  func outside<Result>(_ body: () throws -> Result) throws -> Result {
    try Data("\(getpid())".utf8).write(to: URL(filePath: "\(home)/cgroup.procs"))
    let result = Swift.Result { try body() }
    try cgroup.add(getpid())
    return try result.get()
  }

  /// Starts a program in the cgroup.
  func start(_ program: String, _ arguments: [String], network: NetworkNamespace? = nil) throws -> ChildProcess {
    try ChildProcess(
      program, arguments, .init(environment: Script.environment, cgroup: cgroup, network: network))
  }

  /// Ends the agent as a crash would, and starts another one in its place.
  @discardableResult
  func restartAgent() throws -> Duration {
    agent.process.kill()
    let next = try AgentProcess(succeeding: agent)
    current.withLock { $0 = next }
    return try next.waitUntilReport()
  }

  func relayReport() throws -> RelayReport? { try? RelayReport.read(from: agent.statePath) }

  var relayPid: Int32 {
    get throws { try #require(try relayReport(), "there is no relay").pid }
  }

  var isRelayAlive: Bool {
    let signed = tables.node[0]?.pointee.relay_heartbeat_ns ?? 0
    return signed != 0 && MonotonicClock.nanoseconds < signed + UInt64(SWERVE_RELAY_TIMEOUT_MS) * 1_000_000
  }

  /// Until it steers.
  func waitForRelay(after former: Int32? = nil) throws {
    try eventually("there is no relay: \(agent.process.errors)", within: .seconds(15)) {
      guard isRelayAlive, let report = try relayReport() else { return false }
      return report.since != nil && report.pid != former && report.listeners > 0
    }
    let obstacles = try relayReport()?.obstacles ?? []
    #expect(tables.node[0]?.pointee.acceleration == 1, "\(obstacles)")
  }

  /// Starts a relay that takes over from the present one, and waits until it has.
  func upgradeRelay() throws -> ChildProcess {
    let former = try relayPid
    let child = try ChildProcess(
      AgentFixture.program(),
      [
        "relay", "--cgroup", cgroup.path, "--pin-path", agent.pinPath, "--state-dir", agent.statePath, "--log-level",
        "notice",
      ], .init(cleansUp: true))
    try eventually("the relay was not succeeded: \(child.errors)", within: .seconds(15)) {
      let report = try relayReport()
      return report?.pid == child.pid && report?.pid != former && report?.since != nil
    }
    return child
  }
}

extension RequestNode {
  /// The node that the tests of ``KernelTests/RequestModeTests`` share.
  @TaskLocal static var shared: RequestNode?

  /// Runs a test on the shared node, in its cgroup, and makes sure that it leaves nothing open.
  static func use(_ body: (RequestNode) throws -> Void, sourceLocation: Testing.SourceLocation = #_sourceLocation)
    throws
  {
    let node = try #require(shared, "the suite has no node", sourceLocation: sourceLocation)
    let before = node.leftovers
    try node.inside { try body(node) }
    try node.expectQuiet(except: before, sourceLocation: sourceLocation)
  }
}

/// Brings the shared node up before the first test of a suite and takes it down after the last.
struct SharedRequestNode: SuiteTrait, TestScoping {
  func provideScope(
    for test: Test, testCase: Test.Case?, performing body: @Sendable () async throws -> Void
  ) async throws {
    try await RequestNode.with { node in
      try node.publishAll()
      try await RequestNode.$shared.withValue(node) { try await body() }
    }
  }
}

extension SuiteTrait where Self == SharedRequestNode {
  static var sharedRequestNode: Self { Self() }
}
