// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testbed
import Testing

/// The command line, run as a process to its end.
struct Command {
  let exitCode: Int32
  let output: String
  let errors: String

  /// SwiftPM builds it beside the test program.
  static let binary = Bundle.main.bundleURL.appending(path: "swerve").path

  init(_ arguments: String...) throws {
    try self.init(arguments)
  }

  init(_ arguments: [String]) throws {
    let process = try ChildProcess(Command.binary, arguments)
    let ended = try #require(try process.wait(timeout: .seconds(60)))
    guard case .exited(let code) = ended else {
      throw TestbedError("run swerve \(arguments.joined(separator: " "))", reason: "\(ended)")
    }
    exitCode = code
    output = process.output
    errors = process.errors
  }

  /// Standard output as JSON.
  func json() throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any])
  }

  /// The policy files of this repository.
  static let policies = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "policies").path

  /// The examples, which are what the help texts check.
  static var examplesDirectory: String { "\(policies)/examples" }

  /// The same, file by file.
  static func examples() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: examplesDirectory).sorted()
      .filter { $0.hasSuffix(".yaml") || $0.hasSuffix(".json") }.map { "\(examplesDirectory)/\($0)" }
  }
}
