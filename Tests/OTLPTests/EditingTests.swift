// SPDX-License-Identifier: Apache-2.0

import OTLP
import Testing

@Suite struct EditingTests {
  @Test func whatIsNotTouchedStaysAsItWas() throws {
    let bytes = try Samples.metrics().protobuf()
    var decoder = try Decoder()
    let request = try decoder.edit(Metrics.ExportRequest.Builder.self, from: bytes.span.bytes)
    #expect(try request.protobuf() == bytes)
  }

  @Test func attributesAreAddedChangedAndTakenOut() throws {
    let bytes = try Samples.metrics().protobuf()
    var decoder = try Decoder()
    let request = try decoder.edit(Metrics.ExportRequest.Builder.self, from: bytes.span.bytes)
    let attributes = request.resourceMetrics[0].resource.attributes
    let taken = attributes.removeAll { $0.view(Common.KeyValue.self).key == "s" }
    #expect(taken == 1)
    attributes.append("host.name", "node-a")
    attributes[0].value.stringValue = "cart"
    let changed = try request.protobuf()
    var reader = try Decoder()
    let read = try reader.decode(Metrics.ExportRequest.self, from: changed.span.bytes)
    let seen = read.resourceMetrics[0].resource?.attributes
    #expect(seen?.count == 3)
    #expect(seen?.value(of: "service.name")?.text?.string == "cart")
    #expect(seen?.value(of: "process.pid")?.integer == 4_711)
    #expect(seen?.value(of: "host.name")?.text?.string == "node-a")
    #expect(read.resourceMetrics[0].scopeMetrics[0].metrics.count == 5)
  }

  @Test func aMessageBecomesACopyOfAnother() throws {
    let bytes = try Samples.metrics().protobuf()
    var decoder = try Decoder()
    let request = try decoder.edit(Metrics.ExportRequest.Builder.self, from: bytes.span.bytes)
    let attributes = request.resourceMetrics[0].resource.attributes
    try attributes[0].value.replace(copying: attributes[1].value.view(Common.AnyValue.self))
    attributes[1].value.intValue = 1
    #expect(attributes[0].value.intValue == 4_711)
  }

  @Test func aOneofKeepsTheMemberThatIsAskedFor() throws {
    let bytes = try Samples.metrics().protobuf()
    var decoder = try Decoder()
    let request = try decoder.edit(Metrics.ExportRequest.Builder.self, from: bytes.span.bytes)
    let sum = request.resourceMetrics[0].scopeMetrics[0].metrics[1].sum
    #expect(sum.dataPoints.count == 2)
    sum.dataPoints.removeAll { $0.asInt == .max }
    #expect(sum.dataPoints.count == 1)
    #expect(sum.dataPoints[0].asInt == -3)
  }

  @Test func listsGrowBeyondTheRoomTheyWereReadInto() throws {
    let bytes = try Samples.traces().protobuf()
    var decoder = try Decoder()
    let request = try decoder.edit(Traces.ExportRequest.Builder.self, from: bytes.span.bytes)
    let before = request.resourceSpans[0].scopeSpans[0].spans.count
    for index in 0..<100 { request.resourceSpans[0].scopeSpans[0].spans.append { $0.name = "span \(index)" } }
    let changed = try request.protobuf()
    var reader = try Decoder()
    let read = try reader.decode(Traces.ExportRequest.self, from: changed.span.bytes)
    let spans = read.resourceSpans[0].scopeSpans[0].spans
    #expect(spans.count == before + 100)
    #expect(spans[before + 99].name.string == "span 99")
  }

  @Test func memoryThatRunsOutIsAnErrorAndNotAShorterMessage() throws {
    let bytes = try Samples.traces().protobuf()
    var decoder = try Decoder(limits: DecodingLimits(memoryBytesMax: 64 << 10))
    let request = try decoder.edit(Traces.ExportRequest.Builder.self, from: bytes.span.bytes)
    for _ in 0..<1_000 { request.resourceSpans[0].scopeSpans[0].spans.append { $0.name = "a longer name for a span" } }
    do throws(OTLPError) {
      _ = try request.protobuf()
      Issue.record("the message was written")
    } catch {
      #expect(error.code == .tooLarge)
    }
  }
}
