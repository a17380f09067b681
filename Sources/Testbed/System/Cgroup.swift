// SPDX-License-Identifier: Apache-2.0

import Dataplane
import Glibc

/// A cgroup v2 of our own. Its name carries our pid, so that parallel runs do not meet.
public final class Cgroup: Sendable {
  /// Absolute path of the directory.
  public let path: String

  /// Creates the cgroup `swerve-NAME-PID` directly below the cgroup v2 mount. Needs root.
  public init(named name: String) throws {
    path = "\(try Self.mountPoint())/swerve-\(name)-\(getpid())"
    guard mkdir(path, 0o755) == 0 else {
      let code = errno
      throw TestbedError(
        "create cgroup \(path)", reason: SystemCallError.message(code),
        nextStep: code == EEXIST ? "choose another name" : "run as root")
    }
  }

  /// Where cgroup v2 is mounted: /sys/fs/cgroup, or /sys/fs/cgroup/unified in the hybrid layout.
  public static func mountPoint() throws -> String {
    if let path = CgroupPath.mountPoint() { return path }
    throw TestbedError(
      "find cgroup v2", reason: "/proc/self/mounts has no cgroup2",
      nextStep: "mount one: mount -t cgroup2 none /sys/fs/cgroup")
  }

  /// The path of the cgroup v2 that a process is in.
  public static func current(of pid: Int32? = nil) throws -> String {
    let file = "/proc/\(pid.map { "\($0)" } ?? "self")/cgroup"
    for line in try Files.read(file).split(separator: "\n") where line.hasPrefix("0::") {
      let below = line.dropFirst(3)
      return below == "/" ? try mountPoint() : try mountPoint() + below
    }
    throw TestbedError("find the current cgroup", reason: "\(file) has no version 2 line")
  }

  /// Moves a process and its threads in. Its open sockets stay with the cgroup they were created in.
  public func add(_ pid: Int32) throws { try Self.move(pid, to: path) }

  /// Runs the body with this whole process in the cgroup, then moves it back to where it was.
  public func withCurrentProcess<Result>(_ body: () throws -> Result) throws -> Result {
    let before = try Self.current()
    try add(getpid())
    let result = Swift.Result { try body() }
    try Self.move(getpid(), to: before)
    return try result.get()
  }

  /// The same for a body that suspends.
  public func withCurrentProcess<Result>(
    isolation: isolated (any Actor)? = #isolation, _ body: () async throws -> Result
  ) async throws -> Result {
    let before = try Self.current()
    try add(getpid())
    do {
      let result = try await body()
      try Self.move(getpid(), to: before)
      return result
    } catch {
      try Self.move(getpid(), to: before)
      throw error
    }
  }

  /// The pids in it.
  public func members() throws -> [Int32] {
    try Files.read("\(path)/cgroup.procs").split(separator: "\n").compactMap { Int32($0) }
  }

  /// Removes the cgroup. A process that has just ended may hold it for a moment, hence the second of patience.
  public func remove() throws {
    for _ in 0..<100 {
      if rmdir(path) == 0 || errno == ENOENT { return }
      guard errno == EBUSY else { break }
      MonotonicClock.sleep(.milliseconds(10))
    }
    throw TestbedError(
      "remove cgroup \(path)", reason: SystemCallError.message(errno),
      nextStep: "end the processes listed in its cgroup.procs")
  }

  /// cgroup.procs, open for a child that joins before exec. The caller closes it.
  func openProcesses() throws -> Int32 {
    let file = "\(path)/cgroup.procs"
    let descriptor = open(file, O_WRONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw SystemCallError("open", on: file, code: errno) }
    return descriptor
  }

  private static func move(_ pid: Int32, to path: String) throws {
    try Files.writeControl("\(path)/cgroup.procs", "\(pid)")
  }
}
