// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOPosix
import TestSupport
import Testing
import Transport

@testable import Telemetry

/// What the OTLP specification (1.11) and the table in which we hold it ask of a client, a test for each row. Most of it
/// is about parts alone; against real servers, `ExportPeerTests` has the same rows.
@Suite(.network) struct ClientTableTests {
  // MARK: Retry

  private static func delay(_ attempt: Int, elapsed: Duration = .zero, asked: Duration? = nil, random: Double = 0.5)
    -> Double?
  {
    RetryPolicy().delay(attempt: attempt, elapsed: elapsed, asked: asked, random: random).map { $0 / .seconds(1) }
  }

  @Test func exponentialBackoffFromFiveToThirtySeconds() {
    let delays = (1...7).compactMap { Self.delay($0) }
    #expect(delays == [5, 7.5, 11.25, 16.875, 25.3125, 30, 30])
    #expect(Self.delay(1_000_000) == 30)
  }

  @Test func jitterIsHalfOfTheIntervalEitherWay() {
    #expect(Self.delay(1, random: 0) == 2.5)
    #expect(Self.delay(1, random: 1) == 7.5)
  }

  @Test func threeHundredSecondsInTotal() {
    #expect(Self.delay(1, elapsed: .seconds(295)) == 5)
    #expect(Self.delay(1, elapsed: .seconds(295.001)) == nil)
    var policy = RetryPolicy()
    policy.maxElapsedTime = .zero
    #expect(policy.delay(attempt: 1, elapsed: .seconds(86_400), asked: nil, random: 0.5) == .seconds(5))
    policy.enabled = false
    #expect(policy.delay(attempt: 1, elapsed: .zero, asked: .seconds(1), random: 0.5) == nil)
  }

  @Test func obeyRetryInfoAndRetryAfter() {
    #expect(Self.delay(1, asked: .seconds(60)) == 60)
    #expect(Self.delay(1, asked: .seconds(1)) == 5)
    #expect(Self.delay(1, asked: .seconds(301)) == nil)
  }

  private static let retryableCodes: Set<GRPCStatusCode> = [
    .cancelled, .deadlineExceeded, .aborted, .outOfRange, .unavailable, .dataLoss,
  ]

  @Test(arguments: GRPCStatusCode.allCases) func retryOnTheseCodes(code: GRPCStatusCode) {
    let isRetryable = Self.retryableCodes.contains(code)
    #expect(RetryableStatus.isRetryable(grpc: code.rawValue, hasRetryInfo: false) == isRetryable)
    // RESOURCE_EXHAUSTED only with RetryInfo.
    let withRetryInfo = isRetryable || code == .resourceExhausted
    #expect(RetryableStatus.isRetryable(grpc: code.rawValue, hasRetryInfo: true) == withRetryInfo)
  }

  @Test func retryOnTheseHTTPStatuses() {
    #expect((100...599).filter { RetryableStatus.isRetryable(http: $0) } == [429, 502, 503, 504])
  }

  // MARK: Connections and queue

  @Test func timeoutTenSeconds() throws {
    #expect(DeliverySettings().timeout == .seconds(10))
    #expect(try ExporterEnvironment([:]).timeout(for: .traces) == nil, "nothing said leaves the default")
  }

  @Test(arguments: ExportProtocol.allCases) func keepConnectionsAlive(kind: ExportProtocol) async throws {
    let fixture = try await ReceiverFixture()
    let port = kind == .grpc ? fixture.grpcPort : fixture.httpPort
    let settings = ConnectionSettings(kind, Endpoint(host: "127.0.0.1", port: port))
    let group = MultiThreadedEventLoopGroup.singleton
    let client: any ExportClient =
      kind == .grpc ? try GRPCExportClient(settings, group: group) : try HTTPExportClient(settings, group: group)
    for _ in 0..<5 { #expect(await client.export(try .metrics(["a"]), timeout: .seconds(60)) == .success(nil)) }
    let server = kind == .grpc ? fixture.receiver.grpc : fixture.receiver.http
    #expect(server?.connections.connectionsAccepted == 1)
    #expect(fixture.items(.metrics) == 5)
    await client.shutdown()
    await fixture.stop()
  }

  /// A far end that does not answer: the queue fills, and what comes then is refused at once, and counted.
  @Test func boundedQueueDropsCountedNeverBlocksTheAgent() async throws {
    let client = FakeClient { _ in
      try? await Task.sleep(for: .seconds(60))
      return .unavailable
    }
    let queue = MemoryQueue(capacity: 50)
    let exporter = OTLPExporter("otlp", DeliverySettings(), queue: queue, client: client, logger: .silent)
    let running = Task { await exporter.run() }
    let began = ContinuousClock.now
    var refused = 0
    for number in 0..<1000 {
      let reason = refusal { () throws(Refusal) in try exporter.add(.numbered(number)) }
      if reason != nil {
        #expect(reason == .overloaded(retryAfter: .seconds(1)))
        refused += 1
      }
    }
    #expect(ContinuousClock.now - began < .seconds(30), "and not the sixty that the far end takes")
    #expect(refused == 950)
    let counts = exporter.statistics.queue
    #expect(counts.capacity == 50 && counts.size == 50 && counts.accepted == 50 && counts.refusedFull == 950)
    running.cancel()
    await running.value
    // What was taken and not sent is counted as well.
    #expect(exporter.statistics.remainder?.requestCount == 50)
  }

  // MARK: Settings and names

  @Test func standardEnvironmentVariables() throws {
    let environment = ExporterEnvironment([
      "OTEL_EXPORTER_OTLP_ENDPOINT": "https://collector:4317", "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc",
      "OTEL_EXPORTER_OTLP_HEADERS": "authorization=Bearer%206f1a", "OTEL_EXPORTER_OTLP_CERTIFICATE": "/ca.pem",
      "OTEL_EXPORTER_OTLP_COMPRESSION": "gzip", "OTEL_EXPORTER_OTLP_TIMEOUT": "2500",
    ])
    let settings = try environment.connection(for: .metrics)
    #expect(settings.endpoint == Endpoint(isTLS: true, host: "collector", port: 4317))
    #expect(settings.headers == [.init("authorization", "Bearer 6f1a")])
    #expect(settings.exportProtocol == .grpc && settings.compression == .gzip && settings.tls.caFile == "/ca.pem")
    #expect(try environment.timeout(for: .metrics) == .milliseconds(2500))
  }

  /// `otel.sdk.exporter.NAME.{exported,inflight}`, as the semantic conventions for SDKs have it.
  @Test func ownExporterIsCalledAsTheConventionsHaveIt() {
    #expect(Signal.traces.exporterMetricName == "span")
    #expect(Signal.metrics.exporterMetricName == "metric_data_point")
    #expect(Signal.logs.exporterMetricName == "log")
  }
}
