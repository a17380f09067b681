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
    let (scenario, diagnostics) = DocumentStream.readOne(
      bytes, path: path, bytesMax: fileBytesMax, what: "scenario"
    ) { reader, root in
      ScenarioReader(reader).scenario(root)
    }
    return ParsedScenario(scenario: scenario, diagnostics: diagnostics)
  }

  public static func parse(_ text: String, path: String) -> ParsedScenario { parse(Array(text.utf8), path: path) }
}
