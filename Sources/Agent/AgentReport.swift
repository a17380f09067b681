// SPDX-License-Identifier: Apache-2.0

public import Discovery
public import Foundation
public import Policy

/// What the agent last said about itself, kept in a file: `swerve status` reads it without asking a process, and it is
/// still there when the agent is not.
public struct AgentReport: Codable, Sendable {
  public var version: String
  public var pid: Int32
  public var started: Date
  public var policies: String
  public var cgroup: String
  /// How the dataplane was found: installed, adopted or upgraded.
  public var origin: String
  /// Policy files read.
  public var files = 0
  /// Files that are not in force as written.
  public var rejectedFiles: [RejectedFile] = []
  public var warnings: [Diagnostic] = []
  /// Services the kernel has no room for: name and reason.
  public var refusedServices: [String: String] = [:]
  /// Changes applied to the kernel since the start.
  public var publications = 0
  public var lastPublication: Date?
  /// Connections closed because their endpoint had left.
  public var staleConnectionsClosed = 0
  /// What this kernel does not offer, one sentence each.
  public var missing: [String] = []

  /// The file below an agent's state directory.
  public static func path(in stateDirectory: String) -> String { "\(stateDirectory)/agent.json" }

  /// Reads the report of an agent, running or not. Nil when none ever ran with this state directory.
  public static func read(from stateDirectory: String) throws -> AgentReport? {
    let path = path(in: stateDirectory)
    guard let data = FileManager.default.contents(atPath: path) else { return nil }
    let decoder = JSONDecoder()
    decoder.dateDecodingStrategy = .iso8601
    return try decoder.decode(AgentReport.self, from: data)
  }

  /// Replaces the report; a reader sees the old one or the new one.
  func write(to stateDirectory: String) throws {
    let encoder = JSONEncoder()
    encoder.dateEncodingStrategy = .iso8601
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    try FileManager.default.createDirectory(atPath: stateDirectory, withIntermediateDirectories: true)
    try encoder.encode(self).write(to: URL(filePath: AgentReport.path(in: stateDirectory)), options: .atomic)
  }

  /// Whether the agent that wrote this is still running.
  public var isRunning: Bool {
    // The pid may have been given to another process since.
    let command = (try? String(contentsOfFile: "/proc/\(pid)/cmdline", encoding: .utf8)) ?? ""
    let words = command.split(separator: "\0")
    return words.count > 1 && words[0].hasSuffix("swerve") && words[1] == "run"
  }
}
