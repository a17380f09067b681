// SPDX-License-Identifier: Apache-2.0

import Foundation
import NIOCore
import NIOPosix
import OTLP
import TestSupport
import Testbed
import Testing
import Transport

@testable import Telemetry

/// Senders that want to cost more than they pay, or know no better: each is answered as its protocol has it, an exporter
/// beside it goes on, and no memory stays reserved. Limits of the connections alone are Transport's, and its tests'.
@Suite(.network, .enabled(if: PeerPython.hasTelemetrySDK, "\(PeerPython.missingSDK)"))
struct HostileInputTests {
  /// Runs a hostile sender beside an exporter that sends on both ports all the time.
  private func besideAnExporter(
    _ configure: (inout OTLPServerSettings) -> Void = { _ in }, budgetBytes: Int = 8 << 20,
    _ body: (ReceiverFixture) async throws -> Void
  ) async throws {
    let fixture = try await ReceiverFixture(budgetBytes: budgetBytes, configure: configure)
    let group = MultiThreadedEventLoopGroup.singleton
    let sender = NumberedSender([
      try GRPCExportClient(
        ConnectionSettings(.grpc, Endpoint(host: "127.0.0.1", port: fixture.grpcPort)), group: group),
      try HTTPExportClient(
        ConnectionSettings(.httpProtobuf, Endpoint(host: "127.0.0.1", port: fixture.httpPort)), group: group),
    ])
    let sending = Task { try await sender.run() }
    try await sender.waitForMore(10)
    try await body(fixture)
    try await sender.waitForMore(50)
    sender.stop()
    try await sending.value
    await fixture.stop()
    #expect(fixture.budget.reservedBytes == 0)
  }

  // MARK: Requests, whole

  private struct Bad {
    var body: ByteBuffer
    var isJSON = false
    var gzip = false
    var grpc: GRPCStatusCode?
    var http: Int
  }

  @Test func badRequestsAreAnsweredByTheBook() async throws {
    let path = Signal.traces.path
    let bomb = ByteBuffer(repeating: 0, count: 12 << 20)
    let cases: [Bad] = [
      Bad(body: ByteBuffer(repeating: 0x20, count: 1_200_000), grpc: .resourceExhausted, http: 413),
      Bad(body: bomb, gzip: true, grpc: .resourceExhausted, http: 413),
      Bad(body: Self.nested(20_000), grpc: .invalidArgument, http: 400),
      Bad(body: Self.truncated, grpc: .invalidArgument, http: 400),
      Bad(body: Self.badText, grpc: .invalidArgument, http: 400),
      Bad(body: ByteBuffer(string: Self.nestedJSON(50_000)), isJSON: true, http: 400),
      Bad(body: ByteBuffer(string: Self.nestedValues(5_000)), isJSON: true, http: 400),
      Bad(body: ByteBuffer(bytes: [0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]), isJSON: true, http: 400),
      Bad(body: ByteBuffer(string: #"{"resourceSpans":["#), isJSON: true, http: 400),
    ]
    try await besideAnExporter({ $0.requestBytesMax = 1 << 20 }) { fixture in
      for bad in cases {
        let encoding = bad.gzip ? ["Content-Encoding": "gzip"] : [:]
        let body = bad.gzip ? try Gzip.compress(bad.body) : bad.body
        let type = bad.isJSON ? "application/json" : "application/x-protobuf"
        var calls = [RawCall.http(fixture.httpPort, path, body, type: type, headers: encoding)]
        if bad.grpc != nil {
          calls.append(.grpc(fixture.grpcPort, Signal.traces.exportMethod, bad.body, gzip: bad.gzip))
        }
        let answers = try await RawCall.make(calls)
        #expect(answers[0].status == bad.http, "\(bad.body.readableBytes) bytes: \(answers[0].text)")
        if let code = bad.grpc { #expect(answers[1].code == code, "\(answers[1].message)") }
      }
      let types = ["text/plain", "application/x-www-form-urlencoded", "application/grpc", "x/y; charset=\"", ""]
      let answers = try await RawCall.make(types.map { .http(fixture.httpPort, path, ByteBuffer(), type: $0) })
      // Either port takes gRPC too, but not by HTTP/1.1.
      #expect(answers.map(\.status) == [415, 415, 505, 415, 415])
      #expect(fixture.items(.traces) == 0)
    }
  }

  /// Values in lists in lists; protobuf readers that recurse end here.
  private static func nested(_ depth: Int) -> ByteBuffer {
    var value: [UInt8] = []
    for _ in 0..<depth {
      value = [0x2a] + varint(value.count) + value  // AnyValue.array_value
      value = [0x0a] + varint(value.count) + value  // ArrayValue.values
      if value.count > 900_000 { break }
    }
    // resource_spans.resource.attributes.value
    for tag: UInt8 in [0x12, 0x0a, 0x0a, 0x0a] { value = [tag] + varint(value.count) + value }
    return ByteBuffer(bytes: value)
  }

  private static func varint(_ value: Int) -> [UInt8] {
    var (left, bytes) = (value, [UInt8]())
    while left >= 128 {
      bytes.append(UInt8(left & 0x7f | 0x80))
      left >>= 7
    }
    return bytes + [UInt8(left)]
  }

  private static let truncated = ByteBuffer(bytes: [0x0A, 0x7F, 1, 2, 3])
  /// resource_spans.schema_url
  private static let badText = ByteBuffer(bytes: [0x0A, 0x04, 0x1A, 0x02, 0xFF, 0xFE])

  private static func nestedJSON(_ depth: Int) -> String {
    #"{"new":"# + String(repeating: "[", count: depth) + String(repeating: "]", count: depth) + "}"
  }

  private static func nestedValues(_ depth: Int) -> String {
    let open = String(repeating: #"{"arrayValue":{"values":["#, count: depth)
    let close = String(repeating: "]}}", count: depth)
    return #"{"resourceSpans":[{"resource":{"attributes":[{"key":"a","value":\#(open)\#(close)}]}}]}"#
  }

  // MARK: Connections

  private func connect(_ port: Int) throws -> RawConnection {
    let address = try #require(TCPAddress("127.0.0.1", UInt16(port)))
    return try RawConnection(to: address, timeout: .seconds(1))
  }

  private static let fields = [("content-type", "application/grpc"), ("te", "trailers")]

  /// A request of HTTP/1.1 up to the first byte of its body.
  private static func beginning(byteCount: Int) -> [UInt8] {
    let fields = ["Host: a", "Content-Type: application/json", "Content-Length: \(byteCount)"]
    return Array("POST /v1/traces HTTP/1.1\r\n\(fields.joined(separator: "\r\n"))\r\n\r\n{".utf8)
  }

  private static func call(_ stream: UInt32, ends: Bool = false) -> RawFrame {
    .request(stream, path: Signal.traces.exportMethod, ends: ends, fields)
  }

  /// They announce a megabyte each and send it by the byte: what they announced is kept for them, as far as there is any,
  /// and given back when they go.
  @Test func slowSendersHoldNoMoreThanTheirShare() async throws {
    let fixture = try await ReceiverFixture(budgetBytes: 8 << 20)
    var slow: [RawConnection] = []
    for _ in 0..<6 {
      let http = try connect(fixture.httpPort)
      try http.send(Self.beginning(byteCount: 1 << 20))
      let grpc = try connect(fixture.grpcPort)
      // The length of a message, and one byte of it.
      let data = RawFrame(.data, stream: 1, [0, 0, 0x10, 0, 0, 0x0a])
      try grpc.send(RawFrame.preface + RawFrame.settings.bytes + Self.call(1).bytes + data.bytes)
      slow += [http, grpc]
    }
    #expect(await eventually { fixture.budget.reservedBytes == 8 << 20 })
    // Everyone else hears that memory is short, and when to come again.
    let answers = try await RawCall.make([
      .grpc(fixture.grpcPort, Signal.traces.exportMethod, try Requests.traces(count: 1)),
      .http(fixture.httpPort, Signal.traces.path, try Requests.traces(count: 1)),
    ])
    #expect(answers[0].code == .unavailable && answers[0].rpcStatus?.details.retryDelay != nil)
    #expect(answers[1].status == 503 && answers[1].fields["retry-after"] != nil)
    for connection in slow { connection.close() }
    #expect(await eventually { fixture.budget.reservedBytes == 0 })
    let after = try await RawCall.make([
      .grpc(fixture.grpcPort, Signal.traces.exportMethod, try Requests.traces(count: 1))
    ])
    #expect(after[0].status == 0)
    await fixture.stop()
  }

  @Test func requestsThatEndBeforeTheirEndAreForgotten() async throws {
    try await besideAnExporter { fixture in
      for _ in 0..<20 {
        let http = try self.connect(fixture.httpPort)
        try http.send(Self.beginning(byteCount: 100_000))
        let grpc = try self.connect(fixture.grpcPort)
        let data = RawFrame(.data, stream: 1, [0, 0, 1, 0, 0, 0x0a])
        try grpc.send(RawFrame.preface + RawFrame.settings.bytes + Self.call(1).bytes + data.bytes)
        http.close()
        grpc.close()
      }
      // A stream that ends within its message, on a connection that stays.
      let grpc = try self.connect(fixture.grpcPort)
      let data = RawFrame(.data, flags: RawFrame.endStream, stream: 1, [0, 0, 1, 0, 0, 0x0a])
      try grpc.send(RawFrame.preface + RawFrame.settings.bytes + Self.call(1).bytes + data.bytes)
      #expect(await eventually { fixture.receiver.grpc?.connections.http2.liveStreams == 0 })
    }
  }

  struct Flood: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var frames: [RawFrame]
    var refusal: HTTP2Refusal
  }

  private static let floods = [
    Flood(
      testDescription: "RST_STREAM",
      frames: (0..<3000).flatMap { index -> [RawFrame] in
        let stream = UInt32(index * 2 + 1)
        return [call(stream), .reset(stream)]
      }, refusal: .resetFlood),
    Flood(testDescription: "SETTINGS", frames: Array(repeating: .settings, count: 3000), refusal: .settingsFlood),
    Flood(
      testDescription: "header lists",
      frames: (0..<200).map { index in
        // In one frame, and yet above the limit with what each field counts for.
        .request(UInt32(index * 2 + 1), ends: true, [("a", String(repeating: "b", count: 16_180))])
      }, refusal: .headerListFlood),
  ]

  @Test(arguments: floods) func floodsEndTheConnectionAndNothingElse(_ flood: Flood) async throws {
    try await besideAnExporter { fixture in
      for (port, server) in [
        (fixture.grpcPort, fixture.receiver.grpc), (fixture.httpPort, fixture.receiver.http),
      ] {
        let attacker = try self.connect(port)
        let bytes = RawFrame.preface + RawFrame.settings.bytes + flood.frames.flatMap(\.bytes)
        // Until the receiver has had enough.
        try? attacker.send(bytes)
        let isRefused = await eventually {
          (server?.connections.http2.count(of: flood.refusal) ?? 0) > 0
        }
        #expect(isRefused)
        attacker.close()
      }
    }
  }
}
