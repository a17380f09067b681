// SPDX-License-Identifier: Apache-2.0

import Policy

/// Reads a configuration file: components first, then the pipelines that refer to them.
final class ConfigurationReader {
  let reader: Reader
  let environment: [String: String]
  var configuration = TelemetryConfiguration()

  init(_ reader: Reader, environment: [String: String]) {
    self.reader = reader
    self.environment = environment
  }

  func read(_ root: Node) {
    guard let fields = FieldValues(reader, root, RootField.self) else { return }
    fields.read(.extensions) { components($0) { self.configuration.extensions[$0] = self.extensionSettings($0, $1) } }
    fields.read(.receivers) { components($0) { self.configuration.receivers[$0] = self.receiver($0, $1) } }
    fields.read(.processors) { components($0) { self.configuration.processors[$0] = self.processor($0, $1) } }
    fields.read(.exporters) { components($0) { self.configuration.exporters[$0] = self.exporter($0, $1) } }
    fields.read(.connectors) { components($0) { self.configuration.connectors[$0] = self.connector($0, $1) } }
    fields.read(.service) { service($0) }
  }

  /// Calls `read` with each `TYPE` or `TYPE/NAME` of a mapping.
  private func components(_ node: Node, _ read: (ComponentID, Node) -> Void) {
    guard reader.expect(node, .mapping, "a mapping") else { return }
    reader.pairs(node) { key, value in
      guard let id = componentID(reader.tree.string(reader.tree[key]), at: reader.tree[key].position) else { return }
      read(id, value)
    }
  }

  private func componentID(_ text: String, at position: Position) -> ComponentID? {
    if let id = ComponentID(parsing: text) { return id }
    reader.error(at: position, "`\(Excerpt.plain(text))` is not the name of a component: write TYPE or TYPE/NAME")
    return nil
  }

  /// Reports a type that there is not.
  func unknownType<Value>(_ id: ComponentID, _ what: String, among types: [String], at node: Node) -> Value? {
    let nearest = reader.suggestion(for: id.type, among: types)
    let choice = nearest == nil ? "; there is \(types.joined(separator: ", "))" : ""
    reader.error(
      at: node.position, "there is no \(what) of type `\(Excerpt.plain(id.type))`\(choice)", suggestion: nearest)
    return nil
  }

  // MARK: Values

  /// A string, with `${env:NAME}` and `${env:NAME:-DEFAULT}` put in.
  func text(_ node: Node) -> String? {
    guard let text = reader.string(node) else { return nil }
    guard text.contains("${") else { return text }
    var result = ""
    var rest = Substring(text)
    while let start = rest.firstRange(of: "${") {
      result += rest[..<start.lowerBound]
      guard let end = rest[start.upperBound...].firstIndex(of: "}") else { break }
      guard let value = value(of: rest[start.upperBound..<end], node) else { return nil }
      result += value
      rest = rest[rest.index(after: end)...]
    }
    return result + rest
  }

  private func value(of reference: Substring, _ node: Node) -> String? {
    guard reference.hasPrefix("env:") else {
      reader.error(at: node.position, "`${\(reference)}` is not understood; write ${env:NAME}")
      return nil
    }
    let parts = reference.dropFirst(4).split(separator: ":-", maxSplits: 1, omittingEmptySubsequences: false)
    if let value = environment[String(parts[0])] { return value }
    if parts.count == 2 { return String(parts[1]) }
    reader.error(at: node.position, "the environment has no \(parts[0]); set it, or write ${env:\(parts[0]):-DEFAULT}")
    return nil
  }

  func text<Name>(_ fields: FieldValues<Name>, _ field: Name) -> String? {
    fields.read(field) { text($0) }
  }

  func duration<Name>(_ fields: FieldValues<Name>, _ field: Name) -> Duration? {
    fields.duration(field).map { .nanoseconds(Int64(clamping: $0)) }
  }

  func texts<Name>(_ fields: FieldValues<Name>, _ field: Name, countMax: Int = 1000) -> [String]? {
    fields.list(field, countMax: countMax) { text($0) }
  }

  /// Where to listen.
  func server(_ node: Node) -> OTLPServerSettings? {
    guard let text = text(node) else { return nil }
    if let settings = OTLPServerSettings(listeningOn: text) { return settings }
    let advice = "write HOST:PORT, such as 127.0.0.1:4317 or [::1]:4317"
    reader.error(at: node.position, "\(Excerpt.quoted(text)) is not an endpoint; \(advice)")
    return nil
  }

  // MARK: Pipelines

  private func service(_ node: Node) {
    guard let fields = FieldValues(reader, node, ServiceField.self) else { return }
    fields.read(.pipelines) { pipelines($0) }
    let started = Set(references(fields, .extensions, among: configuration.extensions.keys, "extension"))
    // Extensions that are not listed are not started: the Collector says so too.
    for id in configuration.extensions.keys.sorted() where !started.contains(id) {
      reader.warning(
        at: node.position, "the extension `\(id)` is not listed in service.extensions; it is used all the same")
    }
  }

  private func pipelines(_ node: Node) {
    components(node) { id, value in
      guard let signal = Signal(rawValue: id.type) else {
        let types = Signal.allCases.map(\.rawValue)
        let _: Void? = unknownType(id, "pipeline", among: types, at: value)
        return
      }
      guard let fields = FieldValues(reader, value, PipelineField.self) else { return }
      var pipeline = PipelineSettings(name: "\(id)", signal: signal)
      let connectors = configuration.connectors.keys
      pipeline.receivers = references(
        fields, .receivers, among: Array(configuration.receivers.keys) + connectors, "receiver or connector")
      pipeline.processors = references(fields, .processors, among: configuration.processors.keys, "processor")
      pipeline.exporters = references(
        fields, .exporters, among: Array(configuration.exporters.keys) + connectors, "exporter or connector")
      check(pipeline, fields)
      configuration.pipelines.append(pipeline)
    }
    if configuration.pipelines.isEmpty {
      reader.error(at: node.position, "no pipeline; without one nothing is received")
    }
    checkRoutes(node)
  }

  private func references<Name>(
    _ fields: FieldValues<Name>, _ field: Name, among known: some Sequence<ComponentID>, _ what: String
  ) -> [ComponentID] {
    let names = Set(known.map(\.description))
    var seen: Set<ComponentID> = []
    let ids = fields.list(field, countMax: 100) { node -> ComponentID? in
      guard let text = reader.known(node, what, among: names.sorted()), let id = ComponentID(parsing: text) else {
        return nil
      }
      if !seen.insert(id).inserted { reader.error(at: node.position, "`\(text)` is named twice") }
      return id
    }
    return ids ?? []
  }

  private func check(_ pipeline: PipelineSettings, _ fields: FieldValues<PipelineField>) {
    for id in pipeline.processors {
      guard let settings = configuration.processors[id], !settings.signals.contains(pipeline.signal) else { continue }
      fields.error(.processors, "`\(id)` does not process \(pipeline.signal.rawValue)")
    }
    for field in [PipelineField.receivers, .exporters] {
      let isEmpty = field == .receivers ? pipeline.receivers.isEmpty : pipeline.exporters.isEmpty
      if isEmpty, fields.has(field) { fields.error(field, "none; a pipeline has at least one") }
    }
  }

  /// Routes lead to pipelines of the same signal that name the connector as a receiver, and never back.
  private func checkRoutes(_ node: Node) {
    for complaint in RouteCheck(configuration).complaints { reader.error(at: node.position, complaint) }
  }
}

extension ProcessorSettings {
  var signals: Set<Signal> {
    switch self {
    case .attributes: [.metrics, .traces, .logs]
    case .probabilisticSampler: [.traces, .logs]
    case .resource, .resourceDetection, .batch, .memoryLimiter: Set(Signal.allCases)
    }
  }
}
