// SPDX-License-Identifier: Apache-2.0

import Agent
import ArgumentParser
import Foundation

struct EventsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "events",
    abstract: "Show what happened to breakers and limits.",
    discussion: """
      Endpoints that were ejected, probed and taken back; services in panic; limits that refused something. The kernel keeps
      the last 4,096. Any number of readers may follow, also while no agent runs.

      EXAMPLES
        swerve events
        swerve events --follow --service default/web
        swerve events --json | jq 'select(.kind == "open") | {time, endpoint, cause}'
      """)

  @Flag(name: .shortAndLong, help: "Go on with events as they happen, until interrupted.")
  var follow = false

  @Option(
    help: "Only of services whose name begins with this (namespace/name:port).", completion: ServiceNames.completion)
  var service = ""

  @OptionGroup var dataplane: DataplaneOptions
  @Flag(help: "Print JSON, one event a line.")
  var json = false

  /// Time between two looks.
  private static let interval = Duration.milliseconds(100)

  func run() async throws {
    try await exiting {
      var log = try EventLog(dataplane.pins)
      var lost: UInt64 = 0
      if !json { print(EventsCommand.header) }
      repeat {
        for event in try log.read() where event.service.hasPrefix(service) { try show(event) }
        if log.lost > lost { printError("\(log.lost - lost) events were overwritten before they were read") }
        lost = log.lost
        fflush(nil)
        if follow { try await Task.sleep(for: EventsCommand.interval) }
      } while follow
    }
  }

  private func show(_ event: BreakerEvent) throws {
    guard json else { return print(EventsCommand.line(event)) }
    let encoder = JSONEncoder()
    encoder.dateEncodingStrategy = .custom { date, encoder in
      var container = encoder.singleValueContainer()
      try container.encode(EventsCommand.time(date))
    }
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    print(String(decoding: try encoder.encode(event), as: UTF8.self))
  }

  private static let header = EventsCommand.columns(["TIME", "EVENT", "SERVICE", "ENDPOINT", "CAUSE", "DETAIL"])

  /// One event on one line, in columns that do not depend on the others.
  static func line(_ event: BreakerEvent) -> String {
    columns([
      time(event.time), event.kind, event.service, event.endpoint ?? "-", event.cause, detail(event),
    ])
  }

  private static func columns(_ texts: [String]) -> String {
    let widths = [24, 9, 24, 21, 32, 0]
    let padded = zip(texts, widths).map { text, width in
      text + String(repeating: " ", count: max(0, width - text.count))
    }
    return padded.joined(separator: "  ")
  }

  private static func time(_ date: Date) -> String {
    date.formatted(.iso8601.year().month().day().time(includingFractionalSeconds: true))
  }

  private static func detail(_ event: BreakerEvent) -> String {
    var parts: [String] = []
    switch event.kind {
    case "open":
      if event.consecutive > 0 { parts.append("\(event.consecutive) in a row") }
      parts.append(
        event.until.map { String(format: "for %.1f s", $0.timeIntervalSince(event.time)) } ?? "until restored")
    case "limit": parts.append("limit \(event.consecutive)")
    default: break
    }
    parts.append("\(event.ejected) ejected, \(event.inFlight) in flight, \(event.active) connections")
    return parts.joined(separator: ", ")
  }
}
