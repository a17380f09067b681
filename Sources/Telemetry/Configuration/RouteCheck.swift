// SPDX-License-Identifier: Apache-2.0

/// Whether the pipelines that connectors lead to exist, are of the same signal, and never lead back.
struct RouteCheck {
  private(set) var complaints: [String] = []
  private let pipelines: [String: PipelineSettings]
  private let connectors: [ComponentID: RoutingSettings]

  init(_ configuration: TelemetryConfiguration) {
    pipelines = Dictionary(configuration.pipelines.map { ($0.name, $0) }) { first, _ in first }
    connectors = configuration.connectors
    for pipeline in configuration.pipelines {
      for id in pipeline.exporters { checkTargets(of: id, from: pipeline) }
      if leadsBack(to: pipeline.name, from: pipeline.name) {
        complaints.append("the pipeline `\(pipeline.name)` leads back to itself")
      }
    }
  }

  private func targets(_ id: ComponentID) -> [String] {
    guard let settings = connectors[id] else { return [] }
    return settings.rules.flatMap(\.pipelines) + settings.defaultPipelines
  }

  private mutating func checkTargets(of id: ComponentID, from source: PipelineSettings) {
    for name in Set(targets(id)).sorted() {
      guard let target = pipelines[name] else {
        complaints.append("the connector `\(id)` leads to the pipeline `\(name)`, which is not defined")
        continue
      }
      if target.signal != source.signal {
        complaints.append("the connector `\(id)` leads from \(source.signal.rawValue) to the pipeline `\(name)`")
      }
      if !target.receivers.contains(id) {
        complaints.append("the pipeline `\(name)` does not name the connector `\(id)` among its receivers")
      }
    }
  }

  private func leadsBack(to start: String, from name: String, depth: Int = 0) -> Bool {
    guard depth <= pipelines.count, let pipeline = pipelines[name] else { return false }
    return pipeline.exporters.flatMap(targets).contains { next in
      next == start || leadsBack(to: start, from: next, depth: depth + 1)
    }
  }
}
