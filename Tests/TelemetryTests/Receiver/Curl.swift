// SPDX-License-Identifier: Apache-2.0

import Foundation
import NIOCore
import Testbed

/// curl as a client of OTLP/HTTP.
enum Curl {
  static let isAvailable = Programs.find("curl") != nil

  struct Answer {
    /// 0: none came.
    var status: Int
    /// `1.1` or `2`.
    var version: String
    var body: String
    /// Of curl itself; 0 when there was an answer.
    var exitCode: Int32
  }

  /// Sends one request, by the program.
  ///
  /// - Parameter options: such as the version of HTTP and certificates.
  static func post(
    _ url: String, _ body: ByteBuffer, type: String = "application/x-protobuf", _ options: [String] = []
  ) async throws -> Answer {
    let directory = try TemporaryDirectory(named: "curl")
    let file = "\(directory.path)/body"
    try Data(body.readableBytesView).write(to: URL(filePath: file))
    let arguments = [
      "--silent", "--max-time", "25", "--header", "Content-Type: \(type)", "--data-binary", "@\(file)", "--write-out",
      "\n%{http_code} %{http_version}",
    ]
    let result = try await ChildProcess.run("curl", arguments + options + [url])
    let lines = result.output.split(separator: "\n", omittingEmptySubsequences: false)
    let facts = lines.last?.split(separator: " ").map(String.init) ?? []
    guard case .exited(let code)? = result.termination, facts.count == 2 else {
      throw TestbedError("curl \(url)", reason: result.errors)
    }
    return Answer(
      status: Int(facts[0]) ?? 0, version: facts[1], body: lines.dropLast().joined(separator: "\n"), exitCode: code)
  }
}
