// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Something the kernel, or the file system that keeps BPF objects alive, refused.
public struct DataplaneError: Error, CustomStringConvertible, Sendable {
  /// What kind of refusal it is; decides the exit code of the command line.
  public enum Code: Sendable {
    /// The process lacks a capability.
    case privilege
    /// No dataplane is pinned where one was expected.
    case notInstalled
    /// Another agent holds the pin directory.
    case locked
    /// A program was refused by the verifier or does not exist on this kernel.
    case program
    /// A map cannot be created, opened or changed.
    case map
    /// A bound of the ABI is reached.
    case full
    /// A path of the environment (cgroup, bpffs, namespace) is not what it has to be.
    case environment
  }

  public let code: Code
  /// What was attempted, as a clause: "attach program swerve_connect4 to /sys/fs/cgroup".
  public let action: String
  /// The system's error number, 0 when there is none.
  public let errno: Int32
  /// The last lines of libbpf's and the verifier's log.
  public let log: [String]
  /// What to do next.
  public let advice: String?

  public init(_ code: Code, _ action: String, errno: Int32 = 0, log: [String] = [], advice: String? = nil) {
    self.code = code
    self.action = action
    self.errno = errno
    self.log = log
    self.advice = advice
  }

  public var description: String {
    var text = "cannot \(action)"
    if errno != 0 { text += ": \(String(cString: strerror(errno))) (errno \(errno))" }
    if let advice { text += "; \(advice)" }
    for line in log { text += "\n  | \(line)" }
    return text
  }
}

/// The error number of a libbpf call that answers `-errno`, or of the last system call when it answers -1.
func errorNumber(_ result: some BinaryInteger) -> Int32 {
  let code = Int32(truncatingIfNeeded: result)
  return code < -1 ? -code : errno
}
