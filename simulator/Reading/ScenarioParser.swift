// SPDX-License-Identifier: Apache-2.0

public import Policy

/// What a scenario file says.
public struct ParsedScenario: Sendable {
  /// nil when a diagnostic is an error.
  public let scenario: Scenario?
  /// Everything wrong with the file, in the order of its lines.
  public let diagnostics: [Diagnostic]

  public init(scenario: Scenario?, diagnostics: [Diagnostic]) {
    self.scenario = scenario
    self.diagnostics = diagnostics
  }
}

/// Reads scenario files (docs/SIMULATOR.md). Pure: text in, a checked scenario out.
public enum ScenarioParser {
  /// A larger file is an error.
  public static let fileBytesMax = 8 << 20

  static let apiVersion = "swerve.dev/v1alpha1"
  static let kind = "Scenario"

  /// Every mistake is reported, not only the first.
  ///
  /// - Parameter path: the file's name in diagnostics.
  public static func parse(_ bytes: [UInt8], path: String) -> ParsedScenario {
    if bytes.count > fileBytesMax {
      return unreadable(
        path, "the file has \(bytes.count) bytes; at most \(fileBytesMax) are read")
    }
    var scenario: Scenario?
    var documents = 0
    let sink = bytes.withUnsafeBufferPointer { bytes in
      DocumentStream.read(bytes, path: path) { reader, root in
        if reader.isNull(root) { return }
        documents += 1
        if documents == 1 {
          scenario = ScenarioReader(reader).scenario(root)
        } else if documents == 2 {
          reader.error(at: root.position, "a second document; a file holds one scenario")
        }
      }
    }
    if documents == 0 && !sink.hasErrors { return unreadable(path, "the file holds no scenario") }
    return ParsedScenario(scenario: sink.hasErrors ? nil : scenario, diagnostics: sink.diagnostics.sorted())
  }

  public static func parse(_ text: String, path: String) -> ParsedScenario { parse(Array(text.utf8), path: path) }

  private static func unreadable(_ path: String, _ reason: String) -> ParsedScenario {
    let start = SourceLocation(file: path, line: 1, column: 1)
    return ParsedScenario(
      scenario: nil, diagnostics: [Diagnostic(severity: .error, location: start, field: "", message: reason)])
  }
}
