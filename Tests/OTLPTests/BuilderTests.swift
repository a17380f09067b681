// SPDX-License-Identifier: Apache-2.0

import OTLP
import Testing

@Suite struct BuilderTests {
  @Test func whatIsBuiltIsReadAgain() throws {
    let bytes = try Samples.metrics().protobuf()
    var decoder = try Decoder()
    let request = try decoder.decode(Metrics.ExportRequest.self, from: bytes.span.bytes)
    let resource = request.resourceMetrics[0]
    #expect(resource.schemaUrl.string == "https://example.test/schema")
    let isEqual = resource.schemaUrl == "https://example.test/schema"
    #expect(isEqual)
    #expect(resource.resource?.attributes.value(of: "service.name")?.text?.string == "checkout")
    #expect(resource.resource?.attributes.value(of: "process.pid")?.integer == 4_711)
    let isShort = resource.resource?.attributes.value(of: "s")?.text?.string == "t"
    #expect(isShort)
    let isMissing = resource.resource?.attributes.value(of: "missing") == nil
    #expect(isMissing)
    let metrics = resource.scopeMetrics[0].metrics
    var kinds: [String] = []
    for index in metrics.indices {
      switch metrics[index].data {
      case .gauge(let gauge):
        kinds.append("gauge")
        let point = gauge.dataPoints[0]
        #expect(point.timeUnixNano == 1_700_000_000_000_000_000)
        #expect(point.number == 0.25)
        #expect(point.exemplars[0].traceId.hexadecimal == "0102030405060708090a0b0c0d0e0f10")
      case .sum(let sum):
        kinds.append("sum")
        let isMonotonic = sum.isMonotonic
        #expect(isMonotonic)
        #expect(sum.aggregationTemporality == .cumulative)
        #expect(sum.dataPoints.count == 2)
        if case .asInt(let value) = sum.dataPoints[0].value { #expect(value == -3) } else { Issue.record("no number") }
      case .histogram(let histogram):
        kinds.append("histogram")
        let point = histogram.dataPoints[0]
        #expect(point.sum == 1.5)
        #expect(point.min == nil)
        #expect(point.max == .infinity)
        #expect(point.bucketCounts.count == 3)
        #expect(point.bucketCounts[2] == 3)
        #expect(point.explicitBounds[0] == 0.1)
      case .exponentialHistogram(let histogram):
        kinds.append("exponential")
        let point = histogram.dataPoints[0]
        #expect(point.scale == -2)
        #expect(point.positive?.offset == -7)
        #expect(point.positive?.bucketCounts[2] == 70_000)
        let hasNegative = point.negative != nil
        #expect(!hasNegative)
      case .summary(let summary):
        kinds.append("summary")
        #expect(summary.dataPoints[0].quantileValues[0].quantile == 0.5)
      case nil: Issue.record("a metric without data")
      }
    }
    #expect(kinds == ["gauge", "sum", "histogram", "exponential", "summary"])
  }

  @Test func bothEncodingsHoldTheSame() throws {
    let metrics = try Samples.metrics()
    #expect(try Reading.of("metrics", metrics.json(), as: .json).protobuf == metrics.protobuf())
    let traces = try Samples.traces()
    #expect(try Reading.of("traces", traces.json(), as: .json).protobuf == traces.protobuf())
    let logs = try Samples.logs()
    #expect(try Reading.of("logs", logs.json(), as: .json).protobuf == logs.protobuf())
  }

  @Test func jsonIsAsTheSpecificationWritesIt() throws {
    let text = String(decoding: try Samples.traces().json(), as: UTF8.self)
    #expect(text.contains(#""traceId":"abababababababababababababababab","spanId":"0102030405060708""#), "\(text)")
    #expect(text.contains(#""kind":3"#))
    #expect(text.contains(#""status":{"message":"refused","code":2}"#))
    let logs = String(decoding: try Samples.logs().json(), as: UTF8.self)
    #expect(logs.contains(#"{"stringValue":"Grüße \u0001 \"世界\"\n"},{"bytesValue":"AP8HCQ=="}"#), "\(logs)")
    let metrics = String(decoding: try Samples.metrics().json(), as: UTF8.self)
    #expect(metrics.contains(#""asInt":"9223372036854775807""#))
    #expect(metrics.contains(#""max":"Infinity""#))
  }

  @Test func aResetBuilderStartsEmpty() throws {
    var request = try Samples.metrics()
    request.reset()
    #expect(try request.protobuf().isEmpty)
    #expect(try request.json() == Array("{}".utf8))
    request.root.resourceMetrics.append().schemaUrl = "x"
    #expect(try request.protobuf() == [10, 3, 26, 1, 120])
  }

  @Test func theLastMemberOfAOneofThatIsSetIsTheOneThatCounts() throws {
    let request = try MessageBuilder<Metrics.Metric.Builder>()
    request.root.gauge.dataPoints.append { $0.asInt = 1 }
    request.root.sum.dataPoints.append {
      $0.asInt = 1
      $0.asDouble = 2
      #expect($0.asInt == nil)
      #expect($0.asDouble == 2)
    }
    let metric = request.view(Metrics.Metric.self)
    guard case .sum(let sum) = metric.data else {
      Issue.record("not a sum")
      return
    }
    #expect(sum.dataPoints[0].number == 2)
  }

  /// As a processor does that routes resources to different requests.
  @Test func aMessageThatWasReadIsCopiedIntoAnother() throws {
    let unknown = Wire.message(1, Wire.text(99, "later"))
    let bytes = try Samples.metrics().protobuf() + unknown
    let request = try MessageBuilder<Metrics.ExportRequest.Builder> { request in
      var decoder = try Decoder()
      let source = try decoder.decode(Metrics.ExportRequest.self, from: bytes.span.bytes)
      for index in source.resourceMetrics.indices {
        try request.resourceMetrics.append(copying: source.resourceMetrics[index])
      }
    }
    // The decoder and its memory are gone.
    #expect(try request.protobuf() == bytes)
  }
}
