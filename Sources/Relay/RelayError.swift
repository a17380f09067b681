// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// Something the kernel refused the relay.
public struct RelayError: Error, CustomStringConvertible, Sendable {
  /// What was attempted, as a clause: "watch a descriptor".
  public let action: String
  /// The system's error number, 0 when there is none.
  public let errno: Int32

  public init(_ action: String, errno: Int32 = 0) {
    self.action = action
    self.errno = errno
  }

  public var description: String {
    errno == 0 ? "cannot \(action)" : "cannot \(action): \(String(cString: strerror(errno))) (errno \(errno))"
  }
}
