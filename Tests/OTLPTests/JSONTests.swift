// SPDX-License-Identifier: Apache-2.0

import OTLP
import Testing

@Suite struct JSONTests {
  @Test(arguments: [
    (#"{"traceId":"0102030405060708090a0B0C0D0E0F10"}"#, "traceId bytes 0102030405060708090a0b0c0d0e0f10"),
    (#"{"kind":3}"#, "kind number 3"),
    (#"{"kind":"3"}"#, "kind number 3"),
    (#"{"kind":99}"#, "kind number 99"),
    (#"{"flags":1e2}"#, "flags number 100"),
    (#"{"flags":4294967295}"#, "flags number 4294967295"),
    (#"{"startTimeUnixNano":"18446744073709551615"}"#, "startTimeUnixNano number 18446744073709551615"),
    (#"{"startTimeUnixNano":18446744073709551615}"#, "startTimeUnixNano number 18446744073709551615"),
    (#"{"startTimeUnixNano":5.0}"#, "startTimeUnixNano number 5"),
    (#"{"name":"\u00e9\ud83c\udf89\n\t\"\\\/\b\f\r"}"#, "name text c3a9f09f8e890a09225c2f080c0d"),
    (#" { "name" : "a" , "unknown" : { "a" : [ 1 , "x\"" , null , true , {} , [] ] } } "#, "name text 61"),
    (#"{"na\u006de":"b"}"#, "name text 62"),
    (#"{"start_time_unix_nano":"7","name":"c"}"#, "name text 63"),
    (#"{"name":null,"flags":null,"events":null,"status":null,"kind":1}"#, "kind number 1"),
  ])
  func spanFieldIsRead(_ json: String, _ line: String) throws {
    #expect(try Self.span(json) == [line])
  }

  @Test(arguments: [
    (#"{"asDouble":1.5}"#, "asDouble double 3ff8000000000000"),
    (#"{"asDouble":"1.5"}"#, "asDouble double 3ff8000000000000"),
    (#"{"asDouble":"NaN"}"#, "asDouble double 7ff8000000000000"),
    (#"{"asDouble":"-Infinity"}"#, "asDouble double fff0000000000000"),
    (#"{"asDouble":-0.0}"#, "asDouble double 8000000000000000"),
    (#"{"asDouble":5e-324}"#, "asDouble double 0000000000000001"),
    (#"{"asInt":"-9223372036854775808"}"#, "asInt number -9223372036854775808"),
    (#"{"asInt":-7}"#, "asInt number -7"),
  ])
  func numberIsRead(_ json: String, _ line: String) throws {
    let request = #"{"resourceMetrics":[{"scopeMetrics":[{"metrics":[{"gauge":{"dataPoints":[\#(json)]}}]}]}]}"#
    let lines = try Reading.of("metrics", Array(request.utf8), as: .json).lines
    #expect(lines.last == "resourceMetrics[0].scopeMetrics[0].metrics[0].gauge.dataPoints[0]." + line)
  }

  @Test(arguments: ["AP8HCQ==", "AP8HCQ", "AP-_", "AP+/", "", "AA==", "AAA="])
  func bytesAreReadInEveryBase64(_ text: String) throws {
    let json = #"{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":{"bytesValue":"\#(text)"}}]}]}]}"#
    let lines = try Reading.of("logs", Array(json.utf8), as: .json).lines
    let expected = [
      "AP8HCQ==": "00ff0709", "AP8HCQ": "00ff0709", "AP-_": "00ffbf", "AP+/": "00ffbf", "AA==": "00",
      "AAA=": "0000",
    ]
    #expect(lines.last == "resourceLogs[0].scopeLogs[0].logRecords[0].body.bytesValue bytes \(expected[text] ?? "")")
  }

  @Test(arguments: [
    (#"{"name":"\#u{1}"}"#, OTLPError.Code.malformed), (#"{"name":"\x"}"#, .malformed),
    (#"{"name":"\u12g4"}"#, .malformed),
    (#"{"name":"\ud800"}"#, .invalidText), (#"{"name":"\udc00"}"#, .invalidText),
    (#"{"name":"\ud800\u0041"}"#, .invalidText), (#"{"name":1}"#, .invalidValue), (#"{"name":["a"]}"#, .invalidValue),
    (#"{"flags":-1}"#, .invalidValue), (#"{"flags":4294967296}"#, .invalidValue), (#"{"flags":1.5}"#, .invalidValue),
    (#"{"flags":"x"}"#, .invalidValue), (#"{"flags":true}"#, .invalidValue), (#"{"flags":01}"#, .invalidValue),
    (#"{"flags":1.}"#, .invalidValue), (#"{"flags":+1}"#, .invalidValue),
    (#"{"startTimeUnixNano":18446744073709551616}"#, .invalidValue), (#"{"kind":"SPAN_KIND_CLIENT"}"#, .invalidValue),
    (#"{"traceId":"0g"}"#, .invalidValue), (#"{"traceId":"012"}"#, .invalidValue),
    (#"{"events":{}}"#, .invalidValue), (#"{"events":[null]}"#, .invalidValue), (#"{"status":[]}"#, .invalidValue),
    (#"{"name":"a" "kind":1}"#, .malformed), (#"{"name":"a",}"#, .malformed), (#"{name:"a"}"#, .malformed),
    (#"{"name" "a"}"#, .malformed), (#"{"name":nul}"#, .malformed),
  ])
  func brokenSpanIsRefused(_ json: String, _ code: OTLPError.Code) {
    #expect(LimitTests.code { try Self.span(json) } == code, "\(json)")
  }

  @Test func aFaultHasItsPlace() throws {
    let json = #"{"resourceSpans":[{},{"scopeSpans":[{"spans":[{},{},{"links":[{},{"traceId":"xy"}]}]}]}]}"#
    do {
      _ = try Reading.of("traces", Array(json.utf8), as: .json)
      Issue.record("it was read")
    } catch let error as OTLPError {
      #expect(error.place == "resourceSpans[1].scopeSpans[0].spans[2].links[1].traceId")
      #expect(error.code == .invalidValue)
    }
  }

  @Test func everyPrefixIsTruncated() throws {
    let json = try Samples.logs().json()
    for count in 0..<json.count {
      #expect(LimitTests.code { try Reading.of("logs", Array(json[..<count]), as: .json) } != nil, "\(count)")
    }
    #expect(LimitTests.code { try Reading.of("logs", json + [UInt8(ascii: "}")], as: .json) } == .malformed)
    #expect(try Reading.of("logs", json + Array(" \n\r\t".utf8), as: .json).json == json)
  }

  @Test func invalidUTF8IsRefused() throws {
    let json = Array(#"{"resourceSpans":[{"schemaUrl":""#.utf8) + [0xff] + Array(#""}]}"#.utf8)
    #expect(LimitTests.code { try Reading.of("traces", json, as: .json) } == .invalidText)
  }

  static func span(_ json: String) throws -> [String] {
    let request = #"{"resourceSpans":[{"scopeSpans":[{"spans":[\#(json)]}]}]}"#
    let lines = try Reading.of("traces", Array(request.utf8), as: .json).lines
    return lines.filter { !$0.hasSuffix(" message") }.map {
      $0.replacing("resourceSpans[0].scopeSpans[0].spans[0].", with: "")
    }
  }
}
