// SPDX-License-Identifier: Apache-2.0

import OTLP
import Testing

@Suite struct LimitTests {
  /// The request, its resource, scope and record are four levels with the body.
  @Test func nestingUpToTheLimitIsReadInBothEncodings() throws {
    let bytes = Self.record(Wire.nestedBody(96))
    let reading = try Reading.of("logs", bytes)
    #expect(reading.protobuf == bytes)
    #expect(try Reading.of("logs", reading.json, as: .json).protobuf == bytes)
  }

  @Test(arguments: [98, 100, 10_000])
  func deeperNestingIsRefused(_ levels: Int) throws {
    #expect(Self.code { try Reading.of("logs", Self.record(Wire.nestedBody(levels))) } == .tooDeep)
    let opening = String(repeating: #"{"arrayValue":{"values":["#, count: levels / 2 + 1)
    let json = #"{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":"# + opening
    #expect(Self.code { try Reading.of("logs", Array(json.utf8), as: .json) } == .tooDeep)
  }

  @Test func unknownValuesOfJSONMayNotNestWithoutEnd() throws {
    let json = #"{"unknown":"# + String(repeating: "[", count: 1_000_000)
    #expect(Self.code { try Reading.of("logs", Array(json.utf8), as: .json) } == .tooDeep)
  }

  @Test func inputAboveTheLimitIsRefusedUnread() throws {
    var decoder = try Decoder(limits: DecodingLimits(inputBytesMax: 10))
    let bytes = [UInt8](repeating: 0, count: 11)
    #expect(throws: OTLPError.self) { _ = try decoder.decode(Metrics.ExportRequest.self, from: bytes.span.bytes) }
    #expect(decoder.memoryBytes == 0)
  }

  /// Two bytes of input make a message of a hundred.
  @Test func manyEmptyMessagesEndAtTheMemoryLimit() throws {
    let limits = DecodingLimits(memoryBytesMax: 1 << 20)
    var decoder = try Decoder(limits: limits)
    let bytes = [UInt8](repeating: 0, count: 1 << 20).enumerated().map { $0.offset % 2 == 0 ? 0x0a : UInt8(0) }
    let json = Array(("{\"resourceMetrics\":[" + String(repeating: "{},", count: 50_000) + "{}]}").utf8)
    for (input, encoding) in [(bytes, MessageEncoding.protobuf), (json, .json)] {
      #expect(
        Self.code { _ = try decoder.decode(Metrics.ExportRequest.self, from: input.span.bytes, as: encoding) }
          == .tooLarge)
      #expect(decoder.memoryBytes <= limits.memoryBytesMax)
    }
    // And the decoder goes on.
    let sample = try Samples.metrics().protobuf()
    let request = try decoder.decode(Metrics.ExportRequest.self, from: sample.span.bytes)
    #expect(request.protobuf() == sample)
  }

  @Test func theSecondRequestOfASizeAllocatesNothing() throws {
    var decoder = try Decoder()
    let bytes = (0..<200).flatMap { _ in (try? Samples.metrics().protobuf()) ?? [] }
    for _ in 0..<2 { _ = try decoder.decode(Metrics.ExportRequest.self, from: bytes.span.bytes).resourceMetrics.count }
    let before = decoder.memoryBytes
    for _ in 0..<10 { _ = try decoder.decode(Metrics.ExportRequest.self, from: bytes.span.bytes).resourceMetrics.count }
    #expect(decoder.memoryBytes == before)
  }

  @Test func memoryAboveWhatIsKeptIsGivenBack() throws {
    var decoder = try Decoder(limits: DecodingLimits(keptBytesMax: 64 << 10))
    let large = (0..<2_000).flatMap { _ in (try? Samples.metrics().protobuf()) ?? [] }
    _ = try decoder.decode(Metrics.ExportRequest.self, from: large.span.bytes).resourceMetrics.count
    #expect(decoder.memoryBytes > 1 << 20)
    let small = try Samples.metrics().protobuf()
    _ = try decoder.decode(Metrics.ExportRequest.self, from: small.span.bytes).resourceMetrics.count
    #expect(decoder.memoryBytes <= 64 << 10)
  }

  static func record(_ body: [UInt8]) -> [UInt8] {
    Wire.message(1, Wire.message(2, Wire.message(2, Wire.message(5, body))))
  }

  static func code<Result>(_ body: () throws -> Result) -> OTLPError.Code? {
    do {
      _ = try body()
      return nil
    } catch { return (error as? OTLPError)?.code }
  }
}
