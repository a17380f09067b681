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
  ) -> (value: TelemetryConfiguration?, diagnostics: [Diagnostic]) {
    DocumentStream.readOne(bytes, path: path, bytesMax: fileBytesMax, what: "configuration") { reader, root in
      let configurationReader = ConfigurationReader(reader, environment: environment)
      configurationReader.read(root)
      return configurationReader.configuration
    }
  }
}
