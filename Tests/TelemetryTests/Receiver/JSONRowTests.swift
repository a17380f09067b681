// SPDX-License-Identifier: Apache-2.0

import NIOCore
import OTLP
import Telemetry
import TestSupport
import Testbed
import Testing

/// OTLP's JSON as the specification has it, sent by a real client, and what arrives of it.
@Suite(.network, .enabled(if: PeerPython.hasTelemetrySDK, "\(PeerPython.missingSDK)"))
struct JSONRowTests {
  /// Sends texts, and reads the first span of each as it was taken.
  private func spans(_ texts: [String], _ look: (Int, Traces.Span) -> Void) async throws {
    let fixture = try await ReceiverFixture(signals: [.traces])
    let answers = try await RawCall.make(
      texts.map { .http(fixture.httpPort, "/v1/traces", ByteBuffer(string: $0), type: "application/json") })
    for answer in answers { #expect(answer.status == 200, "\(answer.text)") }
    let taken = fixture.sinks[.traces]?.taken ?? []
    #expect(taken.count == texts.count)
    for (index, request) in taken.enumerated() {
      var decoder = try Decoder()
      let read = try decoder.decode(Traces.ExportRequest.self, from: request.protobuf.readableBytesSpan)
      look(index, read.resourceSpans[0].scopeSpans[0].spans[0])
    }
    await fixture.stop()
  }

  private func request(_ fields: String, traceID: String = "5B8EFFF798038103D269B633813FC60C") -> String {
    let span = #"{"traceId":"\#(traceID)","spanId":"EEE19B7EC3C1B174"\#(fields.isEmpty ? "" : ",")\#(fields)}"#
    return #"{"resourceSpans":[{"scopeSpans":[{"spans":[\#(span)]}]}]}"#
  }

  @Test func hexIdsInAnyCase() async throws {
    let texts = ["5B8EFFF798038103D269B633813FC60C", "5b8efff798038103d269b633813fc60c"].map {
      request("", traceID: $0)
    }
    try await spans(texts) { _, span in #expect(span.traceId.hexadecimal == "5b8efff798038103d269b633813fc60c") }
  }

  @Test func integerEnums() async throws {
    try await spans([request(#""kind":2"#)]) { _, span in #expect(span.kind == .server) }
  }

  @Test func lowerCamelCaseKeys() async throws {
    try await spans([request(#""startTimeUnixNano":"17","droppedAttributesCount":3"#)]) { _, span in
      #expect(span.startTimeUnixNano == 17)
      #expect(span.droppedAttributesCount == 3)
    }
  }

  @Test func unknownFieldsIgnored() async throws {
    try await spans([request(#""name":"GET","new":{"deep":[1,{"x":null}]},"other":"y""#)]) { _, span in
      #expect(span.name.string == "GET")
    }
  }

  @Test func sixtyFourBitAsStringOrNumber() async throws {
    let texts = [#""endTimeUnixNano":"1544712661000000001""#, #""endTimeUnixNano":1544712661000000001"#].map {
      request($0)
    }
    try await spans(texts) { _, span in #expect(span.endTimeUnixNano == 1_544_712_661_000_000_001) }
  }
}
