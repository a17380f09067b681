// SPDX-License-Identifier: Apache-2.0

import CTestbed
import FoundationEssentials
import Glibc

/// `swerve run` as a process of its own, on a cgroup, pins and state of its own.
public final class AgentProcess: Sendable {
  public let process: ChildProcess
  /// Directory of pins in the BPF file system.
  public let pinPath: String
  /// CLOCK_MONOTONIC just before it was started.
  public let startedNanoseconds: UInt64
  private let program: String
  private let arguments: [String]
  private let network: NetworkNamespace?
  private let stateDirectory: TemporaryDirectory

  /// Directory of the agent's own files.
  public var statePath: String { stateDirectory.path }

  /// Starts the agent and returns at once; see ``waitUntilReady(services:timeout:)``.
  /// - Parameters:
  ///   - program: path of the swerve binary.
  ///   - name: part of the pin path, which carries our pid too.
  ///   - network: where it runs, and so the relay it starts.
  public convenience init(
    program: String, name: String, policies: String, cgroup: Cgroup, network: NetworkNamespace? = nil
  ) throws {
    let pinPath = "/sys/fs/bpf/swerve-\(name)-\(getpid())"
    let stateDirectory = try TemporaryDirectory(named: "swerve-state")
    try self.init(
      program, pinPath, stateDirectory,
      [
        "run", "--policies", policies, "--cgroup", cgroup.path, "--pin-path", pinPath, "--state-dir",
        stateDirectory.path,
      ], network)
  }

  /// Starts an agent in the place of one that has ended, with its pins and its state.
  public convenience init(succeeding former: AgentProcess) throws {
    try self.init(former.program, former.pinPath, former.stateDirectory, former.arguments, former.network)
  }

  private init(
    _ program: String, _ pinPath: String, _ stateDirectory: TemporaryDirectory, _ arguments: [String],
    _ network: NetworkNamespace?
  ) throws {
    self.program = program
    self.pinPath = pinPath
    self.stateDirectory = stateDirectory
    self.arguments = arguments
    self.network = network
    startedNanoseconds = MonotonicClock.nanoseconds
    process = try ChildProcess(program, arguments, .init(network: network, cleansUp: true))
  }

  /// Waits until the agent has reported that the policy is in force. Returns the time since its start.
  @discardableResult
  public func waitUntilReport(timeout: Duration = .seconds(30)) throws -> Duration {
    while !(try reportedPid() == process.pid) {
      try checkAlive(timeout)
      MonotonicClock.sleep(.milliseconds(5))
    }
    return .nanoseconds(Int64(MonotonicClock.nanoseconds - startedNanoseconds))
  }

  private struct Report: Decodable { let pid: Int32 }

  /// Whose report lies in the state directory; nil when there is none.
  private func reportedPid() throws -> Int32? {
    guard let text = try? Files.read("\(stateDirectory.path)/agent.json") else { return nil }
    return try JSONDecoder().decode(Report.self, from: Data(text.utf8)).pid
  }

  /// Waits until the agent says that it serves at least so many services. Returns the time since its start.
  @discardableResult
  public func waitUntilReady(services: Int, timeout: Duration = .seconds(30)) throws -> Duration {
    try waitUntilKernelHolds(frontends: services, timeout: timeout)
    while try servicesInStatus() ?? 0 < services {
      try checkAlive(timeout)
      MonotonicClock.sleep(.milliseconds(20))
    }
    return .nanoseconds(Int64(MonotonicClock.nanoseconds - startedNanoseconds))
  }

  /// Waits until the pinned map `frontends` has so many keys: a look that costs the agent nothing and, with thousands
  /// of services, us far less than its status. Returns the time since its start.
  @discardableResult
  public func waitUntilKernelHolds(frontends: Int, timeout: Duration = .seconds(30)) throws -> Duration {
    while true {
      if let map = frontendsMap, testbed_bpf_count_keys(map) >= frontends {
        return .nanoseconds(Int64(MonotonicClock.nanoseconds - startedNanoseconds))
      }
      try checkAlive(timeout)
      MonotonicClock.sleep(.milliseconds(5))
    }
  }

  /// Number of services in `swerve status --json`; nil while there is no status.
  public func servicesInStatus() throws -> Int? {
    let status = try ChildProcess(
      program, ["status", "--json", "--pin-path", pinPath, "--state-dir", stateDirectory.path])
    guard try status.wait(timeout: .seconds(30)) == .exited(0) else { return nil }
    return Self.services(inStatus: status.output)
  }

  /// Resident memory in bytes (VmRSS of proc(5)).
  public func residentBytes() throws -> Int {
    try Self.residentBytes(status: Files.read("/proc/\(process.pid)/status"))
  }

  /// Ends the agent, removes its pins, and makes sure that they are gone.
  public func stop() throws {
    process.terminate(timeout: .seconds(10))
    let uninstall = try ChildProcess(program, ["uninstall", "--pin-path", pinPath, "--state-dir", stateDirectory.path])
    uninstall.waitUninterrupted(timeout: .seconds(30))
    guard access(pinPath, F_OK) != 0 else {
      throw TestbedError(
        "remove the pins in \(pinPath)", reason: "swerve uninstall left them: \(uninstall.errors)",
        nextStep: "remove them: rm -r \(pinPath)")
    }
  }

  /// Below a directory whose name is the ABI's version.
  private var frontendsMap: String? { Files.tree(pinPath).first { $0.hasSuffix("/frontends") } }

  private func checkAlive(_ timeout: Duration) throws {
    try Interruption.check()
    if let ended = process.ended {
      throw TestbedError("start swerve run", reason: "\(ended): \(process.errors)\(process.output)")
    }
    guard MonotonicClock.nanoseconds - startedNanoseconds < timeout.nanoseconds else {
      throw TestbedError("start swerve run", reason: "not ready after \(timeout): \(process.errors)")
    }
  }

  private struct Status: Decodable {
    struct Service: Decodable {}
    struct Node: Decodable { let services: [Service] }
    let node: Node
  }

  static func services(inStatus json: String) -> Int? {
    try? JSONDecoder().decode(Status.self, from: Data(json.utf8)).node.services.count
  }

  static func residentBytes(status: String) throws -> Int {
    for line in status.split(separator: "\n") where line.hasPrefix("VmRSS:") {
      let fields = line.split(whereSeparator: { $0 == " " || $0 == "\t" })
      if fields.count >= 2, let kibibytes = Int(fields[1]) { return kibibytes * 1024 }
    }
    throw TestbedError("read the agent's memory", reason: "its /proc status has no VmRSS", nextStep: "is it running?")
  }
}
