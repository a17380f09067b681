// SPDX-License-Identifier: Apache-2.0

/// nginx as the endpoints behind every path: one process, any number of loopback addresses, a constant response.
public struct Nginx: Sendable {
  /// Loopback addresses, all on the same port.
  public var hosts: [String]
  /// 0: a free one is picked.
  public var port: UInt16
  /// Bytes of a whole keep-alive response, head included. 167 is what KERNEL.md's figures were taken with.
  public var responseBytes: Int
  /// Close after every response.
  public var closes: Bool
  /// Files to be had besides: of so many bytes, at the path "/BYTES".
  public var files: [Int] = []
  /// Directory of files to be had instead of those; nil for none.
  public var root: String?

  public init(hosts: [String], port: UInt16 = 0, responseBytes: Int = 167, closes: Bool = false) {
    self.hosts = hosts
    self.port = port
    self.responseBytes = responseBytes
    self.closes = closes
  }

  /// The eight loopback addresses 127.0.1.1 to 127.0.1.8.
  public static let eightHosts = (1...8).map { "127.0.1.\($0)" }

  /// Starts it, on a processor of its own if given.
  public func start(
    cgroup: Cgroup? = nil, network: NetworkNamespace? = nil, processor: Int? = nil
  ) throws -> Peer {
    let program = try Programs.require("nginx", package: "nginx-light")
    let port = self.port != 0 ? self.port : try FreePort.find(on: hosts)
    let directory = try TemporaryDirectory(named: "swerve-nginx")
    for bytes in files { _ = try directory.write("\(bytes)", String(repeating: "x", count: bytes)) }
    let file = try directory.write("nginx.conf", configuration(port: port, directory: directory.path))
    return try Peer(
      "nginx", program: program, arguments: ["-p", directory.path, "-e", "stderr", "-c", file], directory: directory,
      addresses: hosts.compactMap { TCPAddress($0, port) }, cgroup: cgroup, network: network, processor: processor)
  }

  /// What nginx 1.x sends before the body with `server_tokens off`, apart from the digits of the length.
  private static let headBytes =
    "HTTP/1.1 200 OK\r\nServer: nginx\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT\r\nContent-Type: text/plain\r\n"
    .utf8.count + "Content-Length: \r\nConnection: keep-alive\r\n\r\n".utf8.count

  /// Bytes of body that make the whole response as long as asked for.
  var bodyBytes: Int {
    let rest = max(0, responseBytes - Self.headBytes)
    // The length field grows with the body it counts.
    return (1...9).lazy.map { rest - $0 }.first { "\(max(0, $0))".utf8.count + max(0, $0) == rest } ?? max(0, rest - 1)
  }

  func configuration(port: UInt16, directory: String) -> String {
    """
    daemon off;
    master_process off;
    worker_processes 1;
    pid \(directory)/nginx.pid;
    error_log stderr crit;
    events { worker_connections \(8192 + hosts.count); }
    http {
      access_log off;
      server_tokens off;
      default_type text/plain;
      keepalive_requests 10000000;
      keepalive_timeout \(closes ? "0" : "600s");
      client_body_temp_path \(directory)/body;
      proxy_temp_path \(directory)/proxy;
      fastcgi_temp_path \(directory)/fastcgi;
      uwsgi_temp_path \(directory)/uwsgi;
      scgi_temp_path \(directory)/scgi;
      server {
    \(hosts.map { "    listen \($0):\(port) backlog=4096;" }.joined(separator: "\n"))
        location = / { return 200 "\(String(repeating: "x", count: bodyBytes))"; }
        location / { root \(root ?? directory); sendfile on; }
      }
    }

    """
  }
}
