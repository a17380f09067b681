// SPDX-License-Identifier: Apache-2.0

import Foundation
import Policy
import Simulator
import Testing

@Suite struct ScenarioSchemaTests {
  @Test func schemaIsTheOneOfTheFieldsThatAreRead() throws {
    let file = ScenarioFixtures.directory.appending(path: "schema/scenario.schema.json")
    let written = String(decoding: try Data(contentsOf: file), as: UTF8.self)
    #expect(ScenarioSchema.document.lines == written, "make schema writes it anew")
  }

  @Test func everyReferenceHasItsDefinition() throws {
    let text = ScenarioSchema.document.text
    let parsed = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    let definitions = try #require(parsed["$defs"] as? [String: Any])
    let references = text.components(separatedBy: "\"#/$defs/").dropFirst().map { $0.prefix { $0 != "\"" } }
    #expect(references.count > 30)
    for reference in references { #expect(definitions[String(reference)] != nil, "\(reference)") }
  }
}
