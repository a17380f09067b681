// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testbed
import Testing

@testable import Agent
@testable import Dataplane
@testable import Policy

/// The real agent, in a process of its own, with a service on loopback and a cgroup for the clients.
final class AgentFixture {
  let cgroup: Cgroup
  let policies: TemporaryDirectory
  private(set) var agent: AgentProcess

  var pins: PinLayout { PinLayout(path: agent.pinPath) }

  /// Runs the body with an agent that has published `services`, and removes every trace of it afterwards.
  static func with(_ services: [ServiceFile], _ body: (AgentFixture) throws -> Void) throws {
    let fixture = try AgentFixture(services)
    let outcome = Result {
      try fixture.agent.waitUntilReady(services: services.count)
      try body(fixture)
    }
    let stopped = Result { try fixture.agent.stop() }
    try fixture.cgroup.remove()
    try outcome.get()
    try stopped.get()
  }

  private init(_ services: [ServiceFile]) throws {
    policies = try TemporaryDirectory(named: "swerve-policies")
    for service in services { try service.write(to: policies.path) }
    cgroup = try Cgroup(named: "agent-\(Int.random(in: 0..<1_000_000))")
    do {
      agent = try AgentProcess(
        program: AgentFixture.program(), name: "agent-\(Int.random(in: 0..<1_000_000))", policies: policies.path,
        cgroup: cgroup)
    } catch {
      try? cgroup.remove()
      throw error
    }
  }

  /// The program built beside this test.
  static func program() throws -> String {
    let test = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    return URL(filePath: test).deletingLastPathComponent().appending(path: "swerve").path
  }

  /// Ends the agent as a crash would.
  func kill() { agent.process.kill() }

  /// Starts another agent in its place; the time until it had taken over.
  @discardableResult
  func restart() throws -> Duration {
    agent = try AgentProcess(succeeding: agent)
    return try agent.waitUntilReport()
  }

  /// Starts a further agent on the same pins.
  func rival() throws -> AgentProcess { try AgentProcess(succeeding: agent) }

  func report() throws -> AgentReport {
    try #require(try AgentReport.read(from: agent.statePath))
  }

  /// Waits until the agent's report fulfils the condition.
  func waitForReport(_ condition: (AgentReport) -> Bool) throws {
    for _ in 0..<500 {
      if let report = try AgentReport.read(from: agent.statePath), condition(report) { return }
      MonotonicClock.sleep(.milliseconds(10))
    }
    Issue.record("the agent did not report it within five seconds: \(try report())")
  }

  /// Runs a command of the same binary on these pins.
  func run(_ command: String, _ arguments: [String] = []) throws -> (ended: ChildProcess.Termination?, output: String) {
    let child = try ChildProcess(
      AgentFixture.program(),
      [command, "--pin-path", agent.pinPath, "--state-dir", agent.statePath] + arguments)
    let ended = try child.wait(timeout: .seconds(20))
    return (ended, child.output + child.errors)
  }
}

extension Backend {
  /// The service as a policy file, without some of its endpoints.
  func file(
    _ loadBalancer: LoadBalancer = .roundRobin, without left: Set<Int> = [], name: String = "web",
    appProtocol: String? = nil
  ) -> ServiceFile {
    let endpoints = listeners.enumerated().filter { !left.contains($0.offset) }.map(\.element.address)
    return ServiceFile(
      name: name, namespace: "default", address: vip, endpoints: endpoints, loadBalancer: loadBalancer,
      appProtocol: appProtocol)
  }
}
