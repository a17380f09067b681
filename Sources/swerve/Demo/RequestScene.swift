// SPDX-License-Identifier: Apache-2.0

import Agent
import Dataplane
import Testbed

/// Request mode: four endpoints inside the mesh, one client connection whose requests go to all of them, and the death of
/// an endpoint under load.
struct RequestScene {
  private let mesh: Mesh
  private let service: ServiceFile
  private let backends: [DemoStage.Backend]
  private let display: DemoDisplay

  private static let names = ["k", "l", "m", "n"]
  private static let clients = 8

  /// Plays it, and takes it down whatever happens.
  static func play(_ display: DemoDisplay) throws -> [Claim] {
    let scene = try RequestScene(display)
    let result = Result { try scene.play() }
    try cleaningUp(after: result) {
      for backend in scene.backends { backend.process.kill() }
      try scene.mesh.close()
    }
    return try result.get()
  }

  private init(_ display: DemoDisplay) throws {
    self.display = display
    let hosts = (1...RequestScene.names.count).map { "127.0.2.\($0)" }
    let port = try FreePort.find(on: hosts)
    let addresses = hosts.compactMap { TCPAddress($0, port) }
    guard let vip = TCPAddress("127.96.0.3", 80) else {
      throw TestbedError("use address 127.96.0.3", reason: "unknown")
    }
    service = ServiceFile(
      name: "shop", namespace: "demo", address: vip, endpoints: addresses, loadBalancer: .leastRequest,
      appProtocol: "http")
    let mesh = try Mesh(named: "demo-request", services: [service])
    self.mesh = mesh
    do {
      // Inside the mesh, where the kernel sees what they accept.
      backends = try zip(RequestScene.names, addresses).map { name, address in
        let arguments = ["endpoint-server", "--listen", "\(address)", "--name", name]
        let process = try ChildProcess(Mesh.program(), arguments, .init(cgroup: mesh.cgroup))
        return DemoStage.Backend(name: name, address: address, process: process)
      }
      for backend in backends { try DemoStage.waitUntilListening(backend.address) }
      try mesh.agent.waitUntilReady(services: 1)
      try RequestScene.waitForRelay(PinLayout(path: mesh.agent.pinPath))
    } catch {
      try? mesh.close()
      throw error
    }
  }

  static func waitForRelay(_ pins: PinLayout) throws {
    for _ in 0..<1000 {
      try Interruption.check()
      let node = try NodeSnapshot(pins)
      if node.relayAlive && node.acceleration { return }
      MonotonicClock.sleep(.milliseconds(10))
    }
    throw TestbedError(
      "start the relay", reason: "it steers nothing after ten seconds", nextStep: "run `swerve doctor`")
  }

  private func play() throws -> [Claim] {
    let pins = PinLayout(path: mesh.agent.pinPath)
    return try mesh.cgroup.withCurrentProcess {
      display.announce("Request mode: one client, one connection. Every request is steered on its own, in the kernel.")
      let one = try LoadClient(plan(clients: 1, requestsPerSecond: 500))
      try watching(one) { try display.watch(pins, backends, for: .seconds(2)) }
      let spread = judgeSpread(one.finish(), try NodeSnapshot(pins).services.first)

      display.announce("\(RequestScene.clients) clients. Endpoint m is killed (SIGKILL) while it answers.")
      let load = try LoadClient(plan(clients: RequestScene.clients, requestsPerSecond: 4000))
      try watching(load) {
        try display.watch(pins, backends, for: .seconds(1))
        backends[2].process.kill()
        try display.watch(pins, backends, for: .seconds(2))
      }
      return spread + [judgeDeath(load.finish())]
    }
  }

  private func plan(clients: Int, requestsPerSecond: Double) -> LoadPlan {
    LoadPlan(
      target: service.address, mode: .keepAlive, concurrency: clients, requestsMax: 50_000, durationMax: .seconds(30),
      requestsPerSecond: requestsPerSecond)
  }

  private func watching(_ load: LoadClient, _ body: () throws -> Void) throws {
    defer { load.stop() }
    try body()
  }

  private func judgeSpread(_ samples: [LoadSample], _ service: NodeSnapshot.Service?) -> [Claim] {
    let counts = RequestScene.names.map { name in samples.count { $0.endpoint == name } }
    let connects = samples.count(where: \.connected), failed = samples.count { $0.failure != nil }
    let steered = service?.requests["local"] ?? 0
    return [
      Claim(
        "requests of one connection go to every endpoint",
        connects == 1 && failed == 0 && samples.count > 500 && (counts.min() ?? 0) > samples.count / 10,
        "\(samples.count) requests on \(connects) connection: "
          + zip(RequestScene.names, counts).map { "\($0) \($1)" }.joined(separator: ", ")),
      Claim(
        "they are steered in the kernel", steered * 100 >= UInt64(samples.count) * 95,
        "\(steered) of \(samples.count) went from socket to socket"),
    ]
  }

  private func judgeDeath(_ samples: [LoadSample]) -> Claim {
    let failed = samples.count { $0.failure != nil }
    // Each client has one request in flight.
    return Claim(
      "an endpoint's death fails the requests it had in flight, at most",
      failed <= RequestScene.clients && samples.count > 2000 && samples.last?.failure == nil,
      "\(failed) of \(samples.count) requests failed, \(RequestScene.clients) were in flight at most")
  }
}
