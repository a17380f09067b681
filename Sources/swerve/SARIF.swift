// SPDX-License-Identifier: Apache-2.0

import Foundation
import Policy

/// Diagnostics as SARIF 2.1.0, which code hosts show beside the lines of a change.
///
/// OASIS, "Static Analysis Results Interchange Format (SARIF) Version 2.1.0", 2020.
struct SARIF: Encodable {
  struct Run: Encodable {
    var tool: Tool
    /// Sections 3.14.17 and 3.14.24: columns are counted in Unicode scalars.
    var columnKind = "unicodeCodePoints"
    var results: [Finding]
  }

  struct Tool: Encodable {
    var driver: Driver
  }

  struct Driver: Encodable {
    var name = "swerve"
    var version: String
    var rules: [Rule]
  }

  struct Rule: Encodable {
    var id: String
    var shortDescription: Message
  }

  struct Message: Encodable {
    var text: String
  }

  struct Finding: Encodable {
    var ruleId: String
    var ruleIndex: Int
    var level: String
    var message: Message
    var locations: [Place]
  }

  struct Place: Encodable {
    var physicalLocation: PhysicalLocation
    var logicalLocations: [LogicalLocation]?
  }

  struct PhysicalLocation: Encodable {
    var artifactLocation: ArtifactLocation
    var region: Region
  }

  struct ArtifactLocation: Encodable {
    var uri: String
  }

  struct Region: Encodable {
    var startLine: Int
    var startColumn: Int
  }

  struct LogicalLocation: Encodable {
    /// The path of the field.
    var fullyQualifiedName: String
    var kind = "member"
  }

  private enum CodingKeys: String, CodingKey {
    case schema = "$schema"
    case version, runs
  }

  var schema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
  var version = "2.1.0"
  var runs: [Run]

  private static let rules = [
    Rule(id: "policy-error", shortDescription: Message(text: "The file is not put in force.")),
    Rule(id: "policy-warning", shortDescription: Message(text: "What is written has no or another effect.")),
  ]

  init(_ diagnostics: [Diagnostic], version: String) {
    let findings = diagnostics.map { diagnostic in
      let isError = diagnostic.severity == .error
      let location = diagnostic.location
      let text = [diagnostic.field, diagnostic.message].filter { !$0.isEmpty }.joined(separator: ": ")
      return Finding(
        ruleId: Self.rules[isError ? 0 : 1].id, ruleIndex: isError ? 0 : 1, level: isError ? "error" : "warning",
        message: Message(text: text + (diagnostic.suggestion.map { "; did you mean `\($0)`?" } ?? "")),
        locations: [
          Place(
            physicalLocation: PhysicalLocation(
              artifactLocation: ArtifactLocation(uri: Self.uri(location.file)),
              region: Region(startLine: location.line, startColumn: location.column)),
            logicalLocations: diagnostic.field.isEmpty ? nil : [LogicalLocation(fullyQualifiedName: diagnostic.field)])
        ])
    }
    runs = [Run(tool: Tool(driver: Driver(version: version, rules: Self.rules)), results: findings)]
  }

  /// Section 3.4.3: a URI reference (RFC 3986), so that what a path may hold and a URI may not is escaped.
  private static func uri(_ path: String) -> String {
    let escaped = path.addingPercentEncoding(withAllowedCharacters: .urlPathAllowed) ?? path
    return path.hasPrefix("/") ? "file://\(escaped)" : escaped
  }
}
