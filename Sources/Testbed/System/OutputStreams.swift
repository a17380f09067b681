// SPDX-License-Identifier: Apache-2.0

import CTestbed
import Glibc

/// The descriptors behind a child's standard output and error.
final class OutputStreams: Sendable {
  let output: Int32
  let error: Int32
  private let isCaptured: Bool
  private let isOurs: Bool

  init(_ kind: ChildProcess.Output) throws {
    switch kind {
    case .capture:
      output = try Self.memory("stdout")
      error = try Self.memory("stderr")
      (isCaptured, isOurs) = (true, true)
    case .file(let path):
      let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0o644)
      guard descriptor >= 0 else { throw SystemCallError("open", on: path, code: errno) }
      output = descriptor
      error = descriptor
      (isCaptured, isOurs) = (false, true)
    case .inherit:
      output = 1
      error = 2
      (isCaptured, isOurs) = (false, false)
    }
  }

  deinit {
    guard isOurs else { return }
    close(output)
    if error != output { close(error) }
  }

  /// Everything written to one of the two; empty when it was not captured.
  func text(_ descriptor: Int32) -> String {
    isCaptured ? (try? Files.readAll(descriptor, name: "output")) ?? "" : ""
  }

  /// A file without a name: it grows as needed, so that a child never blocks on a reader that is not there.
  private static func memory(_ name: String) throws -> Int32 {
    let descriptor = testbed_memory_file(name)
    guard descriptor >= 0 else { throw SystemCallError("memfd_create", on: name, code: errno) }
    return descriptor
  }
}
