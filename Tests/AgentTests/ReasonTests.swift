// SPDX-License-Identifier: Apache-2.0

import Foundation
import SwerveABI
import Testing

@Suite struct ReasonTests {
  private static let page = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "docs/REASONS.md")

  /// The table in the ABI is the one table; the page is its copy for people.
  @Test func thePageListsEveryReasonAsTheTableHasIt() throws {
    let rows = try String(contentsOf: Self.page, encoding: .utf8).split(separator: "\n").filter { $0.hasPrefix("| `") }
    let reasons = (0..<SWERVE_REASON_COUNT.rawValue).map { reason in
      "| `\(String(cString: swerve_reason_name(reason)))` | \(String(cString: swerve_reason_meaning(reason))) |"
    }
    #expect(rows.map(String.init) == reasons)
  }

  @Test func aNumberPastTheTableHasAName() {
    #expect(String(cString: swerve_reason_name(.max)) == "unknown")
    #expect(String(cString: swerve_reason_meaning(SWERVE_REASON_COUNT.rawValue)) == "unknown")
  }
}
