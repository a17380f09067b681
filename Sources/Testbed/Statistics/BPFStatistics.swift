// SPDX-License-Identifier: Apache-2.0

import CTestbed
import Glibc

/// The kernel's run-time statistics of BPF programs, counted while an object of this type lives (BPF_ENABLE_STATS in
/// bpf(2)). Nothing has to be restored, even when we are killed: the kernel ends it with the descriptor.
public final class BPFStatistics: Sendable {
  private let descriptor: Int32

  /// Needs root.
  public init() throws {
    descriptor = testbed_bpf_enable_statistics()
    guard descriptor >= 0 else {
      throw TestbedError("enable BPF statistics", reason: SystemCallError.message(errno), nextStep: "run as root")
    }
  }

  deinit { close(descriptor) }

  /// Runs of a program and the time they took.
  public struct Counters: Sendable, Equatable {
    public let runs: UInt64
    public let nanoseconds: UInt64

    /// What happened since an earlier reading.
    public func since(_ earlier: Counters) -> Counters {
      Counters(runs: runs &- earlier.runs, nanoseconds: nanoseconds &- earlier.nanoseconds)
    }

    /// Mean time of one run, statistics' own clock readings included. Nil when it did not run.
    public var nanosecondsPerRun: Double? { runs == 0 ? nil : Double(nanoseconds) / Double(runs) }
  }

  /// Counters of the programs attached to a cgroup, by name. Only this cgroup's: others on the machine may have
  /// programs of the same name.
  public func counters(attachedTo cgroup: Cgroup) throws -> [String: Counters] {
    let directory = open(cgroup.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard directory >= 0 else { throw SystemCallError("open", on: cgroup.path, code: errno) }
    defer { close(directory) }
    var counters: [String: Counters] = [:]
    let hooks = [
      TESTBED_ATTACH_CONNECT4, TESTBED_ATTACH_CONNECT6, TESTBED_ATTACH_SOCK_OPS, TESTBED_ATTACH_SOCK_RELEASE,
    ]
    for hook in hooks {
      var ids = [UInt32](repeating: 0, count: 64)
      let type = testbed_bpf_attach_type(Int32(hook))
      let count = testbed_bpf_cgroup_programs(directory, type, &ids, UInt32(ids.count))
      guard count >= 0 else { throw SystemCallError("bpf(BPF_PROG_QUERY)", on: cgroup.path, code: errno) }
      for id in ids.prefix(Int(count)) {
        let program = try Self.program(id)
        let name = withUnsafeBytes(of: program.name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        counters[name] = Counters(runs: program.run_count, nanoseconds: program.run_time_ns)
      }
    }
    return counters
  }

  /// Counters of programs by their ids.
  public func counters(of programs: [String: UInt32]) throws -> [String: Counters] {
    try programs.mapValues { id in
      let program = try Self.program(id)
      return Counters(runs: program.run_count, nanoseconds: program.run_time_ns)
    }
  }

  private static func program(_ id: UInt32) throws -> testbed_program {
    var program = testbed_program()
    guard testbed_bpf_program(id, &program) == 0 else {
      throw SystemCallError("bpf(BPF_OBJ_GET_INFO_BY_FD)", on: "program \(id)", code: errno)
    }
    return program
  }
}
