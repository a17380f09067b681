// SPDX-License-Identifier: Apache-2.0

import Foundation
import Simulator

enum ScenarioFixtures {
  static let directory = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "simulator/scenarios")
  static let invalid = directory.appending(path: "invalid")
  /// All that `make simulate` checks, relative to `directory`.
  static let shipped =
    files(in: directory)
    + files(in: directory.appending(path: "published")).map { "published/\($0)" }

  static func files(in directory: URL) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: directory.path)) ?? []
    return names.filter { $0.hasSuffix(".yaml") }.sorted()
  }

  static func bytes(_ name: String, in directory: URL) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: directory.appending(path: name)))
  }

  /// A scenario whose `spec` is a minimum and the lines of `spec`, which are given without indentation.
  static func text(
    _ spec: String = "", duration: String = "60s", load: String = "{requestsPerSecond: 100}",
    endpoints: String = "[{name: web, count: 4}]"
  ) -> String {
    let lines = spec.split(separator: "\n", omittingEmptySubsequences: false).map { "  \($0)\n" }
    return """
      apiVersion: swerve.dev/v1alpha1
      kind: Scenario
      metadata: {name: test}
      spec:
        duration: \(duration)
        load: \(load)
        endpoints: \(endpoints)

      """ + (spec.isEmpty ? "" : lines.joined())
  }

  static func errors(_ text: String) -> [String] {
    ScenarioParser.parse(text, path: "a.yaml").diagnostics.map(\.description)
  }
}
