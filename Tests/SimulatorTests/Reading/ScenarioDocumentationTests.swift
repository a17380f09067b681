// SPDX-License-Identifier: Apache-2.0

import Foundation
import Policy
import Testing

@testable import Simulator

/// docs/SIMULATOR.md says what the reader reads.
@Suite struct ScenarioDocumentationTests {
  private static let page: String = {
    let file = ScenarioFixtures.directory.resolvingSymlinksInPath().deletingLastPathComponent()
      .deletingLastPathComponent()
      .appending(path: "docs/SIMULATOR.md")
    return (try? String(contentsOf: file, encoding: .utf8)) ?? ""
  }()

  private static let fields: [any ScenarioField.Type] = [
    ScenarioSpecField.self, ClientsField.self, LoadField.self, EndpointGroupField.self, LatencyCurveField.self,
    VariationField.self, AgentField.self, NetworkField.self, NetworkPathField.self, DistributionField.self,
    TimelineField.self, TargetField.self, FaultField.self, ErrorsField.self, ExpectationField.self,
  ]

  private static func names<Name: ScenarioField>(_: Name.Type) -> [String] { Name.allCases.map(\.rawValue) }

  @Test func everyFieldIsOnThePage() {
    for type in Self.fields {
      for name in Self.names(type) {
        let isThere = ["`\(name)`", "`\(name):", "{\(name):", " \(name):", "{\(name),", " \(name)}", " \(name),"]
          .contains { Self.page.contains($0) }
        #expect(isThere, "\(type): \(name)")
      }
    }
  }

  @Test func exampleOfThePageIsValid() throws {
    let blocks = Self.page.components(separatedBy: "```yaml\n").dropFirst()
      .map { String($0.prefix(upTo: $0.range(of: "```")?.lowerBound ?? $0.endIndex)) }
    let scenarios = blocks.filter { $0.hasPrefix("apiVersion:") }
    #expect(!scenarios.isEmpty)
    for scenario in scenarios {
      #expect(ScenarioParser.parse(scenario, path: "SIMULATOR.md").diagnostics.isEmpty)
    }
  }

  @Test func everyTableIsOfTheReadersFields() {
    // FieldTable needs names without a doubt: no name twice, none empty.
    for type in Self.fields {
      let names = Self.names(type)
      #expect(Set(names).count == names.count && !names.contains(""))
    }
  }
}
