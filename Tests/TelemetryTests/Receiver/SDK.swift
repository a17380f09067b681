// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testbed

/// The OpenTelemetry SDK and grpcio for Python, as `.ci/bootstrap test` installs them.
enum SDK {
  private static let root = URL(filePath: #filePath).appending(path: "../../../..").standardized
  static let python = root.appending(path: ".build/peers/venv/bin/python3").path

  static let isAvailable: Bool = {
    let probe = "import grpc, opentelemetry.exporter.otlp.proto.grpc, opentelemetry.exporter.otlp.proto.http"
    guard let process = try? ChildProcess(python, ["-c", probe]) else { return false }
    return process.waitUninterrupted(timeout: .seconds(30)) == .exited(0)
  }()

  static func script(_ name: String) -> String {
    root.appending(path: "Tests/TelemetryTests/Scripts/\(name)").path
  }

  /// Runs a script to its end, beside the test's own threads.
  ///
  /// - Returns: its standard output.
  static func run(_ name: String, _ arguments: [String], timeout: Duration = .seconds(30)) async throws -> String {
    // Authorities that the machine's environment names would take the place of those that a test gives.
    let environment = ["REQUESTS_CA_BUNDLE": "", "CURL_CA_BUNDLE": ""]
    let process = try ChildProcess(python, [script(name)] + arguments, .init(environment: environment))
    let termination = await process.ended(within: timeout)
    guard termination == .exited(0) else {
      throw TestbedError("run \(name)", reason: "\(termination.map { "\($0)" } ?? "timed out"): \(process.errors)")
    }
    return process.output
  }

  /// What the exporters said, by signal.
  static func export(_ transport: String, _ endpoint: String, _ arguments: [String] = []) async throws
    -> [String: [String]]
  {
    let output = try await run("sdk-export.py", [transport, endpoint] + arguments)
    return try JSONDecoder().decode([String: [String]].self, from: Data(output.utf8))
  }
}
