// SPDX-License-Identifier: Apache-2.0

import Foundation
import Logging
import Testing

@testable import swerve

@Suite struct LoggingTests {
  /// The lines of standard error that are JSON objects; the test library writes there as well.
  private static func objects(_ bytes: [UInt8]) -> [[String: String]] {
    String(decoding: bytes, as: UTF8.self).split(separator: "\n").compactMap { line in
      guard line.hasPrefix("{") else { return nil }
      return try? JSONDecoder().decode([String: String].self, from: Data(line.utf8))
    }
  }

  @Test func eventIsOneJSONObjectOnOneLine() async throws {
    let result = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
      var logger = makeLogger(.json, level: .info)
      logger[metadataKey: "node"] = "a"
      logger[metadataKey: "file"] = "replaced"
      logger.warning("two\nlines, \"quoted\"", metadata: ["file": "x/y\tz", "level": "forged", "list": ["1", "2"]])
    }
    let objects = Self.objects(try #require(result).standardErrorContent)
    #expect(objects.count == 1)
    let object = try #require(objects.first)
    #expect(object.keys.sorted() == ["file", "level", "list", "message", "node", "time"])
    #expect(object["message"] == "two\nlines, \"quoted\"")
    #expect(object["level"] == "warning")
    #expect(object["node"] == "a" && object["file"] == "x/y\tz")
    let time = try #require(object["time"])
    _ = try Date(time, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true))
  }

  @Test func eventsBelowTheLevelAreNotWritten() async throws {
    let result = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
      let logger = makeLogger(.json, level: .warning)
      logger.info("unwanted")
      logger.error("wanted")
    }
    let objects = Self.objects(try #require(result).standardErrorContent)
    #expect(objects.map { $0["message"] } == ["wanted"])
  }

  @Test func withoutATerminalTheFormatIsJSON() async throws {
    let result = await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
      makeLogger(.auto, level: .info).info("automatic")
      makeLogger(.text, level: .info).info("for people")
    }
    let bytes = try #require(result).standardErrorContent
    #expect(Self.objects(bytes).map { $0["message"] } == ["automatic"])
    #expect(String(decoding: bytes, as: UTF8.self).contains("for people"))
  }

  @Test func formatsAreReadByName() {
    #expect(LogFormat.allCases.map(\.rawValue) == ["auto", "text", "json"])
    #expect(LogFormat(argument: "json") == .json && LogFormat(argument: "xml") == nil)
  }
}
