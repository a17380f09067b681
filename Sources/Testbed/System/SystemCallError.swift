// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A system call that failed: which, on what, and the errno.
public struct SystemCallError: Error, CustomStringConvertible, Sendable, Equatable {
  /// For example "connect".
  public let call: String
  /// What it was made on, for example "127.0.0.1:80".
  public let thing: String
  /// The errno, for example `ECONNREFUSED`.
  public let code: Int32

  public init(_ call: String, on thing: String, code: Int32) {
    self.call = call
    self.thing = thing
    self.code = code
  }

  public var description: String { "\(call) \(thing): \(Self.message(code))" }

  /// The text of an errno.
  static func message(_ code: Int32) -> String {
    strerror(code).map { String(cString: $0) } ?? "error \(code)"
  }
}
