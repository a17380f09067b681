// SPDX-License-Identifier: Apache-2.0

import Policy
import Transport

extension ConfigurationReader {
  private static let exporterTypes = ["debug", "nop", "otlp", "otlphttp"]

  func exporter(_ id: ComponentID, _ node: Node) -> ExporterKind? {
    switch id.type {
    // The Collector has newer names for both, and keeps the old ones.
    case "otlp", "otlp_grpc": return otlpExporter(node, .grpc).map { .otlp($0) }
    case "otlphttp", "otlp_http": return otlpExporter(node, .httpProtobuf).map { .otlp($0) }
    case "debug":
      let fields = FieldValues(reader, node, DebugField.self)
      return .debug(fields?.word(.verbosity, DebugVerbosity.self) ?? .basic)
    case "nop": return .nop
    default: return unknownType(id, "exporter", among: Self.exporterTypes, at: node)
    }
  }

  private func otlpExporter(_ node: Node, _ transport: ExportProtocol) -> OTLPExporterSettings? {
    guard let fields = FieldValues(reader, node, ExporterField.self) else {
      reader.missing(ExporterField.endpoint.rawValue, in: node)
      return nil
    }
    let tls = fields.read(.tls) { FieldValues(self.reader, $0, ClientTLSField.self) }
    let isInsecure = tls?.boolean(.insecure) ?? false
    var kind = transport
    if transport != .grpc, let encoding = encoding(fields) { kind = encoding }
    guard let endpoint = farEnd(fields, .endpoint, kind, isInsecure) else { return nil }
    var connection = ConnectionSettings(kind, endpoint)
    for (field, signal) in ExporterField.signalEndpoints {
      connection.signalEndpoints[signal] = farEnd(fields, field, kind, isInsecure)
    }
    connection.headers = headers(fields)
    if let compression = fields.word(.compression, ExportCompression.self) { connection.compression = compression }
    if let tls { connection.tls = clientTLS(tls) }
    var settings = OTLPExporterSettings(connection: connection)
    if let timeout = duration(fields, .timeout) { settings.delivery.timeout = timeout }
    fields.read(.retry) { retry($0, &settings.delivery.retry) }
    fields.read(.queue) { queue($0, &settings) }
    return settings
  }

  private func encoding(_ fields: FieldValues<ExporterField>) -> ExportProtocol? {
    fields.read(.encoding) { node in
      switch reader.known(node, "encoding", among: ["proto", "json"]) {
      case "proto": .httpProtobuf
      case "json": .httpJSON
      default: nil
      }
    }
  }

  private func farEnd(
    _ fields: FieldValues<ExporterField>, _ field: ExporterField, _ kind: ExportProtocol, _ isInsecure: Bool
  ) -> Endpoint? {
    fields.read(field) { node -> Endpoint? in
      guard let text = text(node) else { return nil }
      do throws(TelemetryError) {
        return try Endpoint(text, kind, place: field.rawValue, isTLS: !isInsecure)
      } catch {
        reader.error(at: node.position, error.message)
        return nil
      }
    }
  }

  private func headers(_ fields: FieldValues<ExporterField>) -> [ConnectionSettings.Header] {
    fields.read(.headers) { node -> [ConnectionSettings.Header] in
      guard reader.expect(node, .mapping, "a mapping") else { return [] }
      var headers: [ConnectionSettings.Header] = []
      reader.pairs(node) { key, value in
        guard let text = text(value) else { return }
        headers.append(ConnectionSettings.Header(reader.tree.string(reader.tree[key]), text))
      }
      return headers
    } ?? []
  }

  private func clientTLS(_ fields: FieldValues<ClientTLSField>) -> ExporterTLS {
    var tls = ExporterTLS()
    tls.caFile = text(fields, .authorityFile)
    tls.certFile = text(fields, .certificateFile)
    tls.keyFile = text(fields, .keyFile)
    tls.insecureSkipVerify = fields.boolean(.insecureSkipVerify) ?? false
    if (tls.certFile == nil) != (tls.keyFile == nil) {
      fields.error(tls.certFile == nil ? .keyFile : .certificateFile, "cert_file and key_file belong together")
    }
    return tls
  }

  private func retry(_ node: Node, _ policy: inout RetryPolicy) {
    guard let fields = FieldValues(reader, node, RetryField.self) else { return }
    if let enabled = fields.boolean(.enabled) { policy.enabled = enabled }
    if let interval = duration(fields, .initialInterval) { policy.initialInterval = interval }
    if let factor = fields.number(.multiplier) { policy.multiplier = factor }
    if let interval = duration(fields, .maxInterval) { policy.maxInterval = interval }
    if let time = duration(fields, .maxElapsedTime) { policy.maxElapsedTime = time }
    if let factor = fields.number(.randomizationFactor) { policy.randomizationFactor = factor }
  }

  // MARK: The queue

  private func queue(_ node: Node, _ settings: inout OTLPExporterSettings) {
    guard let fields = FieldValues(reader, node, QueueField.self) else { return }
    if let count = fields.integer(.consumers) { settings.delivery.numConsumers = count }
    if let sizer = fields.word(.sizer, QueueSizer.self) { settings.queue.sizer = sizer }
    if let size = fields.integer(.size) { settings.queue.capacity = size }
    settings.queue.storage = storage(fields)
    if let batch = fields.read(.batch, { batch($0) }) { settings.delivery.batch = batch }
  }

  private func storage(_ fields: FieldValues<QueueField>) -> ComponentID? {
    fields.read(.storage) { node -> ComponentID? in
      let storages = configuration.extensions.filter { if case .fileStorage = $0.value { true } else { false } }
      let names = storages.keys.map(\.description).sorted()
      return reader.known(node, "file_storage extension", among: names).flatMap { ComponentID(parsing: $0) }
    }
  }

  private func batch(_ node: Node) -> BatchSettings? {
    guard let fields = FieldValues(reader, node, QueueBatchField.self) else { return nil }
    var settings = BatchSettings()
    if let sizer = fields.word(.sizer, QueueSizer.self) { settings.sizer = sizer }
    if let size = fields.integer(.minSize) { settings.minSize = size }
    if let size = fields.integer(.maxSize), size > 0 { settings.maxSize = size }
    if let timeout = duration(fields, .flushTimeout) { settings.flushTimeout = timeout }
    return settings
  }
}
