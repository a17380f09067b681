// SPDX-License-Identifier: Apache-2.0

import Foundation
import Policy
import Testbed
import Testing

@Suite struct SchemaTests {
  private static let file = Fixtures.policies.appending(path: "schema/policy.schema.json")
  private static let root = Fixtures.policies.deletingLastPathComponent()

  /// A Python that has jsonschema and PyYAML: the one that .ci/bootstrap made, or the system's.
  private static let python: String? = {
    let own = root.appending(path: ".build/peers/venv/bin/python3").path
    return [own, Programs.find("python3")].compactMap { $0 }.first { program in
      let probe = try? ChildProcess(program, ["-c", "import jsonschema, yaml"])
      return (try? probe?.wait(timeout: .seconds(60))) == .exited(0)
    }
  }()

  @Test func schemaIsTheOneOfTheFieldsThatAreRead() throws {
    let written = String(decoding: try Data(contentsOf: Self.file), as: UTF8.self)
    #expect(PolicySchema.document.lines == written, "make schema writes it anew")
  }

  /// What a schema can tell: names, types, ranges and words.
  private static let structural = [
    "unknown-field", "port-too-large", "type-unknown", "rule-host-missing", "rule-workload-selector",
    "policy-field-unknown", "tls-mutual", "pool-max-connections-string", "pool-connect-timeout-unit-unknown",
    "outlier-percent-above-100", "outlier-consecutive-errors", "balancer-simple-unknown", "locality-failover",
    "port-settings-by-name", "subset-without-name", "route-match", "route-missing", "retries-misspelt",
    "traffic-policy-envoy-spelling", "traffic-policy-budget", "fallback-status",
  ]

  @Test(.enabled(if: python != nil, "no Python here has jsonschema and PyYAML; .ci/bootstrap test installs them"))
  func everyExampleAgreesWithTheSchemaAndMistakesDoNot() throws {
    let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Scripts/validate-schema.py")
    let invalid = Self.structural.map { Fixtures.policies.appending(path: "invalid/\($0).yaml").path }
    let process = try ChildProcess(
      try #require(Self.python), [script.path, Self.file.path, Fixtures.examples.path] + invalid)
    #expect(try process.wait(timeout: .seconds(120)) == .exited(0))
    #expect(process.output.isEmpty && process.errors.isEmpty, "\(process.output)\(process.errors)")
  }
}
