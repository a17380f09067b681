// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import NIOCore
import Transport

/// What the exchanges of a connection have heard.
final class FuzzLedger {
  struct Exchange {
    var request: String
    var body: [UInt8] = []
    /// Nil until the end.
    var trailers: String?
    var isOver = false
  }

  var exchanges: [Exchange] = []

  /// After the connection is gone.
  func check() { precondition(exchanges.allSatisfy(\.isOver), "an exchange has heard neither an end nor a failure") }
}

/// A server's application with one behaviour for each path; short ones, so that they are found by mutation.
///
/// | path | answer |
/// |---|---|
/// | /a | a whole one before the body |
/// | /c | none before the end; the body is consumed at the end |
/// | /h | nothing, ever, and nothing is consumed |
/// | /l | later than the request's end |
/// | /n | no body, and trailers |
/// | /p | 100,000 bytes as they are taken |
/// | /r | a reset |
/// | else | head at once, each part of the body as it comes, the request's trailers |
final class FuzzHandler: RequestHandler {
  // One thread runs the fuzzer and the channel's loop.
  nonisolated(unsafe) let ledger = FuzzLedger()

  func begin(_ request: HTTPRequest, from peer: Peer, answering response: any ResponseSender) -> (any BodyReceiver)? {
    let behaviour = request.path?.dropFirst().first ?? "e"
    switch behaviour {
    case "a":
      response.respond(HTTPResponse(status: .accepted), body: ByteBuffer(string: "early"))
      return nil
    case "n": response.respond(HTTPResponse(status: .noContent), trailers: [.te: "x"])
    case "r": response.reset(.cancel)
    case "c", "h", "l": break
    default: response.send(head: HTTPResponse(status: .ok))
    }
    return FuzzReceiver(ledger, "\(request) \(request.headerFields)", behaviour, response)
  }
}
