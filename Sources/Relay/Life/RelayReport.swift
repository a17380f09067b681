// SPDX-License-Identifier: Apache-2.0

public import Dataplane
public import Foundation

/// What the relay last said about itself, kept in a file: `swerve status` reads it without asking a process.
public struct RelayReport: Codable, Sendable {
  public var version: String
  public var pid: Int32
  /// When the process started, and when it took charge.
  public var started: Date
  public var since: Date?
  public var cgroup: String
  /// Directory of the pins it works on.
  public var pins: String
  /// Whether requests are steered in the kernel; otherwise the relay carries all of them.
  public var acceleration = false
  /// Why not, one sentence each.
  public var obstacles: [String] = []
  public var selfTest: [SelfTest.Outcome] = []
  /// Network namespaces it listens in.
  public var listeners = 0
  /// The relay it took over from.
  public var predecessor: Int32?
  /// It is stopping: new connections are in connection mode.
  public var isStopping = false

  public init(version: String, pid: Int32, started: Date, cgroup: String, pins: String) {
    self.version = version
    self.pid = pid
    self.started = started
    self.cgroup = cgroup
    self.pins = pins
  }

  /// The file below a relay's state directory.
  public static func path(in stateDirectory: String) -> String { "\(stateDirectory)/relay.json" }

  /// Reads the report of a relay, running or not. Nil when none ever ran with this state directory.
  public static func read(from stateDirectory: String) throws -> RelayReport? {
    guard let data = FileManager.default.contents(atPath: path(in: stateDirectory)) else { return nil }
    let decoder = JSONDecoder()
    decoder.dateDecodingStrategy = .iso8601
    return try decoder.decode(RelayReport.self, from: data)
  }

  /// Replaces the report; a reader sees the old one or the new one.
  func write(to stateDirectory: String) throws {
    let encoder = JSONEncoder()
    encoder.dateEncodingStrategy = .iso8601
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    try encoder.encode(self).write(to: URL(filePath: RelayReport.path(in: stateDirectory)), options: .atomic)
  }

  /// Removes what relays leave in a state directory.
  public static func removeFiles(from stateDirectory: String) {
    unlink(path(in: stateDirectory))
    unlink(HandoverSocket.path(in: stateDirectory))
  }

  /// Whether the relay that wrote this is still running.
  public var isRunning: Bool {
    // The pid may have been given to another process since.
    let command = (try? String(contentsOfFile: "/proc/\(pid)/cmdline", encoding: .utf8)) ?? ""
    let words = command.split(separator: "\0")
    return words.count > 1 && words[0].hasSuffix("swerve") && words[1] == "relay"
  }

  /// Ends the relay and waits for it: it lets its clients finish for ten seconds at most. Does nothing when it is not
  /// running; returns whether it was.
  @discardableResult
  public func stop() -> Bool {
    guard isRunning else { return false }
    kill(pid, SIGTERM)
    let deadline = ContinuousClock.now + RelayProcess.drainTime + .seconds(5)
    while isRunning, .now < deadline { usleep(10_000) }
    if isRunning { kill(pid, SIGKILL) }
    return true
  }
}
