// SPDX-License-Identifier: Apache-2.0

public import Logging
public import NIOCore
public import ServiceLifecycle
public import Transport

/// Receivers, pipelines and exporters of one configuration, running.
///
/// A graceful shutdown goes with the stream: receivers refuse what is new, then exporters send what they have.
public final class TelemetryService: ServiceLifecycle.Service {
  private let receivers: [(id: ComponentID, receiver: OTLPReceiver)]
  private let exporters: [OTLPExporter]
  private let tokenFiles: [StaticTokenFile]
  private let logger: Logger
  /// For requests under way when the service stops.
  private let drainTimeout = Duration.seconds(5)

  /// Opens queues and reads certificates; listens on nothing yet.
  ///
  /// - Parameters:
  ///   - consumers: in the process, by the signal they want.
  ///   - output: takes lines of `debug` exporters.
  /// - Throws: `TelemetryError` or `TransportError`, with what to do.
  public init(
    _ configuration: TelemetryConfiguration, consumers: [Signal: [any TelemetryConsumer]] = [:],
    environment: [String: String], group: any EventLoopGroup, logger: Logger,
    output: @escaping @Sendable (String) -> Void
  ) throws {
    var assembly = Assembly(configuration, environment: environment, group: group, logger: logger, output: output)
    try assembly.build(consumers)
    receivers = assembly.receivers
    exporters = assembly.exporters
    tokenFiles = assembly.tokenFiles
    self.logger = logger
  }

  /// Listens on all ports. Done by `run()` when it was not done before.
  ///
  /// - Returns: by receiver and protocol, for example `otlp/grpc`, the addresses with the ports that the kernel chose.
  public func start() async throws(TransportError) -> [(name: String, address: SocketAddress)] {
    var listening: [(name: String, address: SocketAddress)] = []
    for (id, receiver) in receivers {
      let names = [receiver.grpc.map { _ in "grpc" }, receiver.http.map { _ in "http" }].compactMap { $0 }
      for (name, address) in zip(names, try await receiver.start()) {
        listening.append(("\(id)/\(name)", address))
        logger.info("Receiving", metadata: ["receiver": "\(id)", "protocol": "\(name)", "address": "\(address)"])
      }
    }
    return listening
  }

  /// Runs until a graceful shutdown. `start()` comes before it.
  public func run() async throws {
    await withTaskGroup { group in
      for exporter in exporters { group.addTask { await exporter.run() } }
      group.addTask { await self.reloadTokens() }
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
