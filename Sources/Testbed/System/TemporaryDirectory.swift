// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A directory of its own, removed with all it holds when the last reference goes.
public final class TemporaryDirectory: Sendable {
  /// Absolute.
  public let path: String

  public init(named name: String = "swerve") throws {
    let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var template = Array("\(parent)/\(name)-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else {
      throw SystemCallError("mkdtemp", on: parent, code: errno)
    }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit { Files.removeTree(path) }

  /// Writes a file in it and returns its path.
  public func write(_ name: String, _ text: String) throws -> String {
    let file = "\(path)/\(name)"
    try Files.replace(file, with: text)
    return file
  }
}
