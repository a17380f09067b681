// SPDX-License-Identifier: Apache-2.0

import Testbed
import Testing

@testable import Telemetry

/// An exporter with everything around it replaced.
private struct Rig {
  let clock = ManualClock()
  let client: FakeClient
  let queue: MemoryQueue
  let exporter: OTLPExporter

  init(_ client: FakeClient, consumers: Int = 1, batch: BatchSettings? = nil) {
    self.client = client
    queue = MemoryQueue(capacity: 100, clock: clock)
    var settings = DeliverySettings()
    settings.numConsumers = consumers
    settings.batch = batch
    exporter = OTLPExporter(
      "otlp", settings, queue: queue, client: client, clock: clock, random: { 0.5 }, logger: .silent)
  }

  /// Runs the exporter while the closure does, and then ends it.
  func run(_ body: () async throws -> Void) async throws {
    let running = Task { await exporter.run() }
    // After a failure nobody moves the clock.
    defer { running.cancel() }
    try await body()
    exporter.beginShutdown()
    await running.value
  }

  /// Lets time pass once a consumer waits, besides the tasks that wait anyway.
  func passes(_ duration: Duration) async throws {
    try #require(await eventually { clock.sleeping > 0 })
    clock.advance(by: duration)
  }

  var items: ExporterStatistics.Items { exporter.statistics.items[.metrics] ?? .init() }
}

@Suite struct ExporterTests {
  @Test func requestsAreSentAndCounted() async throws {
    let rig = Rig(FakeClient(), consumers: 4)
    try await rig.run {
      for number in 0..<20 { try rig.exporter.add(.numbered(number, items: 3)) }
      try #require(await eventually { rig.queue.counts.requests == 0 })
    }
    #expect(rig.client.requests.compactMap(\.number).sorted() == Array(0..<20))
    #expect(rig.items.exported == 60 && rig.items.inflight == 0 && rig.items.failed.isEmpty)
    let statistics = rig.exporter.statistics
    #expect(statistics.operationDuration[""]?.count == 20)
    #expect(statistics.queue.size == 0 && statistics.queue.capacity == 100 && statistics.queue.accepted == 20)
    #expect(statistics.remainder == QueueRemainder(requestCount: 0, itemCount: 0, isKept: false))
    #expect(rig.client.isShutDown)
  }

  @Test func aRetryableFailureIsSentAgainAfterTheInterval() async throws {
    let rig = Rig(FakeClient([.unavailable, .unavailable]))
    try await rig.run {
      try rig.exporter.add(.numbered(1))
      try await rig.passes(.seconds(5))
      try await rig.passes(.seconds(7.5))
      try #require(await eventually { rig.queue.counts.requests == 0 })
    }
    #expect(rig.clock.slept.prefix(2) == [.seconds(5), .seconds(7.5)])
    #expect(rig.client.requests.count == 3)
    #expect(rig.items.exported == 1 && rig.items.failed.isEmpty)
    #expect(rig.exporter.statistics.retries == 2)
    #expect(rig.exporter.statistics.operationDuration["UNAVAILABLE"]?.count == 2)
  }

  @Test func whatTheServerAsksForIsObeyed() async throws {
    let rig = Rig(FakeClient([.retryable(ExportFailure("429", "slower"), after: .seconds(42))]))
    try await rig.run {
      try rig.exporter.add(.numbered(1))
      try await rig.passes(.seconds(42))
      try #require(await eventually { rig.queue.counts.requests == 0 })
    }
    #expect(rig.clock.slept.first == .seconds(42))
  }

  @Test func aPermanentFailureIsDroppedAndCounted() async throws {
    let rig = Rig(FakeClient([.invalid]))
    try await rig.run {
      try rig.exporter.add(.numbered(1, items: 7))
      try #require(await eventually { rig.queue.counts.requests == 0 })
    }
    #expect(rig.client.requests.count == 1)
    #expect(rig.items.failed == ["INVALID_ARGUMENT": 7] && rig.items.exported == 0)
  }

  @Test func aPartialSuccessIsCountedAndNeverSentAgain() async throws {
    let rig = Rig(
      FakeClient([
        .success(PartialSuccess(rejected: 2, message: "too old")), .success(PartialSuccess(rejected: 0, message: "hm")),
        .success(PartialSuccess(rejected: 1_000, message: "more than there were")),
      ]))
    try await rig.run {
      for number in 0..<3 { try rig.exporter.add(.numbered(number, items: 10)) }
      try #require(await eventually { rig.queue.counts.requests == 0 })
    }
    #expect(rig.client.requests.count == 3)
    #expect(rig.items.exported == 18 && rig.items.failed == ["rejected": 12])
    #expect(rig.exporter.statistics.partialSuccesses == 3)
  }

  @Test func aRequestIsGivenUpAfterFiveMinutes() async throws {
    let rig = Rig(FakeClient { _ in .unavailable })
    try await rig.run {
      try rig.exporter.add(.numbered(1, items: 7))
      for delay in [5, 7.5, 11.25, 16.875, 25.3125] + [Double](repeating: 30, count: 7) {
        try await rig.passes(.seconds(delay))
      }
      try #require(await eventually { rig.queue.counts.requests == 0 })
    }
    #expect(rig.client.requests.count == 13)
    #expect(rig.items.failed == ["UNAVAILABLE": 7])
  }

  @Test func requestsAreJoinedAndSplit() async throws {
    var batch = BatchSettings()
    batch.minSize = 3
    batch.maxSize = 3
    let rig = Rig(FakeClient(), batch: batch)
    try await rig.run {
      for services in [["a"], ["b", "c"], ["d", "e", "f", "g"]] {
        try rig.exporter.add(
          EncodedRequest(
            signal: .metrics, protobuf: try Requests.metrics(services: services), itemCount: services.count))
      }
      try #require(await eventually { rig.queue.counts.requests == 0 })
    }
    #expect(rig.client.requests.map(\.itemCount) == [3, 2, 2])
    #expect(rig.items.exported == 7)
  }

  @Test func aSmallBatchIsSentAfterTheFlushTimeout() async throws {
    let rig = Rig(FakeClient(), batch: BatchSettings())
    try await rig.run {
      try rig.exporter.add(.numbered(1))
      try await rig.passes(.milliseconds(200))
      try #require(await eventually { rig.queue.counts.requests == 0 })
    }
    #expect(rig.client.requests.count == 1)
  }

  @Test func shutdownSendsWhatIsLeft() async throws {
    let rig = Rig(FakeClient(), batch: BatchSettings())
    for number in 0..<50 { try rig.exporter.add(.numbered(number)) }
    try await rig.run {}
    #expect(rig.client.requests.map(\.itemCount) == [50], "without waiting for a full batch")
    #expect(rig.exporter.statistics.remainder?.requestCount == 0)
    #expect(refusal { () throws(Refusal) in try rig.exporter.reserve(.numbered(1)) } == .unavailable)
  }

  @Test func shutdownEndsInTimeAndCountsWhatIsLost() async throws {
    let rig = Rig(FakeClient { _ in .unavailable })
    for number in 0..<3 { try rig.exporter.add(.numbered(number, items: 2)) }
    let running = Task { await rig.exporter.run() }
    defer { running.cancel() }
    try #require(await eventually { rig.clock.sleeping == 1 })
    rig.exporter.beginShutdown()
    // The one that is being sent again, and the time for the end.
    try #require(await eventually { rig.clock.slept == [.seconds(5), .seconds(5)] && rig.clock.sleeping == 2 })
    rig.clock.advance(by: .seconds(5))
    await running.value
    #expect(rig.exporter.statistics.remainder == QueueRemainder(requestCount: 3, itemCount: 6, isKept: false))
    #expect(rig.client.isShutDown)
  }

  @Test func cancellingEndsAtOnce() async throws {
    let rig = Rig(
      FakeClient { _ in
        try? await Task.sleep(for: .seconds(60))
        return .unavailable
      })
    try rig.exporter.add(.numbered(1))
    let running = Task { await rig.exporter.run() }
    #expect(await eventually { rig.client.requests.count == 1 })
    running.cancel()
    await running.value
    #expect(rig.exporter.statistics.remainder?.requestCount == 1)
    #expect(rig.items.inflight == 0)
  }

  @Test func onDiskWhatWasNotSentIsSentAfterTheNextStart() async throws {
    let files = try QueueFiles()
    let request = EncodedRequest.numbered(1)
    do {
      let client = FakeClient { _ in .unavailable }
      let exporter = OTLPExporter("otlp", DeliverySettings(), queue: try files.open(), client: client, logger: .silent)
      try exporter.add(request)
      let running = Task { await exporter.run() }
      #expect(await eventually { client.requests.count == 1 })
      running.cancel()
      await running.value
      #expect(exporter.statistics.remainder == QueueRemainder(requestCount: 1, itemCount: 1, isKept: true))
    }
    let client = FakeClient()
    let exporter = OTLPExporter("otlp", DeliverySettings(), queue: try files.open(), client: client, logger: .silent)
    exporter.beginShutdown()
    await exporter.run()
    #expect(client.requests == [request])
  }
}

extension OTLPExporter {
  func add(_ request: EncodedRequest) throws(Refusal) {
    try reserve(request)
    try commit(request)
  }
}
