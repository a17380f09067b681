// SPDX-License-Identifier: Apache-2.0

import OTLP

extension Traces.ExportRequest {
  /// `  GET /cart server 1.25ms error trace=... span=... parent=... {key="value"}`
  func appendLines(to lines: inout [String]) {
    resourceSpans.forEach { $0.scopeSpans.forEach { $0.spans.forEach { lines.append("  " + $0.line) } } }
  }
}

extension Traces.Span {
  fileprivate var line: String {
    var parts = [ValueText.plain(name.string)]
    if let word = kind.word { parts.append(word) }
    parts.append(ValueText.duration(startTimeUnixNano, endTimeUnixNano))
    if let status {
      if status.code == .error { parts.append("error") }
      if !status.message.isEmpty { parts.append(ValueText.quoted(status.message.string)) }
    }
    parts.append("trace=\(traceId.hexadecimal) span=\(spanId.hexadecimal)")
    if !parentSpanId.isEmpty { parts.append("parent=\(parentSpanId.hexadecimal)") }
    if !attributes.isEmpty { parts.append(ValueText.attributes(attributes)) }
    return parts.joined(separator: " ")
  }
}

extension Traces.Span.SpanKind {
  fileprivate var word: String? {
    switch self {
    case .internal: "internal"
    case .server: "server"
    case .client: "client"
    case .producer: "producer"
    case .consumer: "consumer"
    default: nil
    }
  }
}

extension Logs.ExportRequest {
  /// `  2026-11-26T04:52:22.123Z ERROR "out of stock" {key="value"} trace=...`
  func appendLines(to lines: inout [String]) {
    resourceLogs.forEach { $0.scopeLogs.forEach { $0.logRecords.forEach { lines.append("  " + $0.line) } } }
  }
}

extension Logs.LogRecord {
  fileprivate var line: String {
    var parts = [ValueText.time(timeUnixNano == 0 ? observedTimeUnixNano : timeUnixNano)]
    let severity = severityText.isEmpty ? severityNumber.word : ValueText.plain(severityText.string)
    if !severity.isEmpty { parts.append(severity) }
    if !eventName.isEmpty { parts.append(ValueText.plain(eventName.string)) }
    if let body { parts.append(ValueText.value(body)) }
    if !attributes.isEmpty { parts.append(ValueText.attributes(attributes)) }
    if !traceId.isEmpty { parts.append("trace=\(traceId.hexadecimal)") }
    if !spanId.isEmpty { parts.append("span=\(spanId.hexadecimal)") }
    return parts.joined(separator: " ")
  }
}

extension Logs.SeverityNumber {
  /// The data model's short names: four numbers each.
  fileprivate var word: String {
    guard (1...24).contains(rawValue) else { return "" }
    let names = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"]
    let (name, step) = (names[Int(rawValue - 1) / 4], (rawValue - 1) % 4)
    return step == 0 ? name : "\(name)\(step + 1)"
  }
}

extension Profiles.ExportRequest {
  /// `  2026-11-26T04:52:22.123Z 12 samples over 10.0s id=...`
  func appendLines(to lines: inout [String]) {
    resourceProfiles.forEach { $0.scopeProfiles.forEach { $0.profiles.forEach { lines.append("  " + $0.line) } } }
  }
}

extension Profiles.Profile {
  fileprivate var line: String {
    let length = timeUnixNano > 0 ? ValueText.duration(timeUnixNano, timeUnixNano + durationNano) : "-"
    let id = profileId.isEmpty ? "" : " id=\(profileId.hexadecimal)"
    return "\(ValueText.time(timeUnixNano)) \(samples.count) samples over \(length)\(id)"
  }
}
