// SPDX-License-Identifier: Apache-2.0

import Foundation
import Policy
import Simulator
import Testing

@Suite struct ScenarioFilesTests {
  static let invalid = ScenarioFixtures.invalid

  @Test func thereAreEnoughInvalidFiles() {
    #expect(ScenarioFixtures.files(in: Self.invalid).count >= 90)
  }

  @Test(arguments: ScenarioFixtures.files(in: invalid))
  func invalidFileIsRejectedWithItsExactDiagnostics(_ name: String) throws {
    let parsed = ScenarioParser.parse(try ScenarioFixtures.bytes(name, in: Self.invalid), path: name)
    let sidecar = (name as NSString).deletingPathExtension + ".expected"
    let expected = try? String(decoding: ScenarioFixtures.bytes(sidecar, in: Self.invalid), as: UTF8.self)
    let found = parsed.diagnostics.map(\.description).joined(separator: "\n") + "\n"
    #expect(found == expected)
    #expect(parsed.scenario == nil)
    #expect(parsed.diagnostics.contains { $0.severity == .error })
  }

  @Test(arguments: ScenarioFixtures.shipped)
  func shippedScenarioIsAcceptedWithoutAWarning(_ path: String) throws {
    let parsed = ScenarioParser.parse(
      try ScenarioFixtures.bytes(path, in: ScenarioFixtures.directory), path: path)
    #expect(parsed.diagnostics.isEmpty)
    let scenario = try #require(parsed.scenario)
    #expect(scenario.name == (path as NSString).lastPathComponent.dropLast(".yaml".count))
    #expect(!scenario.summary.isEmpty && !scenario.expectations.isEmpty)
  }
}
