// SPDX-License-Identifier: Apache-2.0

/// HAProxy in front of the endpoints, as a node-local proxy would be: one thread, connections to the servers reused.
public struct HAProxy: Sendable {
  public var listen: String
  public var servers: [TCPAddress]

  public init(listen: String = "127.0.2.1", servers: [TCPAddress]) {
    self.listen = listen
    self.servers = servers
  }

  /// Starts it on a free port.
  public func start(cgroup: Cgroup? = nil, network: NetworkNamespace? = nil) throws -> Peer {
    let program = try Programs.require("haproxy", package: "haproxy")
    let port = try FreePort.find(on: [listen])
    let directory = try TemporaryDirectory(named: "swerve-haproxy")
    let file = try directory.write("haproxy.cfg", configuration(port: port))
    return try Peer(
      "haproxy", program: program, arguments: ["-db", "-f", file], directory: directory,
      addresses: [TCPAddress(listen, port)].compactMap { $0 }, cgroup: cgroup, network: network)
  }

  /// random(2) is the power of two choices, which Envoy's and Swerve's LEAST_REQUEST are too. No log directive: no log.
  func configuration(port: UInt16) -> String {
    """
    global
      nbthread 1
      maxconn 8192
    defaults
      mode http
      timeout connect 5s
      timeout client 600s
      timeout server 600s
      option http-keep-alive
      http-reuse always
    frontend clients
      bind \(listen):\(port)
      default_backend endpoints
    backend endpoints
      balance random(2)
    \(servers.enumerated().map { "  server e\($0.offset) \($0.element)" }.joined(separator: "\n"))

    """
  }
}
