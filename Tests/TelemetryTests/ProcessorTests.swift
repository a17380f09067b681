// SPDX-License-Identifier: Apache-2.0

import NIOCore
import OTLP
import Telemetry
import Testing

/// What comes out of a pipeline with one processor.
private func through(_ processor: any Processor, _ signal: Signal, _ bytes: ByteBuffer) throws -> EncodedRequest? {
  let sink = RecordingSink()
  let fanOut = FanOut([Pipeline("\(signal)", signal, processors: [processor], sinks: [sink])])
  var decoder = try Decoder()
  _ = try fanOut.consume(bytes, as: .protobuf, signal, ReceiveContext(), &decoder)
  #expect(sink.reserved == 0)
  return sink.taken.first
}

/// The attributes of the first resource, as `key=value`.
private func resourceAttributes(_ bytes: ByteBuffer) throws -> [String] {
  var decoder = try Decoder()
  let request = try decoder.decode(Metrics.ExportRequest.self, from: bytes.readableBytesSpan)
  guard let resource = request.resourceMetrics[0].resource else { return [] }
  return names(resource.attributes)
}

private func pointAttributes(_ bytes: ByteBuffer) throws -> [String] {
  var decoder = try Decoder()
  let request = try decoder.decode(Metrics.ExportRequest.self, from: bytes.readableBytesSpan)
  guard case .sum(let sum) = request.resourceMetrics[0].scopeMetrics[0].metrics[0].data else { return [] }
  return names(sum.dataPoints[0].attributes)
}

private func names(_ attributes: List<Common.KeyValue>) -> [String] {
  var names: [String] = []
  attributes.forEach {
    let value = $0.value?.text?.string ?? $0.value?.integer.map { "\($0)" } ?? "?"
    names.append("\($0.key.string)=\(value)")
  }
  return names
}

struct ProcessorTests {
  @Test func insertAddsWhereThereIsNone() throws {
    let processor = ResourceProcessor([
      AttributeAction(.insert, "service.name", .text("other")), AttributeAction(.insert, "cluster", .text("c1")),
    ])
    let request = try #require(try through(processor, .metrics, Requests.metrics()))
    #expect(try resourceAttributes(request.protobuf) == ["service.name=checkout", "cluster=c1"])
  }

  @Test func updateChangesWhatIsThere() throws {
    let processor = ResourceProcessor([
      AttributeAction(.update, "service.name", .integer(7)), AttributeAction(.update, "cluster", .text("c1")),
    ])
    let request = try #require(try through(processor, .metrics, Requests.metrics()))
    #expect(try resourceAttributes(request.protobuf) == ["service.name=7"])
  }

  @Test func upsertDoesBoth() throws {
    let processor = ResourceProcessor([
      AttributeAction(.upsert, "service.name", .text("other")), AttributeAction(.upsert, "cluster", .text("c1")),
    ])
    let request = try #require(try through(processor, .metrics, Requests.metrics()))
    #expect(try resourceAttributes(request.protobuf) == ["service.name=other", "cluster=c1"])
  }

  @Test func aValueComesFromAnotherAttribute() throws {
    let processor = ResourceProcessor([
      AttributeAction(.insert, "peer", .attribute("service.name")),
      AttributeAction(.insert, "nothing", .attribute("missing")),
      AttributeAction(.delete, "service.name"),
    ])
    let request = try #require(try through(processor, .metrics, Requests.metrics()))
    #expect(try resourceAttributes(request.protobuf) == ["peer=checkout"])
  }

  @Test func attributesActsOnDataPoints() throws {
    let processor = AttributesProcessor([AttributeAction(.delete, "zone"), AttributeAction(.insert, "a", .text("b"))])
    let request = try #require(try through(processor, .metrics, Requests.metrics()))
    #expect(try pointAttributes(request.protobuf) == ["a=b"])
    #expect(try resourceAttributes(request.protobuf) == ["service.name=checkout"])
  }

  @Test func whatNoActionFitsIsPassedOnByteForByte() throws {
    let bytes = try Requests.metrics()
    let request = try #require(try through(AttributesProcessor([AttributeAction(.delete, "none")]), .metrics, bytes))
    #expect(request.protobuf == bytes)
  }

  @Test func detectorsFillInWhatTheSenderHasNotSaid() throws {
    let environment = [
      "OTEL_RESOURCE_ATTRIBUTES": "service.name=wrong, deployment=blue%20green,broken", "K8S_NODE_NAME": "node-a",
    ]
    let processor = ResourceDetectionProcessor(
      [.env, .k8snode, .system], overrides: false, environment: environment,
      host: HostFacts(attributes: [("host.name", "h1")]))
    let request = try #require(try through(processor, .metrics, Requests.metrics()))
    #expect(
      try resourceAttributes(request.protobuf) == [
        "service.name=checkout", "deployment=blue green", "k8s.node.name=node-a", "host.name=h1",
      ])
  }

  @Test func theMachineHasAName() {
    let names = HostFacts.current().attributes.map(\.key)
    #expect(names.contains("host.name") && names.contains("os.type"))
  }

  @Test(arguments: [0.0, 10, 50, 100]) func theSamplerKeepsItsShareOfTraces(percentage: Double) throws {
    let bytes = try Requests.traces(count: 10_000)
    let kept = try through(ProbabilisticSampler(percentage: percentage), .traces, bytes)?.itemCount ?? 0
    #expect(abs(Double(kept) - percentage * 100) <= 150)
  }

  @Test func twoSamplersKeepTheSameTraces() throws {
    let bytes = try Requests.traces(count: 1_000)
    let few = try #require(try through(ProbabilisticSampler(percentage: 20), .traces, bytes))
    let again = try #require(try through(ProbabilisticSampler(percentage: 40), .traces, few.protobuf))
    #expect(again.itemCount == few.itemCount, "what 20 % keep, 40 % keep as well")
  }
}
