// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import NIOCore

@testable import Transport

/// A server sees the same requests however their bytes are cut, and every one of them ends.
enum FuzzHTTP1Server {
  static func run(_ input: FuzzInput) {
    let whole = serve(input, [FuzzInput.buffer(input.bytes)])
    let cut = serve(input, input.parts)
    // One of them may be longer: what is in time, or drained, depends on the cuts.
    for (one, other) in zip(whole, cut) {
      precondition(one.request == other.request, "another request when the bytes are cut")
      guard let trailers = one.trailers, let otherTrailers = other.trailers else { continue }
      precondition(one.body == other.body && trailers == otherTrailers, "another body when the bytes are cut")
    }
  }

  private static func serve(_ input: FuzzInput, _ parts: [ByteBuffer]) -> [FuzzLedger.Exchange] {
    var limits = HTTP1Limits()
    if input.has(0) {
      limits.requestLineBytesMax = 40
      limits.headBytesMax = 200
      limits.headFieldsMax = 6
      limits.bodyWindowBytes = 30
      limits.drainBytesMax = 50
      limits.pipelinedMax = 3
    }
    let handler = FuzzHandler()
    let channel = FuzzChannel()
    let server = HTTP1ServerHandler(
      handler: handler, peer: Peer(address: nil, version: .http1), limits: limits, statistics: ServerStatistics())
    channel.open(server.handlers)
    channel.feed(parts, gated: true) {
      if input.has(1) { channel.advance(.seconds(5)) }
      if input.has(2) { server.drain() }
    }
    if input.has(3) { channel.endInput() }
    if input.has(4) { channel.advance(.minutes(2)) }
    channel.close()
    handler.ledger.check()
    return handler.ledger.exchanges
  }
}

/// A client's requests end, whatever the server answers.
enum FuzzHTTP1Client {
  static func run(_ input: FuzzInput) {
    let channel = FuzzChannel()
    let ledger = FuzzLedger()
    let client = HTTP1ClientHandler(
      eventLoop: channel.loop, headBytesMax: input.has(0) ? 100 : 4096, readAheadBytesMax: input.has(1) ? 20 : 4096)
    channel.open(client.handlers)
    FuzzClient.begin(client, ledger, input)
    channel.feed(input.parts, gated: true) {
      if client.streamsAvailable > 0, ledger.exchanges.count < 10 { FuzzClient.begin(client, ledger, input) }
    }
    if input.has(5) { client.drain() }
    channel.run()
    channel.close()
    ledger.check()
  }
}

/// Requests, for a client of either version.
enum FuzzClient {
  static func begin(_ client: any ClientConnection, _ ledger: FuzzLedger, _ input: FuzzInput) {
    let receiver = FuzzReceiver(ledger, "", input.has(2) ? "c" : "e")
    let method: HTTPRequest.Method = input.has(3) ? .head : .post
    let request = HTTPRequest(method: method, scheme: "http", authority: "a", path: "/")
    let sender = client.begin(request, endsHere: input.has(3), receiver: receiver)
    receiver.sends(to: sender)
    sender.send(body: ByteBuffer(string: "some"))
    if input.has(4) { sender.sendEnd(trailers: nil) }
  }
}
