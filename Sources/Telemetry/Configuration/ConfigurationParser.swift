// SPDX-License-Identifier: Apache-2.0

public import Policy

/// Reads configuration files of telemetry (docs/TELEMETRY.md). Pure: text in, a checked configuration out.
public enum ConfigurationParser {
  /// A larger file is an error.
  public static let fileBytesMax = 8 << 20

  /// Every mistake is reported, not only the first.
  ///
  /// - Parameters:
  ///   - path: the file's name in diagnostics.
  ///   - environment: what `${env:NAME}` stands for.
  /// - Returns: nil when a diagnostic is an error.
  public static func parse(
    _ bytes: [UInt8], path: String, environment: [String: String]
  ) -> (configuration: TelemetryConfiguration?, diagnostics: [Diagnostic]) {
    if bytes.count > fileBytesMax {
      return unreadable(path, "the file has \(bytes.count) bytes; at most \(fileBytesMax) are read")
    }
    var configuration: TelemetryConfiguration?
    var documents = 0
    let sink = bytes.withUnsafeBufferPointer { bytes in
      DocumentStream.read(bytes, path: path) { reader, root in
        if reader.isNull(root) { return }
        documents += 1
        if documents == 1 {
          let configurationReader = ConfigurationReader(reader, environment: environment)
          configurationReader.read(root)
          configuration = configurationReader.configuration
        } else if documents == 2 {
          reader.error(at: root.position, "a second document; a file holds one configuration")
        }
      }
    }
    if documents == 0 && !sink.hasErrors { return unreadable(path, "the file holds no configuration") }
    return (sink.hasErrors ? nil : configuration, sink.diagnostics.sorted())
  }

  private static func unreadable(_ path: String, _ reason: String) -> (TelemetryConfiguration?, [Diagnostic]) {
    let start = SourceLocation(file: path, line: 1, column: 1)
    return (nil, [Diagnostic(severity: .error, location: start, field: "", message: reason)])
  }
}
