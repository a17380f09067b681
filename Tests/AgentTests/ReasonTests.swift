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

  @Test func thePageOfEventsListsEveryEventAndCauseAsTheTablesHaveThem() throws {
    let events = (0..<SWERVE_EVENT_COUNT.rawValue).map { kind in
      "| `\(String(cString: swerve_event_name(kind)))` | \(String(cString: swerve_event_meaning(kind))) |"
    }
    let causes = (0..<SWERVE_CAUSE_COUNT.rawValue).map { cause in
      "| `\(String(cString: swerve_cause_name(cause)))` | \(String(cString: swerve_cause_meaning(cause))) |"
    }
    let rows = try rows(of: "EVENTS.md")
    #expect(rows == events + causes)
  }

  /// The page says what the constants are.
  @Test func thePageOfEventsHasTheBoundOfTheRing() throws {
    let text = try String(contentsOf: Self.documents.appending(path: "EVENTS.md"), encoding: .utf8)
    #expect(SWERVE_EVENTS_MAX == 4096 && text.contains("4,096"))
    #expect(SWERVE_LIMIT_EVENT_MS == 1000 && text.contains("once a second"))
  }

  @Test func aNumberPastTheTableHasAName() {
    #expect(String(cString: swerve_reason_name(.max)) == "unknown")
    #expect(String(cString: swerve_reason_meaning(SWERVE_REASON_COUNT.rawValue)) == "unknown")
    #expect(String(cString: swerve_path_name(.max)) == "unknown")
    #expect(String(cString: swerve_path_meaning(SWERVE_PATH_COUNT.rawValue)) == "unknown")
    #expect(String(cString: swerve_event_name(.max)) == "unknown")
    #expect(String(cString: swerve_event_meaning(SWERVE_EVENT_COUNT.rawValue)) == "unknown")
    #expect(String(cString: swerve_cause_name(.max)) == "unknown")
    #expect(String(cString: swerve_cause_meaning(SWERVE_CAUSE_COUNT.rawValue)) == "unknown")
  }
}
