// SPDX-License-Identifier: Apache-2.0

import Agent
import Dataplane
import Testbed

/// Four real endpoints with faults on demand, a service in request mode in front of them, and its policy.
final class BreakerStage {
  /// An endpoint that does what its file says.
  final class Backend {
    let name: String
    let address: TCPAddress
    private let behaviour: String
    private let cgroup: Cgroup
    private(set) var process: ChildProcess

    init(_ name: String, _ address: TCPAddress, behaviour: String, in cgroup: Cgroup) throws {
      self.name = name
      self.address = address
      self.behaviour = behaviour
      self.cgroup = cgroup
      try EndpointBehaviour.well.write(to: behaviour)
      process = try Backend.start(name, address, behaviour, cgroup)
    }

    func behave(_ as: EndpointBehaviour) throws { try `as`.write(to: behaviour) }

    func kill() { process.kill() }

    func restart() throws {
      process = try Backend.start(name, address, behaviour, cgroup)
      try DemoStage.waitUntilListening(address)
    }

    private static func start(
      _ name: String, _ address: TCPAddress, _ behaviour: String, _ cgroup: Cgroup
    ) throws -> ChildProcess {
      let arguments = [
        "endpoint-server", "--listen", "\(address)", "--name", name, "--service-time", "2ms", "--behaviour", behaviour,
      ]
      return try ChildProcess(Mesh.program(), arguments, .init(cgroup: cgroup))
    }
  }

  let mesh: Mesh
  let service: ServiceFile
  let backends: [Backend]
  private let behaviours: TemporaryDirectory

  /// Requests of the service that may be under way.
  static let requestsMax = 16
  static let names = ["p", "q", "r", "s"]

  /// What a platform team would write: Istio's own kinds.
  private static let policy = """
    apiVersion: networking.istio.io/v1
    kind: DestinationRule
    metadata: {name: cart, namespace: demo}
    spec:
      host: cart
      trafficPolicy:
        connectionPool:
          http: {http2MaxRequests: \(requestsMax)}
        outlierDetection:
          consecutive5xxErrors: 5
          interval: 1s
          baseEjectionTime: 1s
          maxEjectionPercent: 50
    ---
    apiVersion: networking.istio.io/v1
    kind: VirtualService
    metadata: {name: cart, namespace: demo}
    spec:
      hosts: [cart]
      http:
      - route: [{destination: {host: cart}}]
        timeout: 0.25s

    """

  init() throws {
    let hosts = (1...BreakerStage.names.count).map { "127.0.3.\($0)" }
    let port = try FreePort.find(on: hosts)
    let addresses = hosts.compactMap { TCPAddress($0, port) }
    guard let vip = TCPAddress("127.96.0.4", 80) else {
      throw TestbedError("use address 127.96.0.4", reason: "unknown")
    }
    service = ServiceFile(
      name: "cart", namespace: "demo", address: vip, endpoints: addresses, loadBalancer: .leastRequest,
      appProtocol: "http")
    behaviours = try TemporaryDirectory(named: "swerve-behaviours")
    mesh = try Mesh(named: "demo-breaker", services: [service])
    var started: [Backend] = []
    do {
      try Files.replace("\(mesh.policies.path)/rules.yaml", with: BreakerStage.policy)
      for (name, address) in zip(BreakerStage.names, addresses) {
        started.append(
          try Backend(name, address, behaviour: "\(behaviours.path)/\(name)", in: mesh.cgroup))
      }
      for backend in started { try DemoStage.waitUntilListening(backend.address) }
      try mesh.agent.waitUntilReady(services: 1)
      try RequestScene.waitForRelay(PinLayout(path: mesh.agent.pinPath))
      try BreakerStage.waitForPolicy(PinLayout(path: mesh.agent.pinPath))
    } catch {
      for backend in started { backend.kill() }
      try? mesh.close()
      throw error
    }
    backends = started
  }

  var pins: PinLayout { PinLayout(path: mesh.agent.pinPath) }

  func close() throws {
    for backend in backends { backend.kill() }
    try mesh.close()
  }

  private static func waitForPolicy(_ pins: PinLayout) throws {
    for _ in 0..<500 {
      try Interruption.check()
      let policy = try NodeSnapshot(pins).services.first?.policy ?? []
      if policy.contains(where: { $0.field.hasSuffix("http2MaxRequests") && $0.value == "\(requestsMax)" }) { return }
      MonotonicClock.sleep(.milliseconds(10))
    }
    throw TestbedError(
      "put a policy in force", reason: "it is not in the kernel after five seconds", nextStep: "run `swerve status`")
  }
}
