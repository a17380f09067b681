// SPDX-License-Identifier: Apache-2.0

import Foundation
import Policy
import Testing

@testable import swerve

/// What SARIF 2.1.0 requires of the objects that are printed.
@Suite struct SARIFTests {
  private typealias Object = [String: Any]

  private func log(_ arguments: String...) throws -> Object {
    let check = try Command(["check", "--sarif"] + arguments)
    return try check.json()
  }

  @Test func invalidFilesMakeALogThatCodeHostsRead() throws {
    let file = "\(Command.policies)/invalid/many-mistakes.yaml"
    let check = try Command("check", "--sarif", file, "\(Command.policies)/invalid/tls-mutual.yaml")
    #expect(check.exitCode == 65)
    let log = try check.json()
    // Section 3.13: version and runs are required.
    #expect(log["version"] as? String == "2.1.0")
    #expect((log["$schema"] as? String)?.hasSuffix("sarif-schema-2.1.0.json") == true)
    let runs = try #require(log["runs"] as? [Object])
    #expect(runs.count == 1)
    let driver = try #require((runs[0]["tool"] as? Object)?["driver"] as? Object)
    #expect(driver["name"] as? String == "swerve" && driver["version"] as? String == Swerve.version)
    let rules = try #require(driver["rules"] as? [Object])
    let results = try #require(runs[0]["results"] as? [Object])
    #expect(results.count == 5)
    for result in results {
      try expectSound(result, rules)
    }
    #expect(((results[0]["message"] as? Object)?["text"] as? String)?.hasPrefix("spec.clusterIP: ") == true)
  }

  private func expectSound(_ result: Object, _ rules: [Object]) throws {
    // Section 3.27: a message is required; level is one of four; ruleIndex points to ruleId.
    #expect((result["message"] as? Object)?["text"] is String)
    #expect(["none", "note", "warning", "error"].contains(result["level"] as? String ?? ""))
    let index = try #require(result["ruleIndex"] as? Int)
    #expect(rules.indices.contains(index) && rules[index]["id"] as? String == result["ruleId"] as? String)
    let locations = try #require(result["locations"] as? [Object])
    let place = try #require(locations.first?["physicalLocation"] as? Object)
    let uri = try #require((place["artifactLocation"] as? Object)?["uri"] as? String)
    #expect(URL(string: uri) != nil && uri.hasPrefix("file:///"))
    // Section 3.30: lines and columns count from 1.
    let region = try #require(place["region"] as? Object)
    #expect((region["startLine"] as? Int ?? 0) >= 1 && (region["startColumn"] as? Int ?? 0) >= 1)
  }

  @Test func validFilesMakeALogWithoutResults() throws {
    let log = try log("\(Command.examplesDirectory)/web.yaml", "\(Command.examplesDirectory)/weighted.yaml")
    let runs = try #require(log["runs"] as? [Object])
    #expect((runs.first?["results"] as? [Any])?.isEmpty == true)
  }

  @Test func pathThatIsNoURIIsEscaped() throws {
    let diagnostic = Diagnostic(
      severity: .warning, location: SourceLocation(file: "a b/ü.yaml", line: 1, column: 2), field: "", message: "m")
    let result = SARIF([diagnostic], version: "1").runs[0].results[0]
    #expect(result.locations[0].physicalLocation.artifactLocation.uri == "a%20b/%C3%BC.yaml")
    #expect(result.level == "warning" && result.message.text == "m")
  }

  @Test func jsonAndSarifExcludeEachOther() throws {
    #expect(try Command("check", "--json", "--sarif", "x.yaml").exitCode == 64)
  }
}
