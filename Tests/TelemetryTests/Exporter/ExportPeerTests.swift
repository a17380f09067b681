// SPDX-License-Identifier: Apache-2.0

import NIOCore
import OTLP
import TestSupport
import Testbed
import Testing

@testable import Telemetry

/// The clients against OpenTelemetry's own messages, grpcio and Python's HTTP server.
@Suite(.network, .enabled(if: PeerPython.hasTelemetrySDK, "\(PeerPython.missingSDK)")) struct ExportPeerTests {
  private static func status(_ protocol: ExportProtocol, _ name: String, _ code: Int) -> String {
    `protocol` == .grpc ? "\"\(name)\"" : "\(code)"
  }

  /// Sends one request and waits for what becomes of it.
  private static func send(
    _ farEnd: FarEnd, items: [String] = ["a", "b"], timeout: Duration = .seconds(60)
  ) async throws -> ExporterStatistics {
    let exporter = try farEnd.exporter(MemoryQueue(capacity: 10), timeout: timeout)
    try exporter.add(.metrics(items))
    exporter.beginShutdown()
    await exporter.run()
    return exporter.statistics
  }

  @Test(arguments: ExportProtocol.allCases)
  func requestsArriveWithTheirHeaders(kind: ExportProtocol) async throws {
    let farEnd = try await FarEnd(kind)
    for compression in ExportCompression.allCases {
      let client = try farEnd.client {
        $0.compression = compression
        $0.headers = [.init("Authorization", "Bearer token"), .init("x-scope", "shop")]
      }
      let traces = EncodedRequest(signal: .traces, protobuf: try Requests.traces(count: 3), itemCount: 3)
      let logs = try MessageBuilder<Logs.ExportRequest.Builder> { request in
        request.resourceLogs.append { $0.scopeLogs.append().logRecords.append { $0.severityText = "INFO" } }
      }
      let log = EncodedRequest(signal: .logs, protobuf: ByteBuffer(bytes: try logs.protobuf()), itemCount: 1)
      for request in [try .metrics(["a", "b"]), traces, log] {
        #expect(await client.export(request, timeout: .seconds(60)) == .success(nil))
      }
      await client.shutdown()
    }
    let entries = try farEnd.entries
    #expect(entries.map(\.signal) == ["metrics", "traces", "logs", "metrics", "traces", "logs"])
    #expect(entries[0].services == ["a", "b"])
    #expect(entries.allSatisfy { $0.headers["authorization"] == "Bearer token" && $0.headers["x-scope"] == "shop" })
    #expect(entries.allSatisfy { $0.headers["user-agent"]?.hasPrefix("OTel-OTLP-Exporter-Swerve") == true })
    if kind != .grpc {
      #expect(entries.map { $0.headers["content-encoding"] } == [nil, nil, nil, "gzip", "gzip", "gzip"])
      #expect(entries.map(\.path).prefix(3) == ["/v1/metrics", "/v1/traces", "/v1/logs"])
    }
  }

  @Test(arguments: ExportProtocol.allCases)
  func aPartialSuccessIsNotSentAgain(kind: ExportProtocol) async throws {
    let farEnd = try await FarEnd(kind, plan: #"[{"rejected": 1, "message": "too old"}]"#)
    let statistics = try await Self.send(farEnd)
    #expect(try farEnd.entries.count == 1)
    #expect(statistics.items[.metrics]?.exported == 1)
    #expect(statistics.items[.metrics]?.failed == ["rejected": 1])
  }

  @Test(arguments: ExportProtocol.allCases)
  func thePauseThatTheServerAsksForIsObeyed(kind: ExportProtocol) async throws {
    let code = Self.status(kind, "UNAVAILABLE", 503)
    let farEnd = try await FarEnd(kind, plan: #"[{"code": \#(code), "delay": 0.9, "header": "1"}]"#)
    let statistics = try await Self.send(farEnd)
    let times = try farEnd.entries.map(\.time)
    try #require(times.count == 2)
    #expect(times[1] - times[0] > 0.89)
    #expect(statistics.items[.metrics]?.exported == 2 && statistics.retries == 1)
  }

  @Test(arguments: ExportProtocol.allCases)
  func exhaustedResourcesAreAnotherAttemptWorthWhenTheServerSaysWhen(kind: ExportProtocol) async throws {
    let code = Self.status(kind, "RESOURCE_EXHAUSTED", 429)
    let plan = #"[{"code": \#(code), "delay": 0.05, "header": "0"}, {"code": \#(code)}]"#
    let farEnd = try await FarEnd(kind, plan: plan)
    let statistics = try await Self.send(farEnd)
    // Without RetryInfo gRPC's is final; HTTP's 429 is not.
    #expect(try farEnd.entries.count == (kind == .grpc ? 2 : 3))
    #expect(statistics.items[.metrics]?.failed == (kind == .grpc ? ["RESOURCE_EXHAUSTED": 2] : [:]))
  }

  @Test(arguments: ExportProtocol.allCases)
  func badDataIsDroppedWithWhatTheServerSays(kind: ExportProtocol) async throws {
    let code = Self.status(kind, "INVALID_ARGUMENT", 400)
    let farEnd = try await FarEnd(kind, plan: #"[{"code": \#(code)}]"#)
    let result = try await farEnd.client().export(.metrics(["a"]), timeout: .seconds(10))
    let failure = ExportFailure(
      kind == .grpc ? "INVALID_ARGUMENT" : "400", kind == .grpc ? "INVALID_ARGUMENT: planned" : "HTTP 400: planned")
    #expect(result == .permanent(failure))
  }

  @Test(arguments: ExportProtocol.allCases)
  func anAnswerThatIsLateIsNotWaitedFor(kind: ExportProtocol) async throws {
    let farEnd = try await FarEnd(kind, plan: #"[{"sleep": 60}]"#)
    let began = ContinuousClock.now
    let statistics = try await Self.send(farEnd, timeout: .milliseconds(300))
    #expect(ContinuousClock.now - began < .seconds(30))
    let late = statistics.operationDuration[kind == .grpc ? "DEADLINE_EXCEEDED" : "timeout"]
    #expect(late.map { $0.count >= 1 } == true)
    #expect(statistics.items[.metrics]?.exported == 2)
  }

  @Test func whatAProxyAnswersIsShownInPart() async throws {
    let page = "<html>Bad gateway" + String(repeating: ".", count: 500)
    let farEnd = try await FarEnd(
      .httpProtobuf, plan: #"[{"code": 502, "type": "text/html", "body": "\#(page)"}, {"body": "junk"}]"#)
    let client = try farEnd.client()
    let failure = ExportFailure("502", "HTTP 502: \(page.prefix(200))")
    #expect(try await client.export(.metrics(["a"]), timeout: .seconds(10)) == .retryable(failure, after: nil))
    // It has arrived, whatever that is.
    #expect(try await client.export(.metrics(["a"]), timeout: .seconds(60)) == .success(nil))
  }

  @Test(arguments: ExportProtocol.allCases) func nobodyThereIsWorthAnotherAttempt(kind: ExportProtocol) async throws {
    let farEnd = try await FarEnd(kind)
    farEnd.kill()
    guard case .retryable = try await farEnd.client().export(.metrics(["a"]), timeout: .milliseconds(500)) else {
      Issue.record("not retryable")
      return
    }
  }

  @Test(
    .enabled(if: Programs.find("openssl") != nil, "openssl is not installed"),
    arguments: [ExportProtocol.grpc, .httpProtobuf])
  func certificatesAreShownBothWays(kind: ExportProtocol) async throws {
    let farEnd = try await FarEnd(kind, tls: try SelfSigned())
    #expect(try await farEnd.client().export(.metrics(["a"]), timeout: .seconds(60)) == .success(nil))
    if kind == .grpc { #expect(try farEnd.entries.first?.client == "far-end") }
    // Without a certificate of its own, and with nobody it trusts.
    for change: @Sendable (inout ConnectionSettings) -> Void in [
      {
        $0.tls.certFile = nil
        $0.tls.keyFile = nil
      }, { $0.tls.caFile = nil },
    ] {
      guard case .retryable = try await farEnd.client(change).export(.metrics(["b"]), timeout: .seconds(1)) else {
        Issue.record("was sent")
        return
      }
    }
    #expect(try farEnd.entries.count == 1)
  }

  @Test func filesAndHeadersThatCannotBeUsedAreNamed() async throws {
    var settings = ConnectionSettings(.grpc, Endpoint(isTLS: true, host: "localhost", port: 1))
    settings.tls.caFile = "/no/such/file"
    #expect(Self.fault(settings).hasPrefix("tls: /no/such/file"))
    settings = ConnectionSettings(.grpc, Endpoint(host: "localhost", port: 1))
    settings.headers = [.init("a b", "1")]
    #expect(Self.fault(settings).hasPrefix("headers: `a b` cannot be"))
    settings.headers = [.init("authorization", "secret\n")]
    #expect(
      Self.fault(settings) == "headers: the value of `authorization` has characters that a header field cannot have")
  }

  private static func fault(_ settings: ConnectionSettings) -> String {
    do {
      _ = try GRPCExportClient(settings, group: .singletonMultiThreadedEventLoopGroup)
      return ""
    } catch {
      return error.message
    }
  }
}
