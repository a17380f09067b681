// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOPosix
import TestSupport
import Testing
import Transport

@testable import Telemetry

/// The receiver ends while exporters send.
@Suite(.network) struct DrainTests {
  @Test func noAcknowledgedExportIsLostAndHealthSaysSo() async throws {
    let fixture = try await ReceiverFixture(signals: [.metrics])
    let group = MultiThreadedEventLoopGroup.singleton
    let settings = { (kind: ExportProtocol, port: Int) in
      ConnectionSettings(kind, Endpoint(host: "127.0.0.1", port: port))
    }
    let sender = NumberedSender([
      try GRPCExportClient(settings(.grpc, fixture.grpcPort), group: group),
      try HTTPExportClient(settings(.httpProtobuf, fixture.httpPort), group: group),
    ])
    let sending = Task { try await sender.run() }
    let http = HTTPClient(.init(host: "127.0.0.1", port: fixture.grpcPort, version: .http2), group: group)
    let watch = try await GRPCClient(over: http).stream(GRPCHealth.watchPath)
    try await watch.send(ByteBuffer())
    watch.finish()
    var statuses = watch.messages.makeAsyncIterator()
    #expect(try await statuses.next() == ByteBuffer(bytes: [0x08, 1]), "SERVING")
    try await sender.waitForMore(200)
    await fixture.receiver.drain(within: .seconds(10))
    #expect(try await statuses.next() == ByteBuffer(bytes: [0x08, 2]), "NOT_SERVING")
    #expect(await watch.end().status.code == .unavailable)
    let acknowledged = sender.acknowledged
    #expect(acknowledged.count >= 200)
    sender.stop()
    try await sending.value
    #expect(sender.acknowledged == acknowledged, "nobody is there any more")
    let taken = Set(fixture.sinks[.metrics]?.taken.map(\.protobuf) ?? [])
    let lost = try acknowledged.filter { !taken.contains(try EncodedRequest.metrics(["\($0)"]).protobuf) }
    #expect(lost.isEmpty)
    for server in [fixture.receiver.grpc, fixture.receiver.http] {
      #expect(server?.connections.connectionsOpen == 0)
      #expect(server?.connections.count(.drainTimeout) == 0)
    }
    #expect(fixture.budget.reservedBytes == 0)
    await http.shutdown()
  }
}
