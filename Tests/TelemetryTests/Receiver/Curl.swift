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

  /// Sends one request, by a program beside the test's threads.
  ///
  /// - Parameter options: such as the version of HTTP and certificates.
  static func post(
    _ url: String, _ body: ByteBuffer, type: String = "application/x-protobuf", _ options: [String] = []
  ) async throws -> Answer {
    let directory = try TemporaryDirectory(named: "curl")
    let file = "\(directory.path)/body"
    try Data(body.readableBytesView).write(to: URL(filePath: file))
    let arguments = [
      "--silent", "--max-time", "20", "--header", "Content-Type: \(type)", "--data-binary", "@\(file)", "--write-out",
      "\n%{http_code} %{http_version}",
    ]
    let program = try ChildProcess("curl", arguments + options + [url])
    let ended = await program.ended(within: .seconds(30))
    let lines = program.output.split(separator: "\n", omittingEmptySubsequences: false)
    let facts = lines.last?.split(separator: " ").map(String.init) ?? []
    guard case .exited(let code)? = ended, facts.count == 2 else {
      throw TestbedError("curl \(url)", reason: program.errors)
    }
    return Answer(
      status: Int(facts[0]) ?? 0, version: facts[1], body: lines.dropLast().joined(separator: "\n"), exitCode: code)
  }
}

extension ChildProcess {
  /// Waits for the end on a thread of its own: the threads that tests share are few.
  func ended(within timeout: Duration) async -> Termination? {
    await withCheckedContinuation { continuation in
      Thread { continuation.resume(returning: self.waitUninterrupted(timeout: timeout)) }.start()
    }
  }
}
