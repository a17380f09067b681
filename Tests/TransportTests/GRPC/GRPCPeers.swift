// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testbed

/// grpcio, in the interpreter that `make test` sets up.
enum GRPCPeers {
  static let python = ".build/peers/venv/bin/python3"
  static let missing = "grpcio is needed, in \(python); see .ci/bootstrap"
  static var isAvailable: Bool { Programs.find(python) != nil }

  static func script(_ name: String) -> String {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Scripts/\(name)").path
  }

  static func start(_ script: String, _ arguments: String...) throws -> ChildProcess {
    try ChildProcess(python, [Self.script(script)] + arguments)
  }
}
