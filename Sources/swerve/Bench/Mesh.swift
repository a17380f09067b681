// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Testbed

/// An agent of our own binary with services of its own, steering one cgroup.
struct Mesh {
  let cgroup: Cgroup
  let policies: TemporaryDirectory
  let agent: AgentProcess

  /// Writes the services and starts the agent; does not wait until it is ready.
  /// - Parameters:
  ///   - files: further policy files, by their names.
  ///   - network: where the agent and its relay are.
  init(
    named name: String, services: [ServiceFile], files: [(name: String, text: String)] = [],
    network: NetworkNamespace? = nil
  ) throws {
    policies = try TemporaryDirectory(named: "swerve-policies")
    for file in files { _ = try policies.write(file.name, file.text) }
    for service in services { try service.write(to: policies.path) }
    cgroup = try Cgroup(named: name)
    do {
      agent = try AgentProcess(
        program: Mesh.program(), name: name, policies: policies.path, cgroup: cgroup, network: network)
    } catch {
      try? cgroup.remove()
      throw error
    }
  }

  /// Path of this program. The link is resolved: in a child it would be a link to itself, but /proc would not name it.
  static func program() throws -> String {
    try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
  }

  /// Ends the agent, removes its pins and the cgroup.
  func close() throws {
    let stopped = Result { try agent.stop() }
    try cgroup.remove()
    try stopped.get()
  }

  /// Builds a mesh, waits until it serves all services, hands it to the body, and takes it down.
  static func with<Value>(named name: String, services: [ServiceFile], _ body: (Mesh) throws -> Value) throws -> Value {
    let mesh = try Mesh(named: name, services: services)
    let result = Result {
      try mesh.agent.waitUntilReady(services: services.count)
      return try body(mesh)
    }
    try cleaningUp(after: result) { try mesh.close() }
    return try result.get()
  }
}
