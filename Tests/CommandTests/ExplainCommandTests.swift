// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@Suite struct ExplainCommandTests {
  private static let retries = "\(Command.examplesDirectory)/retries.yaml"

  private func source(_ setting: String, in output: String) throws -> String {
    let line = try #require(output.split(separator: "\n").first { $0.hasPrefix("\(setting) ") })
    return String(line.split(separator: " ").last ?? "")
  }

  @Test(arguments: ["pricing", "default/pricing", "pricing:http", "default/pricing:http"])
  func everyFormOfTheNameIsUnderstood(_ name: String) throws {
    let explain = try Command("explain", name, Self.retries)
    #expect(explain.exitCode == 0 && explain.errors.isEmpty)
    #expect(explain.output.hasPrefix("default/pricing:http on 127.96.1.7:80, request mode, 2 endpoints\n"))
  }

  @Test func valuesSayWhereTheyComeFrom() throws {
    let output = try Command("explain", "pricing", Self.retries).output
    #expect(try source("timeout", in: output) == "\(Self.retries):70")
    #expect(try source("loadBalancer", in: output) == "\(Self.retries):57")
    #expect(try source("retryBudget.budgetPercent", in: output) == "\(Self.retries):88")
    #expect(try source("connectionPool.tcp.maxConnections", in: output) == "default")
    #expect(try source("outlierDetection.interval", in: output) == "default")
  }

  @Test func jsonHasEveryValueWithItsSource() throws {
    let explain = try Command("explain", "pricing", Self.retries, "--json")
    let services = try #require(
      try JSONSerialization.jsonObject(with: Data(explain.output.utf8)) as? [[String: Any]])
    #expect(services.count == 1 && services[0]["service"] as? String == "default/pricing:http")
    let values = try #require(services[0]["values"] as? [[String: Any]])
    let subset = try #require(values.first { $0["setting"] as? String == "subset" })
    #expect(subset["value"] as? String == "stable")
    #expect((subset["source"] as? [String: Any])?["file"] as? String == Self.retries)
  }

  @Test func zoneDecidesWhoStandsBy() throws {
    let explain = try Command("explain", "finder", "--zone", "zone-a", "\(Command.examplesDirectory)/locality.yaml")
    #expect(explain.output.contains("3 endpoints, 1 of them standing by"))
  }

  @Test func unknownServiceIsAnErrorWithTheNearestName() throws {
    let explain = try Command("explain", "pricign", Self.retries)
    #expect(explain.exitCode == 1 && explain.output.isEmpty)
    #expect(explain.errors.contains("no service is called `pricign` in \(Self.retries); did you mean `pricing`?"))
  }

  @Test func invalidPolicyIsSaidAndExitsWith65() throws {
    let explain = try Command("explain", "web", "\(Command.policies)/invalid/unknown-field.yaml")
    #expect(explain.exitCode == 65 && explain.errors.contains("unknown field `targetPrt`"))
  }
}
