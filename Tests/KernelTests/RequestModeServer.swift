// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testbed
import Testing

/// A real server behind a service in request mode: its process and its addresses.
final class RequestServer: Sendable {
  let addresses: [TCPAddress]
  let process: ChildProcess
  private let directory: TemporaryDirectory?

  /// Scripts/endpoint.py: does what the path of a request says.
  static func scripted(
    _ hosts: [String], port: UInt16? = nil, in cgroup: Cgroup? = nil, network: NetworkNamespace? = nil
  ) throws -> RequestServer {
    let port = try port ?? FreePort.find(on: network == nil ? hosts : ["127.0.0.1"])
    return try RequestServer(
      Script.python(), [Script.path("endpoint.py"), "\(port)"] + hosts, hosts, port, cgroup, network, nil)
  }

  /// nginx with sendfile: /pattern is one repetition of the pattern, /large is `largeBytes` of it, /constant has no file.
  static func nginx(
    _ hosts: [String], largeBytes: Int = 1 << 20, in cgroup: Cgroup? = nil, network: NetworkNamespace? = nil
  ) throws -> RequestServer {
    let port = try FreePort.find(on: network == nil ? hosts : ["127.0.0.1"])
    let directory = try TemporaryDirectory(named: "swerve-files")
    chmod(directory.path, 0o755)
    let block = Pattern.block
    try Data(block).write(to: URL(filePath: "\(directory.path)/pattern"))
    let large = "\(directory.path)/large"
    try Data(block).write(to: URL(filePath: large))
    let handle = try FileHandle(forWritingTo: URL(filePath: large))
    defer { try? handle.close() }
    try handle.seekToEnd()
    var size = block.count
    while size < largeBytes {
      try handle.write(contentsOf: Data(block.prefix(largeBytes - size)))
      size += min(block.count, largeBytes - size)
    }
    if size > largeBytes { try handle.truncate(atOffset: UInt64(largeBytes)) }
    let file = try directory.write("nginx.conf", configuration(hosts, port, directory.path))
    return try RequestServer(
      Programs.require("nginx", package: "nginx-light"), ["-p", directory.path, "-e", "stderr", "-c", file], hosts,
      port, cgroup, network, directory)
  }

  /// Python's own http.server, which closes after every response unless it is told to be HTTP/1.1.
  static func httpServer(_ host: String, version: String, in cgroup: Cgroup?) throws -> RequestServer {
    let port = try FreePort.find(on: [host])
    let directory = try TemporaryDirectory(named: "swerve-files")
    try Data(Pattern.block).write(to: URL(filePath: "\(directory.path)/pattern"))
    return try RequestServer(
      Script.python(),
      ["-m", "http.server", "--bind", host, "--directory", directory.path, "--protocol", version, "\(port)"], [host],
      port, cgroup, nil, directory)
  }

  private init(
    _ program: String, _ arguments: [String], _ hosts: [String], _ port: UInt16, _ cgroup: Cgroup?,
    _ network: NetworkNamespace?, _ directory: TemporaryDirectory?
  ) throws {
    addresses = try hosts.map { try address($0, port) }
    self.directory = directory
    process = try ChildProcess(
      program, arguments, .init(environment: Script.environment, cgroup: cgroup, network: network))
    for address in addresses {
      try eventually("\(program) does not listen at \(address): \(process.errors)") {
        @Sendable func reach() -> Bool { (try? RawConnection(to: address, timeout: .seconds(1))) != nil }
        return try network?.run { reach() } ?? reach()
      }
    }
  }

  private static func configuration(_ hosts: [String], _ port: UInt16, _ directory: String) -> String {
    """
    daemon off;
    master_process off;
    worker_processes 1;
    pid \(directory)/nginx.pid;
    error_log stderr crit;
    events { worker_connections 8192; }
    http {
      access_log off;
      server_tokens off;
      sendfile on;
      default_type application/octet-stream;
      keepalive_requests 100000000;
      keepalive_timeout 600s;
      client_max_body_size 2g;
      client_body_temp_path \(directory)/body;
      proxy_temp_path \(directory)/proxy;
      fastcgi_temp_path \(directory)/fastcgi;
      uwsgi_temp_path \(directory)/uwsgi;
      scgi_temp_path \(directory)/scgi;
      server {
    \(hosts.map { "    listen \($0.contains(":") ? "[\($0)]" : $0):\(port) backlog=4096;" }.joined(separator: "\n"))
        root \(directory);
        error_page 405 =200 $uri;
        location = /constant { return 200 "constant\\n"; }
        location /stored/ { dav_methods PUT DELETE; create_full_put_path on; }
      }
    }

    """
  }
}

/// Where the Python programs of these tests are, and how they run.
enum Script {
  /// Nothing is written beside the sources.
  static let environment = ["PYTHONDONTWRITEBYTECODE": "1", "PYTHONUNBUFFERED": "1"]

  static func path(_ name: String) -> String {
    URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Scripts/\(name)").path
  }

  /// The system's: a wrapper in PATH would take longer to start than most tests take.
  static func python() throws -> String {
    try Programs.find("/usr/bin/python3") ?? Programs.require("python3", package: "python3")
  }
}

/// The bytes of Scripts/pattern.py.
enum Pattern {
  static let block: [UInt8] = {
    var words = [UInt64](repeating: 0, count: 1 << 17)
    for index in words.indices { words[index] = (UInt64(index) &* 0x9E37_79B9_7F4A_7C15).littleEndian }
    return words.withUnsafeBytes { Array($0.dropLast(3)) }
  }()
}

/// Looks every few milliseconds until the condition holds; records an issue when it does not in time.
func eventually(
  _ comment: @autoclosure () throws -> String, within timeout: Duration = .seconds(5),
  sourceLocation: Testing.SourceLocation = #_sourceLocation, _ condition: () throws -> Bool
) rethrows {
  let deadline = MonotonicClock.nanoseconds + timeout.nanoseconds
  while try !condition() {
    guard MonotonicClock.nanoseconds < deadline else {
      Issue.record("\(try comment()) within \(timeout)", sourceLocation: sourceLocation)
      return
    }
    MonotonicClock.sleep(.milliseconds(3))
  }
}
