// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Foundation
import Policy
import Telemetry

/// A configuration file of telemetry.
enum OTLPConfiguration {
  /// Reads a file, or standard input for `-`. What is wrong with it goes to standard error.
  ///
  /// - Throws: the exit code when it cannot be used.
  static func read(_ path: String) throws -> TelemetryConfiguration {
    let (configuration, diagnostics) = parse(path)
    for diagnostic in diagnostics { printError("\(diagnostic)") }
    guard let configuration else { throw ExitCode.invalidPolicy }
    return configuration
  }

  static func parse(_ path: String) -> (value: TelemetryConfiguration?, diagnostics: [Diagnostic]) {
    let name = path == "-" ? "<stdin>" : path
    do {
      let handle = path == "-" ? FileHandle.standardInput : try FileHandle(forReadingFrom: URL(filePath: path))
      // One byte more than is read shows that there are more.
      let data = try handle.read(upToCount: ConfigurationParser.fileBytesMax + 1) ?? Data()
      return ConfigurationParser.parse(
        [UInt8](data), path: name, environment: ProcessInfo.processInfo.environment)
    } catch {
      let start = SourceLocation(file: name, line: 1, column: 1)
      let reason = FileReading.reason(of: error)
      return (nil, [Diagnostic(severity: .error, location: start, field: "", message: reason)])
    }
  }
}
