// SPDX-License-Identifier: Apache-2.0

import Foundation
import HTTPTypes
import Logging
import NIOCore
import Transport

/// Makes the parts of a configuration and puts them together, from the far end to the near one.
struct Assembly {
  private(set) var receivers: [(id: ComponentID, receiver: OTLPReceiver)] = []
  private(set) var exporters: [OTLPExporter] = []
  private(set) var tokenFiles: [StaticTokenFile] = []
  private let configuration: TelemetryConfiguration
  private let environment: [String: String]
  private let group: any EventLoopGroup
  private let logger: Logger
  private let output: @Sendable (String) -> Void
  private let memory: MemoryShares
  private var authenticators: [ComponentID: any Authenticator] = [:]
  /// An exporter that several pipelines name is one exporter with one queue, as long as they batch alike.
  private var made: [ExporterKey: OTLPExporter] = [:]
  private var pipelines: [String: Pipeline] = [:]
  private var consumers: [Signal: [any TelemetryConsumer]] = [:]

  private struct ExporterKey: Hashable {
    var id: ComponentID
    var batch: BatchSettings?
  }

  init(
    _ configuration: TelemetryConfiguration, environment: [String: String], group: any EventLoopGroup, logger: Logger,
    output: @escaping @Sendable (String) -> Void
  ) {
    self.configuration = configuration
    self.environment = environment
    self.group = group
    self.logger = logger
    self.output = output
    let loopCount = group.makeIterator().reduce(0) { count, _ in count + 1 }
    memory = MemoryShares(limitBytes: configuration.memoryLimitBytes, loopCount: loopCount)
  }

  mutating func build(_ consumers: [Signal: [any TelemetryConsumer]]) throws {
    self.consumers = consumers
    try buildAuthenticators()
    for settings in configuration.pipelines { _ = try pipeline(settings) }
    try buildReceivers()
  }

  // MARK: Pipelines

  /// Those that connectors lead to are made first; the configuration was checked not to go round.
  private mutating func pipeline(_ settings: PipelineSettings) throws -> Pipeline {
    if let existing = pipelines[settings.name] { return existing }
    var routers: [RoutingConnector] = []
    var sinks: [any TelemetrySink] = []
    var consumers: [any TelemetryConsumer] = []
    for id in settings.exporters {
      if let routing = configuration.connectors[id] {
        routers.append(try router(routing))
        continue
      }
      switch configuration.exporters[id] {
      case .otlp(let exporter): sinks.append(try self.exporter(id, exporter, batch(of: settings)))
      case .debug(let verbosity): consumers.append(DebugSink(verbosity, output))
      case .nop, nil: break
      }
    }
    // What consumers in the process see is what arrived, once: not what connectors hand on.
    if settings.receivers.contains(where: { configuration.receivers[$0] != nil }) {
      consumers += self.consumers[settings.signal] ?? []
    }
    let pipeline = Pipeline(
      settings.name, settings.signal, processors: processors(of: settings), consumers: consumers, sinks: sinks,
      routers: routers)
    pipelines[settings.name] = pipeline
    return pipeline
  }

  private mutating func router(_ settings: RoutingSettings) throws -> RoutingConnector {
    let rules = try settings.rules.map { rule in
      RoutingConnector.Rule(rule.condition, to: try targets(rule.pipelines))
    }
    return RoutingConnector(rules, defaultPipelines: try targets(settings.defaultPipelines))
  }

  private mutating func targets(_ names: [String]) throws -> [Pipeline] {
    var targets: [Pipeline] = []
    for settings in configuration.pipelines where names.contains(settings.name) {
      targets.append(try pipeline(settings))
    }
    return targets
  }

  private func processors(of pipeline: PipelineSettings) -> [any Processor] {
    pipeline.processors.compactMap { id -> (any Processor)? in
      switch configuration.processors[id] {
      case .attributes(let actions): AttributesProcessor(actions)
      case .resource(let actions): ResourceProcessor(actions)
      case .resourceDetection(let detectors, let overrides):
        ResourceDetectionProcessor(detectors, overrides: overrides, environment: environment)
      case .probabilisticSampler(let percentage): ProbabilisticSampler(percentage: percentage)
      case .batch, .memoryLimiter, nil: nil
      }
    }
  }

  /// The last batch processor of a pipeline holds.
  private func batch(of pipeline: PipelineSettings) -> BatchSettings? {
    pipeline.processors.compactMap { id in
      if case .batch(let settings) = configuration.processors[id] { settings } else { nil }
    }.last
  }

  // MARK: Exporters

  private mutating func exporter(
    _ id: ComponentID, _ settings: OTLPExporterSettings, _ batch: BatchSettings?
  ) throws -> OTLPExporter {
    var delivery = settings.delivery
    if let batch { delivery.batch = batch }
    let key = ExporterKey(id: id, batch: delivery.batch)
    if let existing = made[key] { return existing }
    if settings.queue.storage != nil, made.keys.contains(where: { $0.id == id }) {
      throw TelemetryError(
        "exporters.\(id): pipelines that batch differently cannot share its queue on disk; give one an exporter of its own"
      )
    }
    let exporter = OTLPExporter(
      "\(id)", delivery, queue: try queue(id, settings.queue), client: try client(settings.connection), logger: logger)
    made[key] = exporter
    exporters.append(exporter)
    return exporter
  }

  private func queue(_ id: ComponentID, _ settings: QueueSettings) throws -> any RequestQueue {
    guard let storage = settings.storage, case .fileStorage(let files) = configuration.extensions[storage] else {
      return MemoryQueue(settings.sizer, capacity: settings.capacity, budget: memory.queues)
    }
    try makeDirectory(files.directory, storage)
    let name = "\(id)".replacing("/", with: "_")
    var disk = DiskQueueSettings(directory: "\(files.directory)/exporter_\(name)")
    disk.bytesMax = files.bytesMax
    disk.fsync = files.fsync
    return try DiskQueue(disk, settings.sizer, capacity: settings.capacity)
  }

  private func makeDirectory(_ path: String, _ storage: ComponentID) throws {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw TelemetryError("extensions.\(storage).directory: \(path) cannot be made: \(error.localizedDescription)")
    }
  }

  private func client(_ settings: ConnectionSettings) throws -> any ExportClient {
    switch settings.exportProtocol {
    case .grpc: try GRPCExportClient(settings, group: group)
    case .httpProtobuf, .httpJSON: try HTTPExportClient(settings, group: group)
    }
  }

  // MARK: Receivers

  private mutating func buildAuthenticators() throws {
    for (id, settings) in configuration.extensions {
      switch settings {
      case .bearerTokens(let path):
        let file = try StaticTokenFile(path: path)
        tokenFiles.append(file)
        authenticators[id] = BearerTokens(file)
      case .spiffe(let allowed):
        authenticators[id] = SPIFFEIdentities(allowed: try allowed.map { try SPIFFEPattern($0) })
      case .tenantHeader(let name):
        if let name = HTTPField.Name(name) { authenticators[id] = TenantHeader(name) }
      case .fileStorage, .memoryLimiter: break
      }
    }
  }

  private mutating func buildReceivers() throws {
    for (id, settings) in configuration.receivers.sorted(by: { $0.key < $1.key }) {
      let own = configuration.pipelines.filter { $0.receivers.contains(id) }.compactMap { pipelines[$0.name] }
      if own.isEmpty { continue }
      let receiver = try OTLPReceiver(
        settings, FanOut(own), authenticators: authenticators, budget: memory.bodies, decoding: memory.decoding,
        callsMax: memory.callsMax, group: group)
      receivers.append((id, receiver))
    }
  }
}
