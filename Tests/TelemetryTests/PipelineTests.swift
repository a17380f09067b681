// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import NIOCore
import OTLP
import Synchronization
import Telemetry
import Testing

struct PipelineTests {
  private func consume(
    _ fanOut: FanOut, _ bytes: ByteBuffer, _ encoding: MessageEncoding = .protobuf,
    _ context: ReceiveContext = ReceiveContext()
  ) throws -> Int {
    var decoder = try Decoder()
    return try fanOut.consume(bytes, as: encoding, .metrics, context, &decoder).accepted
  }

  @Test func aRequestReachesEverySinkAsItCame() throws {
    let sinks = [RecordingSink(), RecordingSink()]
    let fanOut = FanOut([
      Pipeline("metrics", .metrics, sinks: [sinks[0]]), Pipeline("metrics/2", .metrics, sinks: [sinks[1]]),
    ])
    let bytes = try Requests.metrics(services: ["a", "b"])
    #expect(try consume(fanOut, bytes) == 2)
    for sink in sinks { #expect(sink.taken == [EncodedRequest(signal: .metrics, protobuf: bytes, itemCount: 2)]) }
  }

  @Test func jsonLeavesAsProtobuf() throws {
    let sink = RecordingSink()
    let bytes = try Requests.metrics()
    var decoder = try Decoder()
    let json = ByteBuffer(bytes: try decoder.decode(Metrics.ExportRequest.self, from: bytes.readableBytesSpan).json())
    #expect(try consume(FanOut([Pipeline("metrics", .metrics, sinks: [sink])]), json, .json) == 1)
    #expect(sink.taken.first?.protobuf == bytes)
  }

  @Test func whatOneRefusesNoneTakes() throws {
    let refusal = Refusal(.overloaded(retryAfter: .seconds(1)), "the queue is full")
    let open = RecordingSink()
    let fanOut = FanOut([
      Pipeline("metrics", .metrics, sinks: [open]),
      Pipeline("metrics/2", .metrics, sinks: [RecordingSink(refusing: refusal)]),
    ])
    #expect(throws: refusal) { try consume(fanOut, try Requests.metrics()) }
    #expect(open.taken.isEmpty)
    #expect(open.reserved == 0)
  }

  @Test func aSinkThatFailsLateMakesTheSenderTryAgain() throws {
    let failure = Refusal(.unavailable, "no space left on device")
    let last = RecordingSink()
    let fanOut = FanOut([Pipeline("metrics", .metrics, sinks: [RecordingSink(failing: failure), last])])
    #expect(throws: failure) { try consume(fanOut, try Requests.metrics()) }
    #expect(last.taken.isEmpty)
    #expect(last.reserved == 0)
  }

  @Test func oneProcessorsChangesAreNotSeenByOtherPipelines() throws {
    let plain = RecordingSink()
    let changed = RecordingSink()
    let processor = ResourceProcessor([AttributeAction(.insert, "cluster", .text("c1"))])
    let fanOut = FanOut([
      Pipeline("metrics/1", .metrics, processors: [processor], sinks: [changed]),
      Pipeline("metrics/2", .metrics, sinks: [plain]),
    ])
    let bytes = try Requests.metrics()
    _ = try consume(fanOut, bytes)
    #expect(plain.taken.first?.protobuf == bytes)
    #expect(changed.taken.first?.protobuf != bytes)
  }

  @Test func whatCannotBeReadIsInvalidAndNamesThePlace() throws {
    let fanOut = FanOut([Pipeline("metrics", .metrics, sinks: [RecordingSink()])])
    #expect { try consume(fanOut, ByteBuffer(bytes: [0x0A, 0x05, 0x01])) } throws: { error in
      (error as? Refusal)?.reason == .invalid && "\(error)".contains("resourceMetrics")
    }
  }

  @Test func anEmptyRequestGoesNowhereAndSucceeds() throws {
    let sink = RecordingSink()
    #expect(try consume(FanOut([Pipeline("metrics", .metrics, sinks: [sink])]), ByteBuffer()) == 0)
    #expect(sink.taken.isEmpty)
  }

  @Test func whatNoBackendCouldStoreIsRejectedAndTheRestTaken() throws {
    let message = try MessageBuilder<Traces.ExportRequest.Builder> { request in
      let spans = request.resourceSpans.append().scopeSpans.append().spans
      for (trace, span) in [(16, 8), (15, 8), (16, 0), (0, 0)] {
        spans.append {
          $0.traceId = [UInt8](repeating: 1, count: trace); $0.spanId = [UInt8](repeating: 2, count: span)
        }
      }
      spans.append {
        $0.traceId = [UInt8](repeating: 0, count: 16); $0.spanId = [UInt8](repeating: 2, count: 8)
      }
    }
    let sink = RecordingSink()
    let fanOut = FanOut([Pipeline("traces", .traces, sinks: [sink])])
    var decoder = try Decoder()
    let bytes = ByteBuffer(bytes: try message.protobuf())
    let taken = try fanOut.consume(bytes, as: .protobuf, .traces, ReceiveContext(), &decoder)
    #expect(taken.accepted == 1)
    #expect(taken.rejected == 4)
    #expect(taken.message.contains("16 bytes"))
    #expect(sink.taken.map(\.itemCount) == [1])
  }

  @Test func aConsumerLooksAtTheRequestInPlace() throws {
    let consumer = CountingConsumer()
    let fanOut = FanOut([Pipeline("metrics", .metrics, consumers: [consumer])])
    _ = try consume(fanOut, try Requests.metrics(services: ["a", "b", "c"]))
    #expect(consumer.points.load(ordering: .relaxed) == 3)
  }
}

struct RoutingTests {
  private func route(
    _ rules: [RoutingConnector.Condition], _ context: ReceiveContext, _ bytes: ByteBuffer
  ) throws -> [EncodedRequest?] {
    let sinks = (0...rules.count).map { _ in RecordingSink() }
    let outputs = sinks.enumerated().map { Pipeline("metrics/\($0)", .metrics, sinks: [$1]) }
    let connector = RoutingConnector(
      rules.enumerated().map { RoutingConnector.Rule($1, to: [outputs[$0]]) }, defaultPipelines: [outputs[rules.count]])
    let fanOut = FanOut([Pipeline("metrics", .metrics, routers: [connector])])
    var decoder = try Decoder()
    _ = try fanOut.consume(bytes, as: .protobuf, .metrics, context, &decoder)
    return sinks.map { $0.taken.first }
  }

  @Test func byTenantOrHeader() throws {
    let bytes = try Requests.metrics()
    let rules: [RoutingConnector.Condition] = [.tenant("acme"), .metadata(key: "x-scope-orgid", value: "beta")]
    var fields = HTTPFields()
    if let name = HTTPField.Name("X-Scope-OrgID") { fields[name] = "beta" }
    #expect(try route(rules, ReceiveContext(tenant: "acme"), bytes).map { $0?.itemCount } == [1, nil, nil])
    #expect(try route(rules, ReceiveContext(metadata: fields), bytes).map { $0?.itemCount } == [nil, 1, nil])
    #expect(try route(rules, ReceiveContext(), bytes).map { $0?.itemCount } == [nil, nil, 1])
  }

  @Test func byResourceEachGetsItsOwn() throws {
    let bytes = try Requests.metrics(services: ["a", "b", "a", "c"])
    let rules: [RoutingConnector.Condition] = [
      .resourceAttribute(key: "service.name", value: "a"), .resourceAttribute(key: "service.name", value: "b"),
    ]
    #expect(try route(rules, ReceiveContext(), bytes).map { $0?.itemCount } == [2, 1, 1])
  }
}

/// Counts data points.
final class CountingConsumer: TelemetryConsumer {
  let points = Atomic(0)

  func consume(_ request: TelemetryRequest, _ context: ReceiveContext) throws(Refusal) {
    points.add(request.itemCount, ordering: .relaxed)
  }
}
