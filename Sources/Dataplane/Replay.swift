// SPDX-License-Identifier: Apache-2.0

import CLibbpf
import Foundation
public import SwerveCore

/// Runs the decision core inside the kernel on demand, over the tables of an installed dataplane. The hooks themselves
/// cannot be run this way (`BPF_PROG_RUN` refuses them), so a `SEC("syscall")` program around the same core stands for
/// them. It changes nothing.
public final class Replay {
  private let object: ProgramObject
  private let descriptor: Int32

  /// Loads the program onto the maps pinned in the layout.
  public init(_ pins: PinLayout) throws(DataplaneError) {
    object = try ProgramObject(name: "replay", image: ProgramImages.image("replay"), pins: pins)
    descriptor = bpf_program__fd(try object.program("swerve_replay_vector"))
  }

  /// The vector with its answers filled in. Throws when its service has no published endpoint set.
  public func run(_ vector: swerve_vector) throws(DataplaneError) -> swerve_vector {
    var vector = vector
    let result = withUnsafeMutableBytes(of: &vector) { bytes in
      var options = bpf_test_run_opts()
      options.sz = MemoryLayout<bpf_test_run_opts>.size
      options.ctx_in = UnsafeRawPointer(bytes.baseAddress)
      options.ctx_size_in = UInt32(bytes.count)
      let result = bpf_prog_test_run_opts(descriptor, &options)
      return result == 0 && options.retval != 0 ? -ENOENT : result
    }
    guard result == 0 else {
      throw DataplaneError(.program, "replay a decision of service \(vector.service)", errno: errorNumber(result))
    }
    return vector
  }

  /// Runs of the program and the nanoseconds they took, by the kernel's run-time statistics; zero unless those are on
  /// (`BPF_ENABLE_STATS` in bpf(2)).
  public func statistics() throws(DataplaneError) -> (runs: UInt64, nanoseconds: UInt64) {
    var info = bpf_prog_info()
    var size = UInt32(MemoryLayout<bpf_prog_info>.size)
    let result = bpf_obj_get_info_by_fd(descriptor, &info, &size)
    guard result == 0 else {
      throw DataplaneError(.program, "ask about the replay program", errno: errorNumber(result))
    }
    return (info.run_cnt, info.run_time_ns)
  }
}
