// SPDX-License-Identifier: Apache-2.0

import Agent
import Dataplane
import Foundation
import SwerveABI
import SwerveCore
import Testbed
import Testing

/// A service in request mode with its policy, on a node of its own, in front of real endpoints with faults on demand.
final class BreakerFixture {
  /// An endpoint that does what its file says.
  struct Backend {
    let name: String
    let address: TCPAddress
    let file: String
    let process: ChildProcess

    func behave(_ behaviour: EndpointBehaviour) throws { try behaviour.write(to: file) }
  }

  let node: RequestNode
  let vip: TCPAddress
  let backends: [Backend]
  private let files: TemporaryDirectory

  static func with(
    endpoints: Int = 2, serviceTime: String = "0ms", policy: String, _ body: (BreakerFixture) throws -> Void
  ) throws {
    try RequestNode.with { node in
      let fixture = try BreakerFixture(node, endpoints: endpoints, serviceTime: serviceTime, policy: policy)
      defer { for backend in fixture.backends { backend.process.kill() } }
      try node.inside { try body(fixture) }
      try fixture.expectNothingUnderWay()
    }
  }

  private init(_ node: RequestNode, endpoints: Int, serviceTime: String, policy: String) throws {
    self.node = node
    files = try TemporaryDirectory(named: "swerve-behaviours")
    let hosts = (1...endpoints).map { "127.0.5.\($0)" }
    let port = try FreePort.find(on: hosts)
    vip = try #require(TCPAddress("127.96.5.1", 80))
    var started: [Backend] = []
    for host in hosts {
      let address = try #require(TCPAddress(host, port))
      let file = "\(files.path)/\(host)"
      try EndpointBehaviour.well.write(to: file)
      let process = try node.start(
        AgentFixture.program(),
        [
          "endpoint-server", "--listen", "\(address)", "--name", host, "--service-time", serviceTime, "--behaviour",
          file,
        ])
      started.append(Backend(name: host, address: address, file: file, process: process))
    }
    backends = started
    for backend in started {
      eventually("\(backend.name) does not listen") { (try? RawConnection(to: backend.address)) != nil }
    }
    try apply(policy)
    try node.publish("guarded", at: vip, nil, endpoints: started.map(\.address))
    try warmUp()
  }

  /// Replaces the rules of the service.
  func apply(_ policy: String) throws {
    try Files.replace("\(node.policies.path)/rules.yaml", with: policy)
  }

  /// Until the kernel steers: the relay has connections to every endpoint.
  private func warmUp() throws {
    let plan = LoadPlan(
      target: vip, concurrency: 2 * backends.count, requestsMax: 400, durationMax: .seconds(10),
      timeout: .seconds(5))
    try node.inside {
      let samples = try LoadClient(plan).finish()
      #expect(samples.contains { $0.failure == nil })
    }
  }

  /// The service as `swerve status` sees it.
  func snapshot() throws -> NodeSnapshot.Service {
    try #require(try NodeSnapshot(node.pins) { $0 == "default/guarded:http" }.services.first)
  }

  /// Waits until the kernel has the threshold; nanoseconds that took.
  func waitForPolicy(consecutive5xxErrors wanted: UInt32) throws -> UInt64 {
    let id = try #require(try node.id(of: "guarded"))
    let started = MonotonicClock.nanoseconds
    while MonotonicClock.nanoseconds < started + 5_000_000_000 {
      let cells = try node.tables.endpointSets.read(id) ?? []
      if cells.count > Int(SWERVE_CELL_OUTLIER), cells[Int(SWERVE_CELL_OUTLIER)].outlier.consecutive_5xx == wanted {
        return MonotonicClock.nanoseconds - started
      }
      MonotonicClock.sleep(.microseconds(200))
    }
    throw TestbedError("reload a policy", reason: "it is not in the kernel after five seconds")
  }

  func endpoint(_ index: Int) throws -> NodeSnapshot.Endpoint {
    try #require(try snapshot().endpoints.first { "\($0.address)" == backends[index].name })
  }

  /// Every admission has come to an end, and no endpoint has a request in flight.
  private func expectNothingUnderWay() throws {
    try eventually("requests are still under way") {
      let service = try snapshot()
      return service.requestsUnderWay == 0 && service.endpoints.allSatisfy { $0.requests?.inFlight == 0 }
    }
  }
}
