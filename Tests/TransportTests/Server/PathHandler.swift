// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import NIOCore
import Synchronization
import Transport

/// A server's application with one behaviour for each path.
final class PathHandler: RequestHandler {
  struct Record: Sendable {
    var requests: [HTTPRequest] = []
    var peers: [Transport.Peer] = []
    var receivers = 0
    var ended = 0
    var failures: [TransportError] = []
    var receivedBytes = 0
    var pouredBytes = 0
  }

  private let state = Mutex(Record())
  var record: Record { state.withLock { $0 } }

  func note(_ change: (inout Record) -> Void) { state.withLock { change(&$0) } }

  func begin(_ request: HTTPRequest, from peer: Transport.Peer, answering response: any ResponseSender) -> (
    any BodyReceiver
  )? {
    note {
      $0.requests.append(request)
      $0.peers.append(peer)
    }
    let (path, number) = Self.split(request.path ?? "")
    switch path {
    case "/hello":
      let body = ByteBuffer(string: "hello")
      response.respond(HTTPResponse(status: .ok, headerFields: [.contentLength: "5"]), body: body)
      return nil
    case "/early":
      response.respond(HTTPResponse(status: .contentTooLarge, headerFields: [.contentLength: "0"]))
      return nil
    case "/nocontent":
      response.respond(HTTPResponse(status: .noContent), body: ByteBuffer(string: "dropped"))
      return nil
    case "/wrong":
      response.respond(
        HTTPResponse(status: .ok, headerFields: [.contentLength: "10"]), body: ByteBuffer(string: "five!"))
      return nil
    case "/delay":
      nonisolated(unsafe) let response = response
      response.eventLoop.scheduleTask(in: .milliseconds(Int64(number))) {
        response.respond(HTTPResponse(status: .ok), body: ByteBuffer(string: "late"))
      }
      return Receiver(self, response, .ignore)
    case "/big":
      response.send(head: HTTPResponse(status: .ok))
      let receiver = Receiver(self, response, .pour(number))
      receiver.becameWritable()
      return receiver
    case "/echo":
      response.send(head: HTTPResponse(status: .ok))
      return Receiver(self, response, .echo)
    case "/collect": return Receiver(self, response, .collect)
    case "/never": return Receiver(self, response, .ignore)
    case "/stall": return Receiver(self, response, .stall)
    case "/reset":
      response.reset(.internalError)
      return Receiver(self, response, .ignore)
    default:
      response.respond(HTTPResponse(status: .notFound))
      return nil
    }
  }

  /// "/big/17" is "/big" and 17.
  private static func split(_ path: String) -> (String, Int) {
    let parts = path.split(separator: "/")
    return (parts.first.map { "/" + $0 } ?? "/", parts.count > 1 ? Int(parts[1]) ?? 0 : 0)
  }

  final class Receiver: BodyReceiver {
    enum Behaviour {
      case echo
      case collect
      case ignore
      case stall
      case pour(Int)
    }

    private let handler: PathHandler
    private let response: any ResponseSender
    private var behaviour: Behaviour
    private var body = ByteBuffer()

    init(_ handler: PathHandler, _ response: any ResponseSender, _ behaviour: Behaviour) {
      self.handler = handler
      self.response = response
      self.behaviour = behaviour
      handler.note { $0.receivers += 1 }
    }

    func receive(body part: ByteBuffer) {
      handler.note { $0.receivedBytes += part.readableBytes }
      var part = part
      let count = part.readableBytes
      switch behaviour {
      case .echo:
        response.send(body: part)
        response.consumed(count)
      case .collect:
        body.writeBuffer(&part)
        response.consumed(count)
      case .stall: break
      case .ignore, .pour: response.consumed(count)
      }
    }

    func receiveEnd(trailers: HTTPFields?) {
      handler.note { $0.ended += 1 }
      switch behaviour {
      case .echo: response.sendEnd(trailers: trailers)
      case .collect:
        let names = trailers?.map { "\($0.name)=\($0.value)" }.joined(separator: ",") ?? ""
        response.respond(HTTPResponse(status: .ok), body: ByteBuffer(string: "\(body.readableBytes) \(names)"))
      case .ignore, .stall, .pour: break
      }
    }

    func fail(_ error: TransportError) {
      handler.note { $0.failures.append(error) }
    }

    func becameWritable() {
      guard case .pour(var left) = behaviour else { return }
      while left > 0, response.isWritable {
        let count = min(left, 16 << 10)
        left -= count
        handler.note { $0.pouredBytes += count }
        response.send(body: ByteBuffer(repeating: 0x61, count: count))
      }
      behaviour = .pour(left)
      guard left == 0 else { return }
      behaviour = .ignore
      response.sendEnd(trailers: nil)
    }
  }
}
