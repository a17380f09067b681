// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import Testing

@testable import Transport

struct GRPCStatusTests {
  @Test func trailersCarryAStatusBothWays() {
    let details = GRPCStatusDetails(
      retryDelay: .milliseconds(1500),
      errorInfo: .init(reason: "FULL", domain: "swerve", metadata: ["b": "2", "a": "1"]),
      fieldViolations: [.init(field: "a.b", description: "is negative")],
      others: [.init(typeURL: "type.googleapis.com/x.Y", value: [1, 2])])
    let statuses = [
      GRPCStatus.ok, GRPCStatus(.unavailable, "später, 50 % \n"), GRPCStatus(.invalidArgument, "no", details: details),
    ]
    for status in statuses { #expect(GRPCStatus(trailers: status.trailers) == status) }
  }

  @Test func messagesArePercentEncoded() {
    #expect(PercentEncoding.encode("100 % ü\n~") == "100 %25 %C3%BC%0A~")
    #expect(PercentEncoding.decode("100 %25 %C3%bc%0A~") == "100 % ü\n~")
    #expect(PercentEncoding.decode("%") == "%")
    #expect(PercentEncoding.decode("%4") == "%4")
    #expect(PercentEncoding.decode("%zz%41") == "%zzA")
    #expect(PercentEncoding.decode("%ff") == "\u{fffd}")
  }

  @Test func base64IsReadWithAndWithoutPadding() {
    #expect(Base64.encode(Array("f".utf8)) == "Zg")
    #expect(Base64.encode(Array("f".utf8), padded: true) == "Zg==")
    #expect(Base64.encode([0xfb, 0xff]) == "+/8")
    for length in 0..<50 {
      let bytes = (0..<length).map { UInt8($0 * 37 & 0xff) }
      #expect(Base64.decode(Base64.encode(bytes)) == bytes)
      #expect(Base64.decode(Base64.encode(bytes, padded: true)) == bytes)
    }
    for text in ["A", "Zg=", "Zg===", "Z===", "Zm9v=", "Zm 9", "Zm9-", "="] { #expect(Base64.decode(text) == nil) }
  }

  @Test func anUnreadableStatusIsUnknown() {
    #expect(GRPCStatus(trailers: [.grpcStatus: "17"])?.code == .unknown)
    #expect(GRPCStatus(trailers: [.grpcStatus: "x"])?.code == .unknown)
    #expect(GRPCStatus(trailers: [:]) == nil)
    // Details that cannot be read do not hide the status.
    let status = GRPCStatus(trailers: [.grpcStatus: "14", .grpcStatusDetails: "!!"])
    #expect(status == GRPCStatus(.unavailable))
  }

  @Test func codesHaveTheSpecificationsNames() {
    #expect(GRPCStatusCode.allCases.count == 17)
    #expect(GRPCStatusCode.deadlineExceeded.description == "DEADLINE_EXCEEDED")
    #expect(GRPCStatus(.unavailable, "down").description == "UNAVAILABLE: down")
  }

  @Test func httpAndResetsMapToCodes() {
    let statuses =
      [
        400: .internal, 401: .unauthenticated, 403: .permissionDenied, 404: .unimplemented,
        429: .unavailable, 502: .unavailable, 503: .unavailable, 504: .unavailable, 500: .unknown, 200: .unknown,
      ] as [Int: GRPCStatusCode]
    for (status, code) in statuses { #expect(GRPCStatusCode(httpStatus: status) == code) }
    #expect(GRPCStatusCode(HTTP2ErrorCode.refusedStream) == .unavailable)
    #expect(GRPCStatusCode(HTTP2ErrorCode.cancel) == .cancelled)
    #expect(GRPCStatusCode(HTTP2ErrorCode.enhanceYourCalm) == .resourceExhausted)
    #expect(GRPCStatusCode(HTTP2ErrorCode.inadequateSecurity) == .permissionDenied)
    #expect(GRPCStatusCode(HTTP2ErrorCode.protocolError) == .internal)
  }

  @Test func jsonHasTypesOfDetails() {
    let details = GRPCStatusDetails(
      retryDelay: .milliseconds(1500), fieldViolations: [.init(field: "f", description: "d\u{1}\"")])
    let status = GoogleRPCStatus(code: 14, message: "a\\\"\n", details: details)
    let expected = #"""
      {"code":14,"message":"a\\\"\n","details":[\#
      {"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"1.500s"},\#
      {"@type":"type.googleapis.com/google.rpc.BadRequest","fieldViolations":[{"field":"f","description":"d\u0001\""}]}]}
      """#
    #expect(status.json == expected)
    #expect(GoogleRPCStatus(code: 3, message: "").json == #"{"code":3,"message":""}"#)
  }

  @Test func mutatedDetailsNeverCrash() {
    let details = GRPCStatusDetails(
      retryDelay: .seconds(3), errorInfo: .init(reason: "FULL", domain: "swerve", metadata: ["a": "1"]),
      fieldViolations: [.init(field: "a.b", description: "is negative")])
    let bytes = GoogleRPCStatus(code: 8, message: "full", details: details).protobuf
    var generator = TestGenerator(seed: 4713)
    var unread = 0
    for _ in 0..<5000 {
      var mutated = bytes
      for _ in 0...generator.next() % 4 {
        mutated[Int(generator.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: generator.next())
      }
      mutated.removeLast(Int(generator.next() % 3))
      if GoogleRPCStatus(protobuf: mutated) == nil { unread += 1 }
    }
    #expect(unread > 500)
  }
}

struct GRPCTimeoutTests {
  @Test func isReadInEveryUnit() {
    let values: [(String, Duration)] = [
      ("1H", .seconds(3600)), ("2M", .seconds(120)), ("10S", .seconds(10)), ("250m", .milliseconds(250)),
      ("7u", .microseconds(7)), ("99999999n", .nanoseconds(99_999_999)), ("0S", .zero),
      ("99999999H", .seconds(359_999_996_400)),
    ]
    for (text, timeout) in values { #expect(GRPCTimeout.parse(text) == timeout) }
    for text in ["", "S", "1", "1s", "-1S", "123456789n", "1.5S", " 1S", "1S "] {
      #expect(GRPCTimeout.parse(text) == nil)
    }
  }

  @Test func isWrittenInTheFinestUnitThatHolds() {
    #expect(GRPCTimeout.format(.milliseconds(1)) == "1000000n")
    #expect(GRPCTimeout.format(.seconds(10)) == "10000000u")
    #expect(GRPCTimeout.format(.seconds(-1)) == "1n")
    #expect(GRPCTimeout.format(.seconds(Int64.max)) == "99999999H")
    for seconds in [1, 59, 3600, 86_400, 10_000_000] {
      #expect(GRPCTimeout.parse(GRPCTimeout.format(.seconds(seconds))) == .seconds(seconds))
    }
  }
}

struct GRPCMetadataTests {
  @Test func bytesTravelAsBase64() {
    var metadata = GRPCMetadata()
    metadata.add("trace-bin", bytes: [0, 1, 255])
    metadata.add("trace-bin", bytes: [])
    // No place for bytes, and no name.
    let refused = [metadata.add("trace", bytes: [1]), metadata.add("no name", "x")]
    #expect(refused == [false, false])
    #expect(metadata.bytes("trace-bin") == [[0, 1, 255], []])
    #expect((["trace-bin": "AAH/, AQ==, !"] as GRPCMetadata).bytes("trace-bin") == [[0, 1, 255], [1]])
  }

  @Test func gRPCsOwnFieldsAreNotSentOn() {
    var metadata: GRPCMetadata = ["grpc-timeout": "1S", "te": "trailers", "content-type": "x", "tenant": "a"]
    metadata.add("tenant", "b")
    var fields = HTTPFields()
    metadata.append(to: &fields)
    #expect(fields.map(\.value) == ["a", "b"])
  }

  @Test func contentTypesAndEncodingsAreTold() {
    for type in ["application/grpc", "application/grpc+proto", "Application/gRPC;charset=x", "application/grpc ; a=b"] {
      #expect(GRPCContentType.isAccepted(type))
    }
    for type in [nil, "", "application/grpc-web", "application/grpc+json", "application/json", "application/grpcx"] {
      #expect(!GRPCContentType.isAccepted(type))
    }
    #expect(GRPCEncoding.gzip.isAccepted("identity, gzip"))
    #expect(!GRPCEncoding.gzip.isAccepted("deflate,xgzip"))
    #expect(!GRPCEncoding.gzip.isAccepted(nil))
  }
}
