// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The interpreter that `.ci/bootstrap test` sets up for tests. Paths are relative to the package, where `swift test`
/// runs.
public enum PeerPython {
  private static let environment = ".build/peers/venv"
  /// Of the interpreter.
  public static let path = "\(environment)/bin/python3"

  public static var isAvailable: Bool { Programs.find(path) != nil }
  /// Why a test was skipped.
  public static let missing = "\(path) is not there; run .ci/bootstrap test"

  /// Whether it has grpcio and the OpenTelemetry SDK: `.ci/bootstrap` leaves a stamp.
  public static var hasTelemetrySDK: Bool { isAvailable && access("\(environment)/telemetry-exporters", F_OK) == 0 }
  /// Why a test was skipped.
  public static let missingSDK = "grpcio and the OpenTelemetry SDK are not in \(environment); run .ci/bootstrap test"

  /// Starts `Tests/TARGET/Scripts/NAME`.
  public static func start(_ name: String, of target: String, _ arguments: [String] = []) throws -> ChildProcess {
    // Python's requests lets variables of this machine override the authority that a script names.
    let environment = ["REQUESTS_CA_BUNDLE": "", "CURL_CA_BUNDLE": ""]
    return try ChildProcess(path, ["Tests/\(target)/Scripts/\(name)"] + arguments, .init(environment: environment))
  }

  /// Runs it to its end without holding up other tasks.
  ///
  /// - Returns: its standard output.
  /// - Throws: ``TestbedError`` with its standard error when it does not exit with 0 in time.
  public static func run(
    _ name: String, of target: String, _ arguments: [String] = [], timeout: Duration = .seconds(60)
  ) async throws -> String {
    let result = try await blocking { try start(name, of: target, arguments) }.result(within: timeout)
    guard result.isSuccess else {
      let ended = result.termination.map { "\($0)" } ?? "took longer than \(timeout)"
      throw TestbedError("run \(name)", reason: "\(ended): \(result.errors)")
    }
    return result.output
  }
}
