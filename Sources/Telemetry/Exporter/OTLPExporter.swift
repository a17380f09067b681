// SPDX-License-Identifier: Apache-2.0

public import Logging

/// Sends what pipelines put into its queue to one far end: the Collector's `otlp` and `otlphttp` exporters.
///
///     let exporter = OTLPExporter("otlp", settings, queue: queue, client: client)
///     async let running: Void = exporter.run()
///     ...
///     exporter.beginShutdown()
public final class OTLPExporter: TelemetrySink {
  /// For log lines.
  public let name: String
  private let settings: DeliverySettings
  private let queue: any RequestQueue
  private let client: any ExportClient
  private let clock: any ExporterClock
  private let random: @Sendable () -> Double
  private let meter = ExporterMeter()
  private let logger: Logger
  private let log: LimitedLog
  private let stopping = AsyncStream<Never>.makeStream()

  /// - Parameter random: from 0 to 1, for the intervals between attempts.
  public init(
    _ name: String, _ settings: DeliverySettings, queue: any RequestQueue, client: any ExportClient,
    clock: any ExporterClock = SystemClock(), random: @escaping @Sendable () -> Double = { .random(in: 0...1) },
    logger: Logger? = nil
  ) {
    self.name = name
    self.settings = settings
    self.queue = queue
    self.client = client
    self.clock = clock
    self.random = random
    self.logger = logger ?? Logger(label: "swerve.exporter")
    log = LimitedLog(self.logger, clock: clock)
  }

  public var statistics: ExporterStatistics {
    var statistics = meter.snapshot
    statistics.queue = queue.counts
    statistics.recovery = queue.recovery
    return statistics
  }

  public func reserve(_ request: EncodedRequest) throws(Refusal) { try queue.reserve(request) }
  public func cancel(_ request: EncodedRequest) { queue.cancel(request) }
  public func commit(_ request: EncodedRequest) throws(Refusal) { try queue.commit(request) }
}

// MARK: Running

extension OTLPExporter {
  private enum Ended {
    case consumer
    case time
  }

  /// Refuses new requests and sends what the queue has; `run()` returns when that is done, or when the time for it is
  /// over.
  public func beginShutdown() {
    queue.close()
    stopping.continuation.finish()
  }

  /// Sends until `beginShutdown()`. To be called once. When its task is cancelled it ends without sending what is left.
  public func run() async {
    reportRecovery()
    await withTaskGroup(of: Ended.self) { group in
      var consumers = max(settings.numConsumers, 1)
      for _ in 0..<consumers {
        group.addTask {
          await self.consume()
          return .consumer
        }
      }
      group.addTask {
        for await _ in self.stopping.stream {}
        try? await self.clock.sleep(for: self.settings.drainTimeout)
        return .time
      }
      for await ended in group {
        if ended == .consumer { consumers -= 1 }
        if ended == .time || consumers == 0 { group.cancelAll() }
      }
    }
    await end()
  }

  private func reportRecovery() {
    guard let recovery = queue.recovery else { return }
    if recovery.requests > 0 {
      logger.info(
        "\(name): \(recovery.requests) requests with \(recovery.items) items were left on disk and are sent now")
    }
    if recovery.lostBytes > 0 {
      logger.error(
        """
        \(name): \(recovery.lostBytes) bytes on disk cannot be read, and at least \(recovery.lostRequests) requests are \
        lost; see whether the disk is damaged
        """)
    }
  }

  private func end() async {
    let remainder = queue.shutdown()
    meter.ended(remainder)
    await client.shutdown()
    guard remainder.requestCount > 0 else { return }
    let left = "\(name): \(remainder.requestCount) requests with \(remainder.itemCount) items were not sent"
    if remainder.isKept {
      logger.info("\(left); they stay on disk and are sent after the next start")
    } else {
      logger.warning("\(left) and are lost; a sending_queue with storage keeps them")
    }
  }
}

// MARK: Delivering

extension OTLPExporter {
  private func consume() async {
    while let taken = await queue.next(settings.batch) {
      // What is given up without an answer stays the queue's: on disk, it is sent again after the next start.
      if await deliver(taken) { queue.acknowledge(taken) }
    }
  }

  /// - Returns: false when the task was cancelled before all of it had an answer.
  private func deliver(_ taken: [QueuedRequest]) async -> Bool {
    guard let joined = EncodedRequest.joining(taken.map(\.request)) else { return true }
    for part in settings.batch.map(joined.split) ?? [joined] {
      meter.began(part)
      defer { meter.ended(part) }
      guard await deliver(part) else { return false }
    }
    return true
  }

  private func deliver(_ request: EncodedRequest) async -> Bool {
    let began = clock.now
    var attempt = 1
    while true {
      switch await attemptOnce(request) {
      case .success(let partial):
        succeeded(request, partial)
        return true
      case .permanent(let failure):
        drop(request, failure, "it would never be taken")
        return true
      case .retryable(let failure, let asked):
        if Task.isCancelled { return false }
        let delay = settings.retry.delay(
          attempt: attempt, elapsed: clock.now - began, asked: asked, random: random())
        guard let delay else {
          drop(request, failure, "given up after \(attempt) attempts")
          return true
        }
        log.write(.retrying, .info, "\(name): \(failure.message); trying again in \(delay)")
        if (try? await clock.sleep(for: delay)) == nil { return false }
        meter.retried()
        attempt += 1
      }
    }
  }

  private func attemptOnce(_ request: EncodedRequest) async -> ExportResult {
    let began = clock.now
    let result = await client.export(request, timeout: settings.timeout)
    meter.attempted(result, clock.now - began)
    return result
  }

  private func succeeded(_ request: EncodedRequest, _ partial: PartialSuccess?) {
    meter.succeeded(request, partial)
    guard let partial else { return }
    log.write(
      .rejected, .warning,
      "\(name): \(partial.rejected) of \(request.itemCount) \(request.signal.item)s were rejected: \(partial.message)")
  }

  private func drop(_ request: EncodedRequest, _ failure: ExportFailure, _ reason: String) {
    meter.failed(request, failure)
    log.write(
      .dropped, .error,
      "\(name): \(request.itemCount) \(request.signal.item)s were dropped, \(reason): \(failure.message)")
  }
}
