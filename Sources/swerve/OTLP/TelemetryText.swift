// SPDX-License-Identifier: Apache-2.0

import Telemetry

/// What telemetry does, for `swerve status`.
enum TelemetryText {
  static func lines(_ report: TelemetryReport) -> [String] {
    let statistics = report.statistics
    return report.listeners.map { listener in
      let receiver = statistics.receivers.first { $0.name == listener.name }
      return "receiver     \(listener.name) on \(listener.address)\(receiver.map { ": " + text($0) } ?? "")"
    } + statistics.exporters.map { "exporter     \($0.name): \(text($0))" }
  }

  private static func text(_ receiver: TelemetryStatistics.Receiver) -> String {
    let requests = receiver.requests
    var parts = counted(requests.acceptedItems, "accepted")
    parts += counted(requests.rejectedItems, "rejected")
    parts += requests.refusedRequests.filter { $0.value > 0 }.sorted { $0.key < $1.key }.map {
      "\($0.value) requests refused, \($0.key)"
    }
    return (parts + ["\(receiver.connectionsOpen) connections"]).joined(separator: "; ")
  }

  private static func text(_ exporter: TelemetryStatistics.Exporter) -> String {
    var parts = counted(exporter.exported, "sent")
    for (signal, failures) in exporter.failed.sorted(by: { $0.key < $1.key }) {
      for (type, count) in failures.sorted(by: { $0.key < $1.key }) where count > 0 {
        parts.append("\(count) of \(signal) failed, \(type)")
      }
    }
    if exporter.refused > 0 { parts.append("\(exporter.refused) requests found the queue full") }
    return (parts + ["queue \(exporter.queueSize) of \(exporter.queueCapacity)"]).joined(separator: "; ")
  }

  /// `12 of metrics, 3 of traces accepted`
  private static func counted(_ items: [String: Int], _ what: String) -> [String] {
    let present = items.filter { $0.value > 0 }.sorted { $0.key < $1.key }
    return present.isEmpty ? [] : [present.map { "\($0.value) of \($0.key)" }.joined(separator: ", ") + " " + what]
  }
}
