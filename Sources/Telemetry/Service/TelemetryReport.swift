// SPDX-License-Identifier: Apache-2.0

public import Foundation

/// What telemetry last said about itself, kept in a file: `swerve status` reads it without asking a process.
public struct TelemetryReport: Codable, Sendable {
  public struct Listener: Codable, Sendable {
    /// `ID/PROTOCOL`, for example `otlp/grpc`.
    public var name: String
    public var address: String
  }

  public var pid: Int32
  public var started: Date
  public var configuration: String
  public var listeners: [Listener]
  public var statistics: TelemetryStatistics

  /// The file below an agent's state directory.
  public static func path(in stateDirectory: String) -> String { "\(stateDirectory)/telemetry.json" }

  /// Nil when there is none.
  public static func read(from stateDirectory: String) throws -> TelemetryReport? {
    guard let data = FileManager.default.contents(atPath: path(in: stateDirectory)) else { return nil }
    let decoder = JSONDecoder()
    decoder.dateDecodingStrategy = .iso8601
    return try decoder.decode(TelemetryReport.self, from: data)
  }
}

/// Writes the report when something in it has changed.
struct TelemetryReportFile: Sendable {
  static let interval = Duration.seconds(1)

  let stateDirectory: String
  /// As it was last written.
  private var written = Data()

  init(stateDirectory: String) {
    self.stateDirectory = stateDirectory
  }

  /// A reader sees the old report or the new one.
  mutating func write(_ report: TelemetryReport) throws {
    let encoder = JSONEncoder()
    encoder.dateEncodingStrategy = .iso8601
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let data = try encoder.encode(report)
    if data == written { return }
    try FileManager.default.createDirectory(atPath: stateDirectory, withIntermediateDirectories: true)
    try data.write(to: URL(filePath: TelemetryReport.path(in: stateDirectory)), options: .atomic)
    written = data
  }
}
