// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testbed

/// Exporters of the OpenTelemetry SDK for Python.
enum SDK {
  /// Runs a script of these tests to its end.
  ///
  /// - Returns: its standard output.
  static func run(_ name: String, _ arguments: [String]) async throws -> String {
    try await PeerPython.run(name, of: "TelemetryTests", arguments)
  }

  /// What the exporters said, by signal.
  static func export(_ transport: String, _ endpoint: String, _ arguments: [String] = []) async throws
    -> [String: [String]]
  {
    let output = try await run("sdk-export.py", [transport, endpoint] + arguments)
    return try JSONDecoder().decode([String: [String]].self, from: Data(output.utf8))
  }
}
