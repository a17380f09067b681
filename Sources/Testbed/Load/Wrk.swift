// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// wrk, the load generator of the keep-alive measurements: one thread, whole microseconds from its own histogram.
public struct Wrk: Sendable {
  public var connections: Int
  public var duration: Duration
  /// For example ["Connection": "close"].
  public var headers: [String: String]

  public init(connections: Int, duration: Duration, headers: [String: String] = [:]) {
    self.connections = connections
    self.duration = duration
    self.headers = headers
  }

  /// What one run found.
  public struct Result: Sendable, Codable, Equatable {
    public let requests: Int
    public let seconds: Double
    public let p50Microseconds: Double
    public let p99Microseconds: Double
    /// Responses with a status of 400 or more.
    public let statusErrors: Int
    /// Connect, read, write and timeout errors.
    public let socketErrors: Int

    public var requestsPerSecond: Double { seconds > 0 ? Double(requests) / seconds : 0 }
  }

  /// Runs wrk in a cgroup, on a processor, against an address, and waits for its end.
  public func run(
    _ target: TCPAddress, path: String = "/", in cgroup: Cgroup? = nil, processor: Int? = nil
  ) throws -> Result {
    let program = try Programs.require("wrk", package: "wrk")
    let directory = try TemporaryDirectory(named: "swerve-wrk")
    let script = try directory.write("report.lua", Self.script)
    // wrk takes whole seconds only.
    let seconds = max(1, Int(duration.seconds.rounded()))
    var arguments = ["-t", "1", "-c", "\(connections)", "-d", "\(seconds)s", "--latency", "-s", script]
    for (name, value) in headers.sorted(by: { $0.key < $1.key }) { arguments += ["-H", "\(name): \(value)"] }
    arguments.append("http://\(target)\(path)")
    let child = try ChildProcess(program, arguments, .init(cgroup: cgroup, processor: processor))
    guard let ended = try child.wait(timeout: .seconds(seconds + 10)) else {
      child.kill()
      throw TestbedError("run wrk against \(target)", reason: "it did not end in time")
    }
    guard ended == .exited(0) else {
      throw TestbedError("run wrk against \(target)", reason: "\(ended) \(child.errors)\(child.output)")
    }
    return try Self.parse(child.output)
  }

  /// The line that the script below adds to wrk's output.
  private static let mark = "swerve-report "

  /// latency:percentile is in microseconds, summary.duration too (wrk's SCRIPTING document).
  private static let script = """
    function done(summary, latency, requests)
      local e = summary.errors
      io.write(string.format(
        '\(mark){"requests":%d,"seconds":%f,"p50Microseconds":%f,"p99Microseconds":%f,' ..
        '"statusErrors":%d,"socketErrors":%d}\\n',
        summary.requests, summary.duration / 1e6, latency:percentile(50), latency:percentile(99),
        e.status, e.connect + e.read + e.write + e.timeout))
    end

    """

  static func parse(_ output: String) throws -> Result {
    guard let line = output.split(separator: "\n").last(where: { $0.hasPrefix(mark) }) else {
      throw TestbedError("read wrk's report", reason: "no report in: \(output)")
    }
    return try JSONDecoder().decode(Result.self, from: Data(line.dropFirst(mark.count).utf8))
  }
}
