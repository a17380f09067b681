// SPDX-License-Identifier: Apache-2.0

public import ArgumentParser
import Foundation
public import Logging

enum LogFormat: String, ExpressibleByArgument, CaseIterable {
  case auto
  case text
  case json
}

extension Logger.Level: @retroactive ExpressibleByArgument {}

/// What a daemon says on standard error.
struct LogOptions: ParsableArguments {
  @Option(help: "trace, debug, info, notice, warning, error or critical.")
  var logLevel = Logger.Level.info

  @Option(help: "text, json, or auto: text on a terminal and JSON otherwise.")
  var logFormat = LogFormat.auto

  @Flag(help: "The same as --log-format json.")
  var json = false

  var logger: Logger { makeLogger(json ? .json : logFormat, level: logLevel) }

  /// The same for another daemon of this program.
  var arguments: [String] {
    ["--log-level", logLevel.rawValue, "--log-format", (json ? .json : logFormat).rawValue]
  }
}

/// A logger to standard error.
func makeLogger(_ format: LogFormat, level: Logger.Level) -> Logger {
  let isText = format == .text || format == .auto && isatty(STDERR_FILENO) == 1
  var logger = Logger(label: "swerve") { label -> any LogHandler in
    isText ? StreamLogHandler.standardError(label: label) : JSONLogHandler()
  }
  logger.logLevel = level
  return logger
}

/// One JSON object a line: time (ISO 8601), level, message, and the metadata as further strings.
struct JSONLogHandler: LogHandler {
  var metadata: Logger.Metadata = [:]
  var logLevel = Logger.Level.info

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    var fields: [String: String] = [:]
    for (key, value) in metadata.merging(event.metadata ?? [:], uniquingKeysWith: { $1 }) { fields[key] = "\(value)" }
    if let error = event.error { fields["error"] = "\(error)" }
    fields["time"] = Date().formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    fields["level"] = event.level.rawValue
    fields["message"] = "\(event.message)"
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard var line = try? encoder.encode(fields) else { return }
    line.append(UInt8(ascii: "\n"))
    FileHandle.standardError.write(line)
  }
}
