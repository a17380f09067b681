// SPDX-License-Identifier: Apache-2.0

import OTLP
import Testing

/// What protobuf says of inputs that no SDK sends.
@Suite struct WireFormatTests {
  @Test func invalidUTF8IsRefusedWithItsPlace() throws {
    let bytes = Wire.request(metric: Wire.text(1, "ok")) + Wire.request(metric: Wire.message(1, [0x61, 0xff]))
    let error = try #require(Self.error(bytes))
    #expect(error.code == .invalidText)
    #expect(error.place == "resourceMetrics[1].scopeMetrics[0].metrics[0].name")
    #expect(error.description.contains("resourceMetrics[1].scopeMetrics[0].metrics[0].name: the text is not UTF-8"))
    #expect(error.offset == bytes.count - 2)
  }

  @Test(
    arguments: [
      [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xe2, 0x82], [0x80], [0xf8, 0x88, 0x80, 0x80, 0x80],
      Array("1234567".utf8) + [0xc3], Array("12345678".utf8) + [0xc3, 0x28],
    ] as [[UInt8]])
  func textThatUnicodeDoesNotHaveIsRefused(_ text: [UInt8]) {
    #expect(Self.error(Wire.request(metric: Wire.message(1, text)))?.code == .invalidText)
  }

  @Test(arguments: ["é", "世界", "🎉", "\u{10ffff}", "\u{0}a", "1234567é", "\u{ffff}"])
  func textThatUnicodeHasIsRead(_ text: String) throws {
    #expect(try Self.name(Wire.request(metric: Wire.text(1, text))) == text)
  }

  @Test(
    arguments: [
      (
        "a varint of eleven bytes", Wire.tag(9, 0) + [UInt8](repeating: 0x80, count: 10) + [1], OTLPError.Code.malformed
      ),
      ("field number 0", [0x02, 0x00], .malformed),
      ("wire type 6", [0x0e, 0x00], .malformed),
      ("wire type 7", Wire.tag(99, 7), .malformed),
      ("an end of a group without its start", Wire.tag(99, 4), .malformed),
      ("a group that does not end", Wire.tag(99, 3) + Wire.number(1, 1), .malformed),
      ("a group that ends as another", Wire.tag(99, 3) + Wire.tag(98, 4), .malformed),
      ("a tag beyond 32 bits", Wire.varint(1 << 36 | 0) + [0], .malformed),
      ("a length beyond the input", Wire.tag(1, 2) + Wire.varint(1 << 40) + [1], .truncated),
      ("a length beyond its message", Wire.message(1, Wire.tag(2, 2) + [9]), .truncated),
      ("an unknown length beyond the input", Wire.tag(99, 2) + [5, 1], .truncated),
      ("a half unknown number", Wire.tag(99, 1) + [1, 2, 3], .truncated),
      ("a varint without an end", Wire.tag(99, 0) + [0x80], .truncated),
      ("a tag without an end", [0x80], .truncated),
    ] as [(String, [UInt8], OTLPError.Code)])
  func brokenEncodingIsRefused(_ name: String, _ bytes: [UInt8], _ code: OTLPError.Code) {
    #expect(Self.error(bytes)?.code == code, "\(name)")
  }

  @Test func unknownFieldsSurvive() throws {
    // Numbers that the definitions do not have, in every wire type that protobuf-c writes.
    let unknown =
      Wire.number(99, 300) + Wire.fixed64(100, 7) + Wire.text(1_000, "later") + Wire.tag(101, 5) + [1, 2, 3, 4]
    let bytes = Wire.request(metric: Wire.text(1, "name"), unknown)
    let reading = try Reading.of("metrics", bytes)
    #expect(reading.protobuf == bytes)
    #expect(reading.lines.last == "resourceMetrics[0].scopeMetrics[0].metrics[0].name text 6e616d65")
  }

  @Test func unknownGroupsAreSkipped() throws {
    let group =
      Wire.tag(99, 3) + Wire.number(1, 5) + Wire.tag(7, 3) + Wire.tag(7, 4) + Wire.text(2, "x") + Wire.tag(99, 4)
    #expect(try Self.name(Wire.request(metric: group, Wire.text(1, "name"))) == "name")
  }

  @Test func aFieldOfAnotherWireTypeIsUnknown() throws {
    let bytes = Wire.request(metric: Wire.number(1, 7))
    #expect(try Self.name(bytes) == "")
    #expect(try Reading.of("metrics", bytes).protobuf == bytes)
  }

  @Test func unknownNumbersOfEnumerationsSurvive() throws {
    let bytes = Wire.request(metric: Wire.message(7, Wire.number(2, 77)))
    var decoder = try Decoder()
    let request = try decoder.decode(Metrics.ExportRequest.self, from: bytes.span.bytes)
    guard case .sum(let sum) = request.resourceMetrics[0].scopeMetrics[0].metrics[0].data else {
      Issue.record("not a sum")
      return
    }
    #expect(sum.aggregationTemporality.rawValue == 77)
    #expect(request.protobuf() == bytes)
  }

  @Test func aMessageThatComesTwiceIsMerged() throws {
    let resource = { (attribute: [UInt8]) in Wire.message(1, Wire.message(1, attribute)) }
    let bytes = Wire.message(1, resource(Wire.text(1, "a")), resource(Wire.text(1, "b")))
    #expect(
      try Reading.of("metrics", bytes).lines.filter { $0.contains("key") } == [
        "resourceMetrics[0].resource.attributes[0].key text 61",
        "resourceMetrics[0].resource.attributes[1].key text 62",
      ])
  }

  @Test func theLastMemberOfAOneofWins() throws {
    let gauge = Wire.message(5, Wire.message(1))
    let sum = Wire.message(7, Wire.number(3, 1))
    let lines = try Reading.of("metrics", Wire.request(metric: gauge, sum)).lines
    #expect(lines.last == "resourceMetrics[0].scopeMetrics[0].metrics[0].sum.isMonotonic number 1")
    #expect(!lines.contains { $0.contains("gauge") })
    // And what was set before it came is gone.
    let again = try Reading.of("metrics", Wire.request(metric: gauge, sum, gauge)).lines
    #expect(again.filter { $0.contains("dataPoints") }.count == 1)
  }

  @Test func listsThatAreInterruptedKeepTheirOrder() throws {
    var metric: [UInt8] = []
    for index in 0..<40 {
      metric += Wire.message(12, Wire.text(1, "k\(index)"))
      if index % 3 != 1 { metric += Wire.text(3, "s") }
    }
    let lines = try Reading.of("metrics", Wire.request(metric: metric)).lines.filter { $0.contains("key text") }
    #expect(lines.count == 40)
    for (index, line) in lines.enumerated() {
      #expect(line.contains("metadata[\(index)].key text \("k\(index)".utf8.map { String($0, radix: 16) }.joined())"))
    }
  }

  @Test func numbersAreReadPackedAndNotPacked() throws {
    let positive = { (counts: [UInt8]) in
      Wire.request(metric: Wire.message(10, Wire.message(1, Wire.message(8, counts))))
    }
    let packed = positive(Wire.message(2, Wire.varint(1), Wire.varint(300), Wire.varint(.max)))
    let single = positive(Wire.number(2, 1) + Wire.message(2, Wire.varint(300)) + Wire.number(2, .max))
    #expect(try Reading.of("metrics", packed).lines == Reading.of("metrics", single).lines)
    #expect(try Reading.of("metrics", single).protobuf == packed)
  }

  @Test func anEmptyRequestIsAMessage() throws {
    let reading = try Reading.of("metrics", [])
    #expect(reading == Reading(lines: [], protobuf: [], json: Array("{}".utf8)))
  }

  static func error(_ bytes: [UInt8]) -> OTLPError? {
    do {
      _ = try Reading.of("metrics", bytes)
      return nil
    } catch { return error as? OTLPError }
  }

  static func name(_ bytes: [UInt8]) throws -> String {
    var decoder = try Decoder()
    let request = try decoder.decode(Metrics.ExportRequest.self, from: bytes.span.bytes)
    return request.resourceMetrics[0].scopeMetrics[0].metrics[0].name.string
  }
}
