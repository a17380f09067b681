// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import NIOCore
import Transport

/// One exchange, at either end: ends the process when it hears something that it must not.
final class FuzzReceiver: ResponseReceiver {
  private let ledger: FuzzLedger
  private let number: Int
  private let behaviour: Character
  private let isServer: Bool
  private var sender: (any BodySender)?
  private var unconsumed = 0
  private var left = 100_000
  private var hasHead = false
  private var hasEnded = false
  private var hasFailed = false

  /// - Parameter response: a server's.
  init(
    _ ledger: FuzzLedger, _ request: String, _ behaviour: Character, _ response: (any ResponseSender)? = nil
  ) {
    self.ledger = ledger
    self.behaviour = behaviour
    isServer = response != nil
    sender = response
    number = ledger.exchanges.count
    ledger.exchanges.append(FuzzLedger.Exchange(request: request))
    if behaviour == "p" { pour() }
  }

  /// A client's, once the request has begun.
  func sends(to sender: any BodySender) {
    if !hasEnded, !hasFailed { self.sender = sender }
  }

  func receive(head: HTTPResponse) {
    precondition(!isServer && !hasHead && !hasEnded && !hasFailed, "a second head, or one after the end")
    // All of it can be read.
    precondition(!"\(head) \(head.headerFields)".isEmpty)
    hasHead = true
  }

  func receive(body: ByteBuffer) {
    precondition(hasHead != isServer && !hasEnded && !hasFailed, "a body before the head or after the end")
    ledger.exchanges[number].body += Array(body.readableBytesView)
    switch behaviour {
    case "h": return
    case "c", "l": unconsumed += body.readableBytes
    default:
      if isServer { sender?.send(body: body) }
      sender?.consumed(body.readableBytes)
    }
  }

  func receiveEnd(trailers: HTTPFields?) {
    precondition(hasHead != isServer && !hasEnded && !hasFailed, "a second end, or one after a failure")
    hasEnded = true
    ledger.exchanges[number].isOver = true
    ledger.exchanges[number].trailers = trailers.map { "\($0)" } ?? ""
    sender?.consumed(unconsumed)
    switch behaviour {
    case "h", "p": return
    case "c": answer()
    case "l": sender?.eventLoop.assumeIsolated().execute { self.answer() }
    default: if isServer { sender?.sendEnd(trailers: trailers) }
    }
  }

  func fail(_ error: TransportError) {
    // A server's handler also hears that its answer is no longer waited for.
    precondition(!hasFailed && (isServer || !hasEnded), "a second failure, or one after the end")
    hasFailed = true
    ledger.exchanges[number].isOver = true
    precondition(!error.description.isEmpty)
    // What is said after a failure has no effect.
    sender?.send(body: ByteBuffer(string: "x"))
    sender?.consumed(1)
    sender?.sendEnd(trailers: nil)
    sender = nil
  }

  func becameWritable() {
    if behaviour == "p" { pour() }
  }

  private func answer() {
    guard let response = sender as? any ResponseSender else { return }
    response.respond(HTTPResponse(status: .ok), body: ByteBuffer(string: "late"))
  }

  private func pour() {
    while left > 0, let sender, sender.isWritable, !hasFailed {
      let count = min(left, 16 << 10)
      left -= count
      sender.send(body: ByteBuffer(repeating: 0x62, count: count))
    }
    if left == 0 { sender?.sendEnd(trailers: nil) }
  }
}
