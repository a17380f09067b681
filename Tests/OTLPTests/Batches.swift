// SPDX-License-Identifier: Apache-2.0

import Foundation
import OTLP

/// Requests as the OpenTelemetry Python SDK encodes them; `Scripts/make-batches.py` makes them, once per test run. The
/// interpreter is the one that `.ci/bootstrap test` installs the SDK for.
enum Batches {
  static let names = ["metrics", "traces", "logs", "profiles", "all-metrics", "all-trace", "all-logs"]

  static let python: String? = {
    let own = root.appending(path: ".build/peers/venv/bin/python3").path
    let named = ProcessInfo.processInfo.environment["SWERVE_OTLP_PYTHON"]
    return [named, own].compactMap { $0 }.first {
      (try? run($0, ["-c", "import opentelemetry.proto, opentelemetry.sdk, opentelemetry.exporter.otlp.proto.common"]))
        == 0
    }
  }()

  static var areAvailable: Bool { directory != nil }

  private static let root = URL(filePath: #filePath).appending(path: "../../..").standardized

  private static let directory: URL? = {
    guard let python else { return nil }
    let directory = FileManager.default.temporaryDirectory.appending(path: "otlp-batches-\(getpid())")
    let script = root.appending(path: "Tests/OTLPTests/Scripts/make-batches.py").path
    return (try? run(python, [script, directory.path])) == 0 ? directory : nil
  }()

  static func bytes(_ name: String, _ suffix: String) throws -> [UInt8] {
    guard let directory else { throw CocoaError(.fileNoSuchFile) }
    return [UInt8](try Data(contentsOf: directory.appending(path: "\(name).\(suffix)")))
  }

  static func lines(_ name: String) throws -> [String] {
    String(decoding: try bytes(name, "dump"), as: UTF8.self).split(separator: "\n").map(String.init)
  }

  private static func run(_ program: String, _ arguments: [String]) throws -> Int32 {
    let process = Process()
    process.executableURL = URL(filePath: program)
    process.arguments = arguments
    process.standardError = FileHandle.nullDevice
    process.standardInput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus
  }
}

/// What a batch of any signal looks like after it was read.
struct Reading: Equatable {
  var lines: [String]
  var protobuf: [UInt8]
  var json: [UInt8]

  /// Reads a request of the signal that the batch's name says.
  static func of(_ name: String, _ bytes: [UInt8], as encoding: MessageEncoding = .protobuf) throws -> Reading {
    var decoder = try Decoder()
    var dump = Dump()
    let span = bytes.span.bytes
    switch name.split(separator: "-").last {
    case "metrics":
      let view = try decoder.decode(Metrics.ExportRequest.self, from: span, as: encoding)
      dump.fields(view, "")
      return Reading(lines: dump.lines, protobuf: view.protobuf(), json: view.json())
    case "traces", "trace":
      let view = try decoder.decode(Traces.ExportRequest.self, from: span, as: encoding)
      dump.fields(view, "")
      return Reading(lines: dump.lines, protobuf: view.protobuf(), json: view.json())
    case "logs":
      let view = try decoder.decode(Logs.ExportRequest.self, from: span, as: encoding)
      dump.fields(view, "")
      return Reading(lines: dump.lines, protobuf: view.protobuf(), json: view.json())
    default:
      let view = try decoder.decode(Profiles.ExportRequest.self, from: span, as: encoding)
      dump.fields(view, "")
      return Reading(lines: dump.lines, protobuf: view.protobuf(), json: view.json())
    }
  }
}
