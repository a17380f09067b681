// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import NIOCore
import Synchronization

@testable import Transport

/// Answers by path, as tests want it.
///
/// | path | answer |
/// |---|---|
/// | /echo | head at once, each part of the body as it comes, the request's trailers |
/// | /unary | head, body and trailers when the request is complete |
/// | /trailers-only | one HEADERS frame |
/// | /early | a whole answer before the body |
/// | /blob?N | N bytes, as fast as they are taken |
/// | /hold | nothing, ever |
/// | /keep | keeps what comes and does not consume it |
/// | /reset | RST_STREAM with CANCEL |
final class TestHandler: RequestHandler {
  let failures = Mutex<[TransportError]>([])
  /// What a receiver heard after its failure, or a second time.
  let surprises = Atomic(0)
  let begun = Atomic(0)
  let receivedByteCount = Atomic(0)
  let sentByteCount = Atomic(0)
  /// Memory behind what was received.
  let storageByteCount = Atomic(0)

  func begin(_ request: HTTPRequest, from peer: Transport.Peer, answering response: any ResponseSender) -> (
    any BodyReceiver
  )? {
    begun.add(1, ordering: .relaxed)
    let parts = (request.path ?? "").split(separator: "?")
    switch parts.first {
    case "/trailers-only":
      response.respond(HTTPResponse(status: .ok, headerFields: [.init("grpc-status") ?? .te: "12"]))
      return nil
    case "/early":
      response.respond(HTTPResponse(status: .accepted), body: ByteBuffer(string: "early"))
      return nil
    case "/reset":
      response.reset(.cancel)
      return nil
    case "/echo": response.send(head: HTTPResponse(status: .ok))
    case "/blob": response.send(head: HTTPResponse(status: .ok))
    default: break
    }
    let receiver = TestReceiver(self, String(parts.first ?? ""), response)
    receiver.left = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
    return receiver
  }
}

final class TestReceiver: BodyReceiver {
  private static let block = ByteBuffer(repeating: 0x62, count: 64 << 10)
  private let handler: TestHandler
  private let path: String
  private var response: (any ResponseSender)?
  private var body = ByteBuffer()
  private var hasEnded = false
  private var hasFailed = false
  var left = 0

  init(_ handler: TestHandler, _ path: String, _ response: any ResponseSender) {
    self.handler = handler
    self.path = path
    self.response = response
  }

  private func heard(_ expected: Bool) {
    if !expected { handler.surprises.add(1, ordering: .relaxed) }
  }

  func receive(body: ByteBuffer) {
    heard(!hasEnded && !hasFailed)
    handler.receivedByteCount.add(body.readableBytes, ordering: .relaxed)
    handler.storageByteCount.add(body.storageCapacity, ordering: .relaxed)
    if path == "/keep" { return }
    if path == "/echo" { response?.send(body: body) }
    if path == "/unary" { self.body.writeImmutableBuffer(body) }
    response?.consumed(body.readableBytes)
  }

  func receiveEnd(trailers: HTTPFields?) {
    heard(!hasEnded && !hasFailed)
    hasEnded = true
    switch path {
    case "/echo": response?.sendEnd(trailers: trailers)
    case "/unary": response?.respond(HTTPResponse(status: .ok), body: body, trailers: trailers)
    case "/blob": sendBlob()
    case "/hold", "/keep": return
    default: response?.respond(HTTPResponse(status: .notFound))
    }
  }

  func fail(_ error: TransportError) {
    heard(!hasFailed)
    hasFailed = true
    handler.failures.withLock { $0.append(error) }
    response = nil
  }

  func becameWritable() {
    heard(!hasFailed)
    if path == "/blob" { sendBlob() }
  }

  private func sendBlob() {
    guard let response else { return }
    while left > 0, response.isWritable {
      let count = min(left, Self.block.readableBytes)
      left -= count
      handler.sentByteCount.add(count, ordering: .relaxed)
      response.send(body: Self.block.getSlice(at: 0, length: count) ?? ByteBuffer())
    }
    if left == 0 { response.sendEnd(trailers: nil) }
  }
}
