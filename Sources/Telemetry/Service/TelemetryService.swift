// SPDX-License-Identifier: Apache-2.0

import Foundation
public import Logging
public import NIOCore
public import ServiceLifecycle
import Synchronization
public import Transport

/// Receivers, pipelines and exporters of one configuration, running.
///
/// A graceful shutdown goes with the stream: receivers refuse what is new, then exporters send what they have.
public final class TelemetryService: ServiceLifecycle.Service {
  private let receivers: [(id: ComponentID, receiver: OTLPReceiver)]
  private let exporters: [OTLPExporter]
  private let tokenFiles: [StaticTokenFile]
  private let listeners = Mutex<[TelemetryReport.Listener]>([])
  private let report: ReportPlace?
  private let logger: Logger
  /// For requests under way when the service stops.
  private let drainTimeout = Duration.seconds(5)

  /// Where the service says how it is.
  public struct ReportPlace: Sendable {
    public var stateDirectory: String
    /// The file of the configuration, for the report.
    public var configuration: String

    public init(stateDirectory: String, configuration: String) {
      self.stateDirectory = stateDirectory
      self.configuration = configuration
    }
  }

  /// Opens queues and reads certificates; listens on nothing yet.
  ///
  /// - Parameters:
  ///   - consumers: in the process, by the signal they want.
  ///   - environment: of the process.
  ///   - report: nil writes none.
  ///   - output: takes lines of `debug` exporters.
  /// - Throws: `TelemetryError` or `TransportError`, with what to do.
  public init(
    _ configuration: TelemetryConfiguration, consumers: [Signal: [any TelemetryConsumer]] = [:],
    environment: [String: String], group: any EventLoopGroup, report: ReportPlace? = nil, logger: Logger,
    output: @escaping @Sendable (String) -> Void
  ) throws {
    var assembly = Assembly(configuration, environment: environment, group: group, logger: logger, output: output)
    try assembly.build(consumers)
    receivers = assembly.receivers
    exporters = assembly.exporters
    tokenFiles = assembly.tokenFiles
    self.report = report
    self.logger = logger
  }

  /// Listens on all ports, or on none.
  public func start() async throws(TransportError) {
    for (index, (id, receiver)) in receivers.enumerated() {
      let names = [receiver.grpc.map { _ in "grpc" }, receiver.http.map { _ in "http" }].compactMap { $0 }
      do throws(TransportError) {
        for (name, address) in zip(names, try await receiver.start()) { note("\(id)/\(name)", address) }
      } catch {
        for (_, started) in receivers.prefix(index) { await started.drain(within: .zero) }
        throw error
      }
    }
  }

  private func note(_ name: String, _ address: SocketAddress) {
    let text = address.hostAndPort
    listeners.withLock { $0.append(TelemetryReport.Listener(name: name, address: text)) }
    logger.info("Receiving", metadata: ["receiver": "\(name)", "address": "\(text)"])
  }

  /// Listens, and runs until a graceful shutdown.
  public func run() async throws {
    try await start()
    await withTaskGroup { group in
      for exporter in exporters { group.addTask { await exporter.run() } }
      group.addTask { await self.reloadTokens() }
      group.addTask { await self.trimHeap() }
      group.addTask { await self.keepReport() }
      await self.untilShutdown()
      await self.drain()
      await group.waitForAll()
    }
  }

  private func untilShutdown() async {
    let (stream, continuation) = AsyncStream<Void>.makeStream()
    await withGracefulShutdownHandler {
      await withTaskCancellationHandler {
        for await _ in stream {}
      } onCancel: {
        continuation.finish()
      }
    } onGracefulShutdown: {
      continuation.finish()
    }
  }

  private func drain() async {
    await withTaskGroup { group in
      for (_, receiver) in receivers {
        group.addTask { [drainTimeout] in await receiver.drain(within: drainTimeout) }
      }
    }
    for exporter in exporters { exporter.beginShutdown() }
  }

  /// Token files are small, and looked at often enough for a token that was taken back.
  private func reloadTokens() async {
    if tokenFiles.isEmpty { return }
    try? await cancelWhenGracefulShutdown {
      while true {
        try await Task.sleep(for: .seconds(10))
        for file in self.tokenFiles { self.reload(file) }
      }
    }
  }

  private func trimHeap() async {
    try? await cancelWhenGracefulShutdown {
      var trimmer = HeapTrimmer()
      while true {
        try await Task.sleep(for: .seconds(1))
        let servers = self.receivers.flatMap { [$0.receiver.grpc, $0.receiver.http] }.compactMap { $0 }
        trimmer.trim(overloads: servers.reduce(0) { $0 + $1.ingest.statistics.overloads })
      }
    }
  }

  private func reload(_ file: StaticTokenFile) {
    do throws(TelemetryError) {
      if try file.reloadIfChanged() { logger.info("Tokens read again", metadata: ["file": "\(file.path)"]) }
    } catch {
      logger.error("Tokens stay as they were", metadata: ["reason": "\(error)"])
    }
  }
}

// MARK: What it does

extension TelemetryService {
  private func keepReport() async {
    guard let report else { return }
    let started = Date()
    try? await cancelWhenGracefulShutdown {
      var file = TelemetryReportFile(stateDirectory: report.stateDirectory)
      while true {
        let current = TelemetryReport(
          pid: getpid(), started: started, configuration: report.configuration,
          listeners: self.listeners.withLock { $0 }, statistics: self.statistics)
        do { try file.write(current) } catch {
          self.logger.error("The report was not written", metadata: ["error": "\(error)"])
        }
        try await Task.sleep(for: TelemetryReportFile.interval)
      }
    }
  }
}

extension TelemetryService {
  /// Counts since the start.
  public var statistics: TelemetryStatistics {
    TelemetryStatistics(
      receivers: receivers.flatMap { id, receiver in
        [("grpc", receiver.grpc), ("http", receiver.http)].compactMap { name, server in
          server.map { TelemetryStatistics.Receiver(name: "\(id)/\(name)", $0) }
        }
      },
      exporters: exporters.map { TelemetryStatistics.Exporter(name: $0.name, $0.statistics) })
  }
}
