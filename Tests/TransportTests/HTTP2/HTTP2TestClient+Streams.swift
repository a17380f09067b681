// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import NIOCore
import Synchronization

@testable import Transport

extension HTTP2TestClient {
  /// Begins a request that stays open, after `body`.
  func start(_ path: String, body: ByteBuffer? = nil) async throws -> NIOLoopBound<any BodySender> {
    try await run { connection in
      let request = HTTPRequest(method: .post, scheme: "http", authority: "a", path: path)
      let sender = connection.begin(request, endsHere: false, receiver: CollectingReceiver { _ in })
      if let body { sender.send(body: body) }
      return NIOLoopBound(sender, eventLoop: connection.eventLoop)
    }
  }

  /// Begins a request whose answer is never consumed.
  func hold(_ path: String) async throws -> HoldingReceiver {
    let receiver = HoldingReceiver()
    try await run { connection in
      let request = HTTPRequest(method: .get, scheme: "http", authority: "a", path: path)
      _ = connection.begin(request, endsHere: true, receiver: receiver)
    }
    return receiver
  }

  func observe() async throws -> ObservingDelegate {
    let delegate = ObservingDelegate()
    try await run { $0.delegate = delegate }
    return delegate
  }
}

/// Counts what comes, and consumes nothing.
final class HoldingReceiver: ResponseReceiver, Sendable {
  let received = Atomic(0)

  func receive(head: HTTPResponse) {}
  func receive(body: ByteBuffer) { received.add(body.readableBytes, ordering: .relaxed) }
  func receiveEnd(trailers: HTTPFields?) {}
  func fail(_ error: TransportError) {}
}

final class ObservingDelegate: ClientConnectionDelegate, Sendable {
  let availabilities = Mutex<[Int]>([])
  let closed = Mutex(0)
  let error = Mutex<TransportError?>(nil)

  func streamsAvailableChanged(_ connection: any ClientConnection) {
    availabilities.withLock { $0.append(connection.streamsAvailable) }
  }

  func closed(_ connection: any ClientConnection, _ error: TransportError?) {
    closed.withLock { $0 += 1 }
    self.error.withLock { $0 = error }
  }
}
