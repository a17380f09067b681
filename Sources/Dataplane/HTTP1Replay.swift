// SPDX-License-Identifier: Apache-2.0

import CLibbpf
import Foundation
public import SwerveCore

/// Parses HTTP/1.1 messages inside the kernel on demand, by the text that the socket programs are made of; those cannot
/// be run this way (`BPF_PROG_RUN` refuses them). It has no maps and changes nothing.
public final class HTTP1Replay {
  private let object: ProgramObject
  private let descriptor: Int32

  /// Loads the program. Needs Linux 6.9, for loops that end by may_goto.
  public init() throws(DataplaneError) {
    object = try ProgramObject(
      name: "replay_http1", image: ProgramImages.image("replay_http1"), pins: PinLayout())
    descriptor = bpf_program__fd(try object.program("swerve_replay_http1"))
  }

  /// Fills in the answers of the vector.
  public func run(_ vector: inout swerve_http1_vector) throws(DataplaneError) {
    let result = withUnsafeMutableBytes(of: &vector) { bytes in
      var options = bpf_test_run_opts()
      options.sz = MemoryLayout<bpf_test_run_opts>.size
      options.ctx_in = UnsafeRawPointer(bytes.baseAddress)
      options.ctx_size_in = UInt32(bytes.count)
      return bpf_prog_test_run_opts(descriptor, &options)
    }
    guard result == 0 else {
      throw DataplaneError(.program, "parse an HTTP/1.1 message in the kernel", errno: errorNumber(result))
    }
  }
}
