// SPDX-License-Identifier: Apache-2.0

import Dataplane
import Foundation
import Policy
import Testbed

/// The set of the demo: four endpoints, two services in front of them, an agent, and a cgroup for the clients.
final class DemoStage {
  /// One real HTTP server in a process of its own.
  struct Backend {
    let name: String
    let address: TCPAddress
    let process: ChildProcess
  }

  /// New connections, in turn.
  let roundRobin: ServiceFile
  /// Connections that are kept, to the less loaded of two.
  let leastRequest: ServiceFile
  let backends: [Backend]
  let mesh: Mesh
  private(set) var agent: AgentProcess

  private static let names = ["a", "b", "c", "slow"]
  private static let serviceTimes = ["slow": "5ms"]

  init() throws {
    let hosts = (1...DemoStage.names.count).map { "127.0.1.\($0)" }
    let port = try FreePort.find(on: hosts)
    let program = try Mesh.program()
    backends = try zip(DemoStage.names, hosts).map { name, host in
      guard let address = TCPAddress(host, port) else {
        throw TestbedError("use address \(host)", reason: "not numeric")
      }
      let arguments = ["endpoint-server", "--listen", "\(address)", "--name", name]
      let time = DemoStage.serviceTimes[name].map { ["--service-time", $0] } ?? []
      return Backend(name: name, address: address, process: try ChildProcess(program, arguments + time))
    }
    for backend in backends { try DemoStage.waitUntilListening(backend.address) }
    let addresses = backends.map(\.address)
    roundRobin = try DemoStage.service("web", "127.96.0.1", addresses, .roundRobin)
    leastRequest = try DemoStage.service("api", "127.96.0.2", addresses, .leastRequest)
    mesh = try Mesh(named: "demo", services: [roundRobin, leastRequest])
    agent = mesh.agent
    do {
      try agent.waitUntilReady(services: 2)
    } catch {
      try? mesh.close()
      throw error
    }
  }

  var pins: PinLayout { PinLayout(path: agent.pinPath) }

  /// Ends the agent as a crash would.
  func killAgent() {
    agent.process.kill()
  }

  /// Starts another agent on the same pins; the time until it had taken over.
  func restartAgent() throws -> Duration {
    agent = try AgentProcess(succeeding: agent)
    return try agent.waitUntilReport()
  }

  /// Rewrites both policy files without one endpoint.
  func remove(_ backend: Backend) throws {
    for var service in [roundRobin, leastRequest] {
      service.endpoints.removeAll { $0 == backend.address }
      try service.write(to: mesh.policies.path)
    }
  }

  /// Takes everything down, and says what was left.
  func close() throws -> Claim {
    let pins = pins
    let vip = roundRobin.address
    for backend in backends { backend.process.kill() }
    try agent.stop()
    let isRefused = try mesh.cgroup.withCurrentProcess { () -> Bool in
      do {
        try RawConnection(to: vip).close()
        return false
      } catch let error as SystemCallError {
        return error.code == ECONNREFUSED
      }
    }
    try mesh.cgroup.remove()
    let isGone = !FileManager.default.fileExists(atPath: pins.path)
    return Claim(
      "nothing is left after uninstall", isGone && isRefused,
      "pins \(isGone ? "gone" : "left at \(pins.path)"), the service address is \(isRefused ? "unsteered" : "still answered")"
    )
  }

  private static func service(
    _ name: String, _ host: String, _ endpoints: [TCPAddress], _ loadBalancer: LoadBalancer
  ) throws -> ServiceFile {
    guard let address = TCPAddress(host, 80) else { throw TestbedError("use address \(host)", reason: "not numeric") }
    return ServiceFile(
      name: name, namespace: "demo", address: address, endpoints: endpoints, loadBalancer: loadBalancer)
  }

  static func waitUntilListening(_ address: TCPAddress) throws {
    for _ in 0..<500 {
      try Interruption.check()
      if (try? RawConnection(to: address)) != nil { return }
      MonotonicClock.sleep(.milliseconds(10))
    }
    throw TestbedError("start an endpoint on \(address)", reason: "it does not listen after five seconds")
  }
}
