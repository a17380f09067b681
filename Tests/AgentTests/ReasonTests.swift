// SPDX-License-Identifier: Apache-2.0

import Foundation
import SwerveABI
import Testing

@Suite struct ReasonTests {
  private static let documents = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "docs")

  /// Table rows of a page that begin with a name in code.
  private func rows(of page: String) throws -> [String] {
    try String(contentsOf: Self.documents.appending(path: page), encoding: .utf8).split(separator: "\n")
      .filter { $0.hasPrefix("| `") }.map(String.init)
  }

  /// The table in the ABI is the one table; the page is its copy for people.
  @Test func thePageListsEveryReasonAsTheTableHasIt() throws {
    let reasons = (0..<SWERVE_REASON_COUNT.rawValue).map { reason in
      "| `\(String(cString: swerve_reason_name(reason)))` | \(String(cString: swerve_reason_meaning(reason))) |"
    }
    let rows = try rows(of: "REASONS.md")
    #expect(rows == reasons)
  }

  @Test func thePageOfRequestModeListsEveryPathAsTheTableHasIt() throws {
    let paths = (0..<SWERVE_PATH_COUNT.rawValue).map { path in
      "| `\(String(cString: swerve_path_name(path)))` | \(String(cString: swerve_path_meaning(path))) |"
    }
    let rows = try rows(of: "REQUEST-MODE.md")
    #expect(Array(rows.prefix(paths.count)) == paths)
  }

  @Test func aNumberPastTheTableHasAName() {
    #expect(String(cString: swerve_reason_name(.max)) == "unknown")
    #expect(String(cString: swerve_reason_meaning(SWERVE_REASON_COUNT.rawValue)) == "unknown")
    #expect(String(cString: swerve_path_name(.max)) == "unknown")
    #expect(String(cString: swerve_path_meaning(SWERVE_PATH_COUNT.rawValue)) == "unknown")
  }
}
