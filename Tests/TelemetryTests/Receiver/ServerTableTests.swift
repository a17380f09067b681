// SPDX-License-Identifier: Apache-2.0

import Foundation
import NIOCore
import OTLP
import Telemetry
import TestSupport
import Testbed
import Testing
import Transport

/// What the OTLP specification (1.11) asks of a server, a test for each row of the table in which we hold it: both
/// protocols, real clients.
@Suite(.network, .enabled(if: PeerPython.hasTelemetrySDK, "\(PeerPython.missingSDK)"))
struct ServerTableTests {
  private static let json = "application/json"

  @Test func route() async throws {
    let fixture = try await ReceiverFixture()
    let answers = try await RawCall.make(
      Signal.allCases.flatMap { signal -> [RawCall] in
        [
          .grpc(fixture.grpcPort, signal.exportMethod, ByteBuffer()),
          .http(fixture.httpPort, signal.path, ByteBuffer()),
        ]
      } + [
        .http(fixture.httpPort, "/v1/profiles", ByteBuffer()),
        .http(fixture.httpPort, "/v1/metrics?x=1", ByteBuffer()),
      ])
    #expect(answers.map(\.status) == [0, 200, 0, 200, 0, 200, 0, 200, 200, 200])
    let wrong = try await RawCall.make([
      .grpc(fixture.grpcPort, "/opentelemetry.proto.collector.metrics.v1.MetricsService/Import", ByteBuffer()),
      .http(fixture.httpPort, "/v2/metrics", ByteBuffer()),
      .http(fixture.httpPort, "/v1/metrics", ByteBuffer(), method: "GET"),
    ])
    #expect(wrong[0].code == .unimplemented)
    #expect(wrong[1].status == 404)
    #expect(wrong[2].status == 405)
    #expect(wrong[2].fields["allow"] == "POST")
    await fixture.stop()
  }

  @Test func encoding() async throws {
    let fixture = try await ReceiverFixture()
    let protobuf = try Requests.metrics()
    var decoder = try Decoder()
    let text = try decoder.decode(Metrics.ExportRequest.self, from: protobuf.readableBytesSpan).json()
    let jsonBytes = ByteBuffer(bytes: text)
    let gzip = ["Content-Encoding": "gzip"]
    let answers = try await RawCall.make([
      .grpc(fixture.grpcPort, Signal.metrics.exportMethod, protobuf),
      .grpc(fixture.grpcPort, Signal.metrics.exportMethod, protobuf, gzip: true),
      .http(fixture.httpPort, Signal.metrics.path, protobuf),
      .http(fixture.httpPort, Signal.metrics.path, try Gzip.compress(protobuf), headers: gzip),
      .http(fixture.httpPort, Signal.metrics.path, jsonBytes, type: "application/json; charset=utf-8"),
      .http(fixture.httpPort, Signal.metrics.path, try Gzip.compress(jsonBytes), type: Self.json, headers: gzip),
    ])
    #expect(answers.map(\.status) == [0, 0, 200, 200, 200, 200])
    #expect(answers[2...3].allSatisfy { $0.fields["content-type"] == "application/x-protobuf" })
    #expect(answers[4...5].allSatisfy { $0.fields["content-type"] == Self.json && $0.text == "{}" })
    #expect(fixture.sinks[.metrics]?.taken.map(\.protobuf) == [ByteBuffer](repeating: protobuf, count: 6))
    let wrong = try await RawCall.make([
      .http(fixture.httpPort, Signal.metrics.path, protobuf, type: "text/plain"),
      .http(fixture.httpPort, Signal.metrics.path, protobuf, headers: ["Content-Encoding": "br"]),
    ])
    #expect(wrong.map(\.status) == [415, 415])
    await fixture.stop()
  }

  @Test func requestLimitAlsoAfterDecompression() async throws {
    let fixture = try await ReceiverFixture { $0.requestBytesMax = 100_000 }
    let large = ByteBuffer(repeating: 0, count: 100_001)
    let gzip = ["Content-Encoding": "gzip"]
    let answers = try await RawCall.make([
      .grpc(fixture.grpcPort, Signal.metrics.exportMethod, large),
      .grpc(fixture.grpcPort, Signal.metrics.exportMethod, large, gzip: true),
      .http(fixture.httpPort, Signal.metrics.path, large),
      .http(fixture.httpPort, Signal.metrics.path, try Gzip.compress(large), headers: gzip),
    ])
    #expect(answers[0...1].allSatisfy { $0.code == .resourceExhausted && $0.rpcStatus?.details.retryDelay == nil })
    #expect(answers[2...3].allSatisfy { $0.status == 413 && $0.fields["retry-after"] == nil })
    #expect(fixture.items(.metrics) == 0)
    await fixture.stop()
    #expect(fixture.budget.reservedBytes == 0)
    #expect(OTLPServerSettings(host: "", port: 0).requestBytesMax == 64 << 20)
  }

  @Test func success() async throws {
    let fixture = try await ReceiverFixture()
    let answers = try await RawCall.make([
      .grpc(fixture.grpcPort, Signal.traces.exportMethod, try Requests.traces(count: 3)),
      .http(fixture.httpPort, Signal.traces.path, try Requests.traces(count: 3)),
      .grpc(fixture.grpcPort, Signal.traces.exportMethod, ByteBuffer()),
      .http(fixture.httpPort, Signal.traces.path, ByteBuffer()),
    ])
    #expect(answers.map(\.status) == [0, 200, 0, 200])
    #expect(answers.allSatisfy { $0.body.isEmpty }, "partial_success is unset")
    #expect(fixture.items(.traces) == 6)
    await fixture.stop()
  }

  @Test func partial() async throws {
    let fixture = try await ReceiverFixture()
    let message = try MessageBuilder<Traces.ExportRequest.Builder> { request in
      let spans = request.resourceSpans.append().scopeSpans.append().spans
      for length in [16, 3, 16, 0] {
        spans.append {
          $0.traceId = [UInt8](repeating: 1, count: length); $0.spanId = [UInt8](repeating: 2, count: 8)
        }
      }
    }
    let bytes = ByteBuffer(bytes: try message.protobuf())
    let text = ByteBuffer(bytes: try message.json())
    let answers = try await RawCall.make([
      .grpc(fixture.grpcPort, Signal.traces.exportMethod, bytes),
      .http(fixture.httpPort, Signal.traces.path, bytes),
      .http(fixture.httpPort, Signal.traces.path, text, type: Self.json),
    ])
    #expect(answers.map(\.status) == [0, 200, 200])
    for answer in answers[0...1] {
      var decoder = try Decoder()
      let response = try decoder.decode(Traces.ExportResponse.self, from: [UInt8](answer.body).span.bytes)
      #expect(response.partialSuccess?.rejectedSpans == 2)
      #expect(response.partialSuccess?.errorMessage.string.contains("16 bytes") == true)
    }
    #expect(answers[2].text.contains(#""rejectedSpans":"2""#), "\(answers[2].text)")
    #expect(fixture.items(.traces) == 6)
    await fixture.stop()
  }

  @Test func badData() async throws {
    let fixture = try await ReceiverFixture()
    let garbage = ByteBuffer(bytes: [0x0A, 0x7F, 1, 2, 3])
    let badText = ByteBuffer(bytes: [0x0A, 0x04, 0x1A, 0x02, 0xFF, 0xFE])
    let answers = try await RawCall.make([
      .grpc(fixture.grpcPort, Signal.metrics.exportMethod, garbage),
      .grpc(fixture.grpcPort, Signal.metrics.exportMethod, badText),
      .http(fixture.httpPort, Signal.metrics.path, garbage),
      .http(fixture.httpPort, Signal.metrics.path, badText),
      .http(fixture.httpPort, Signal.metrics.path, ByteBuffer(string: #"{"resourceMetrics": 1}"#), type: Self.json),
      .http(fixture.httpPort, Signal.metrics.path, garbage, headers: ["Content-Encoding": "gzip"]),
    ])
    #expect(answers.map(\.status) == [3, 3, 400, 400, 400, 400])
    #expect(answers[0].message.contains("resourceMetrics"), "\(answers[0].message)")
    #expect(answers[1].message.contains("UTF-8"), "\(answers[1].message)")
    for answer in [answers[2], answers[3], answers[5]] {
      #expect(answer.rpcStatus?.code == 3)
      #expect(answer.rpcStatus?.message.isEmpty == false)
    }
    #expect(answers[4].text.contains(#""code":3"#), "every 4xx body is google.rpc.Status: \(answers[4].text)")
    await fixture.stop()
    #expect(fixture.budget.reservedBytes == 0)
  }

  @Test func overload() async throws {
    let refusal = Refusal(.overloaded(retryAfter: .seconds(3)), "the queue is full")
    let fixture = try await ReceiverFixture(refusing: refusal)
    let bytes = try Requests.metrics()
    let answers = try await RawCall.make([
      .grpc(fixture.grpcPort, Signal.metrics.exportMethod, bytes), .http(fixture.httpPort, Signal.metrics.path, bytes),
    ])
    #expect(answers[0].code == .unavailable)
    #expect(answers[0].rpcStatus?.details.retryDelay == .seconds(3))
    #expect(answers[1].status == 503)
    #expect(answers[1].fields["retry-after"] == "3")
    #expect(answers[1].rpcStatus?.code == 14)
    await fixture.stop()
  }

  @Test func overloadOfMemoryIsSaidBeforeDecoding() async throws {
    let fixture = try await ReceiverFixture(budgetBytes: 50_000)
    // It could not be decoded either, which nobody gets to see.
    let garbage = ByteBuffer(repeating: 0xFF, count: 60_000)
    let answers = try await RawCall.make([
      .grpc(fixture.grpcPort, Signal.metrics.exportMethod, garbage),
      .http(fixture.httpPort, Signal.metrics.path, garbage),
    ])
    #expect(answers[0].code == .unavailable)
    #expect(answers[0].rpcStatus?.details.retryDelay != nil)
    #expect(answers[1].status == 503)
    #expect(answers[1].fields["retry-after"] != nil)
    await fixture.stop()
    #expect(fixture.budget.reservedBytes == 0)
  }
}
