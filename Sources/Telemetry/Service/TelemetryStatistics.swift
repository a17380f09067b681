// SPDX-License-Identifier: Apache-2.0

/// What receivers and exporters have counted since they started.
public struct TelemetryStatistics: Sendable, Codable {
  public struct Receiver: Sendable, Codable {
    /// `ID/PROTOCOL`, for example `otlp/grpc`.
    public var name: String
    public var requests: ReceiverStatistics.Snapshot
    public var connectionsOpen: Int
    /// Connections and requests that ended before their time, by reason.
    public var connectionFailures: [String: Int]

    init(name: String, _ server: OTLPServer) {
      self.name = name
      requests = server.ingest.statistics.snapshot
      connectionsOpen = server.connections.connectionsOpen
      connectionFailures = Dictionary(
        uniqueKeysWithValues: server.connections.counts.map { ($0.key.rawValue, $0.value) })
    }
  }

  public struct Exporter: Sendable, Codable {
    public var name: String
    /// Items by signal.
    public var exported: [String: Int]
    /// Items by signal and `error.type`.
    public var failed: [String: [String: Int]]
    public var retries: Int
    /// Requests that wait or are being sent.
    public var queueSize: Int
    public var queueCapacity: Int
    /// Requests that found the queue full.
    public var refused: Int

    init(name: String, _ statistics: ExporterStatistics) {
      self.name = name
      let items = statistics.items.map { (key: $0.key.rawValue, value: $0.value) }
      exported = Dictionary(uniqueKeysWithValues: items.map { ($0.key, $0.value.exported) })
      failed = Dictionary(uniqueKeysWithValues: items.map { ($0.key, $0.value.failed) })
      retries = statistics.retries
      queueSize = statistics.queue.size
      queueCapacity = statistics.queue.capacity
      refused = statistics.queue.refusedFull + statistics.queue.refusedTooLarge
    }
  }

  public var receivers: [Receiver]
  public var exporters: [Exporter]
}
