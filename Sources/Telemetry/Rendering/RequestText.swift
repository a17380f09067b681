// SPDX-License-Identifier: Apache-2.0

import OTLP

/// A request as people read it: the Collector's `debug` exporter, and `swerve otlp dump`.
public enum RequestText {
  /// Lines without a line feed at the end.
  public static func lines(_ request: TelemetryRequest, _ context: ReceiveContext, _ verbosity: DebugVerbosity)
    -> [String]
  {
    switch verbosity {
    case .basic: return [summary(request, context)]
    case .normal: return [summary(request, context)] + items(request)
    case .detailed: return [summary(request, context), json(request)]
    }
  }

  /// The whole request in OTLP's JSON, on one line: OTLP's file format.
  public static func json(_ request: TelemetryRequest) -> String {
    let bytes =
      switch request {
      case .metrics(let request): request.view(Metrics.ExportRequest.self).json()
      case .traces(let request): request.view(Traces.ExportRequest.self).json()
      case .logs(let request): request.view(Logs.ExportRequest.self).json()
      case .profiles(let request): request.view(Profiles.ExportRequest.self).json()
      }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// `traces: 3 spans from checkout, cart`
  private static func summary(_ request: TelemetryRequest, _ context: ReceiveContext) -> String {
    var services: [String] = []
    request.forEachResource { resource in
      let name = resource.attributes.serviceName.map { ValueText.plain($0) }
      if let name, services.count < 8, !services.contains(name) { services.append(name) }
    }
    let count = request.itemCount
    var line = "\(request.signal.rawValue): \(count) \(request.signal.item)\(count == 1 ? "" : "s")"
    if !services.isEmpty { line += " from " + services.joined(separator: ", ") }
    if let tenant = context.tenant { line += ", tenant \(ValueText.plain(tenant))" }
    return line
  }

  private static func items(_ request: TelemetryRequest) -> [String] {
    var lines: [String] = []
    switch request {
    case .metrics(let request): request.view(Metrics.ExportRequest.self).appendLines(to: &lines)
    case .traces(let request): request.view(Traces.ExportRequest.self).appendLines(to: &lines)
    case .logs(let request): request.view(Logs.ExportRequest.self).appendLines(to: &lines)
    case .profiles(let request): request.view(Profiles.ExportRequest.self).appendLines(to: &lines)
    }
    return lines
  }
}

extension TelemetryRequest {
  public var signal: Signal {
    switch self {
    case .metrics: .metrics
    case .traces: .traces
    case .logs: .logs
    case .profiles: .profiles
    }
  }
}
