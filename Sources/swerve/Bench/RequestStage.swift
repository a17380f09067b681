// SPDX-License-Identifier: Apache-2.0

import Agent
import Dataplane
import Testbed

/// Everything that a measurement of request mode runs against, at one place: eight endpoints, proxies, and a mesh.
struct RequestStage {
  /// Where the clients of a path connect to, and from.
  struct Route {
    let address: TCPAddress
    let cgroup: Cgroup
  }

  /// Where clients and proxies are; nil for our own network namespace.
  let network: NetworkNamespace?
  let mesh: Mesh
  private(set) var routes: [BenchPath: Route] = [:]
  private(set) var skipped: [Skipped] = []
  private var peers: [Peer] = []
  private let plain: Cgroup
  /// Of the endpoints; kept for as long as they run.
  private let endpointNetwork: NetworkNamespace?

  private static let port: UInt16 = 8080

  /// Builds it, hands it to the body, and takes it down, whatever happens.
  static func with<Result>(_ place: Measure, _ plan: BenchPlan, _ body: (RequestStage) throws -> Result) throws
    -> Result
  {
    let plain = try Cgroup(named: "bench-plain")
    let built = Swift.Result { try RequestStage(place, plan, plain: plain) }
    let result = built.flatMap { stage in Swift.Result { try body(stage) } }
    try cleaningUp(after: result) {
      if case .success(let stage) = built { try stage.close() }
      try plain.remove()
    }
    return try result.get()
  }

  private init(_ place: Measure, _ plan: BenchPlan, plain: Cgroup) throws {
    Progress.note("starting nginx, proxies, agent and relay for \(place.rawValue)")
    self.plain = plain
    let isApart = place != .sameNode
    network = isApart ? try NetworkNamespace() : nil
    endpointNetwork = isApart ? try NetworkNamespace() : nil
    let hosts = isApart ? (1...8).map { "10.77.0.\($0)" } : Nginx.eightHosts
    if let network, let endpointNetwork {
      try NetworkNamespace.connect(network, ["10.77.0.100/24"], endpointNetwork, hosts.map { "\($0)/24" })
    }
    let port = isApart ? Self.port : try FreePort.find(on: hosts)
    let addresses = hosts.compactMap { TCPAddress($0, port) }
    guard let vip = TCPAddress("127.96.0.1", 80) else {
      throw TestbedError("use address 127.96.0.1", reason: "unknown")
    }
    guard let guardedVIP = TCPAddress("127.96.0.2", 80) else {
      throw TestbedError("use address 127.96.0.2", reason: "unknown")
    }
    let web = ServiceFile(name: "web", address: vip, endpoints: addresses, appProtocol: "http")
    let guarded = ServiceFile(name: "guarded", address: guardedVIP, endpoints: addresses, appProtocol: "http")
    let services = place == .sameNode && plan.paths.contains(.breakers) ? [web, guarded] : [web]
    mesh = try Mesh(named: "bench-request", services: services, network: network)
    do {
      if services.count > 1 { try Files.replace("\(mesh.policies.path)/rules.yaml", with: Self.everyBreaker) }
      var nginx = Nginx(hosts: hosts, port: port)
      nginx.files = Workload.files
      // The kernel sees what an endpoint accepts only inside the mesh; outside, it is on another node.
      peers.append(
        try nginx.start(
          cgroup: place == .nodes ? plain : mesh.cgroup, network: endpointNetwork, processor: Processor.forServers))
      routes[.direct] = Route(address: addresses[0], cgroup: plain)
      routes[.swerve] = Route(address: vip, cgroup: mesh.cgroup)
      let network = network
      if plan.paths.contains(.haproxy) {
        addProxy(.haproxy) { try HAProxy(servers: addresses).start(network: network) }
      }
      if plan.paths.contains(.envoy) { addProxy(.envoy) { try Stage.startEnvoy(addresses, network: network) } }
      try mesh.agent.waitUntilReady(services: services.count)
      try warmUp(vip)
      if services.count > 1 {
        try warmUp(guardedVIP)
        routes[.breakers] = Route(address: guardedVIP, cgroup: mesh.cgroup)
      }
    } catch {
      try? close()
      throw error
    }
  }

  private func close() throws {
    for peer in peers { peer.stop() }
    try mesh.close()
  }

  /// A proxy that cannot be had costs its row, not the run.
  private mutating func addProxy(_ path: BenchPath, _ start: () throws -> Peer) {
    do {
      let peer = try start()
      peers.append(peer)
      routes[path] = Route(address: peer.addresses[0], cgroup: plain)
    } catch {
      skipped.append(Skipped(what: path.rawValue, reason: "\(error)"))
    }
  }

  /// The kernel's counts of requests by path.
  func requests() throws -> [String: UInt64] {
    let services = try NodeSnapshot(PinLayout(path: mesh.agent.pinPath)).services
    return services.reduce(into: [:]) { $0.merge($1.requests, uniquingKeysWith: +) }
  }

  /// All that a policy may limit and watch for, in bounds that the measurement does not reach.
  private static let everyBreaker = """
    apiVersion: networking.istio.io/v1
    kind: DestinationRule
    metadata: {name: guarded, namespace: bench}
    spec:
      host: guarded
      trafficPolicy:
        connectionPool:
          tcp: {maxConnections: 512, connectTimeout: 1s}
          http: {http1MaxPendingRequests: 256, http2MaxRequests: 512}
        outlierDetection:
          consecutive5xxErrors: 5
          consecutiveGatewayErrors: 5
          consecutiveLocalOriginFailures: 5
          splitExternalLocalOriginErrors: true
          interval: 1s
          maxEjectionPercent: 50
          minHealthPercent: 30
        loadBalancer:
          simple: LEAST_REQUEST
          warmup: {duration: 10s}
    ---
    apiVersion: networking.istio.io/v1
    kind: VirtualService
    metadata: {name: guarded, namespace: bench}
    spec:
      hosts: [guarded]
      http:
      - route: [{destination: {host: guarded}}]
        timeout: 5s
    ---
    apiVersion: swerve.dev/v1alpha1
    kind: TrafficPolicy
    metadata: {name: guarded, namespace: bench}
    spec:
      host: guarded
      outlierDetection:
        successRateMinimumHosts: 5
        successRateRequestVolume: 100
        failurePercentageThreshold: 85
        maxEjectionTime: 300s

    """

  /// Until the relay listens where the clients are, and has connections to the endpoints.
  private func warmUp(_ vip: TCPAddress) throws {
    for _ in 0..<20 {
      try Interruption.check()
      let before = try requests()
      _ = try Wrk(connections: 64, duration: .seconds(1)).run(vip, in: mesh.cgroup, network: network)
      let after = try requests()
      let steered = Self.steered(after) - Self.steered(before)
      if steered > 1000 { return }
    }
    throw TestbedError(
      "warm up", reason: "requests are not steered: \(try requests())", nextStep: "run `swerve doctor`")
  }

  static func steered(_ requests: [String: UInt64]) -> UInt64 {
    (requests["local"] ?? 0) + (requests["remote"] ?? 0)
  }
}
