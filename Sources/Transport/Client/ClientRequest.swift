// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import NIOCore

/// One request of an `HTTPClient`, from the call to its end: while it waits for a connection, and then between the
/// connection and the receiver, so that the pool knows when it is over.
///
/// Everything but `cancel` is for the client's event loop only, which makes the unchecked conformance true.
final class ClientRequest: ResponseReceiver, @unchecked Sendable {
  let request: HTTPRequest
  let endsHere: Bool
  let deadline: NIODeadline?
  private let pool: ConnectionPool

  private enum State {
    case created
    case waiting(any ExchangeReceiver)
    /// The connection has not yet returned the sender when it fails in `begin`.
    case running(any ExchangeReceiver, (any BodySender)?)
    case over
  }

  private var state = State.created
  private var timer: Scheduled<Void>?
  /// Told when the exchange is over: the connection counts what it carries.
  var whenOver: (() -> Void)?

  init(_ request: HTTPRequest, endsHere: Bool, deadline: NIODeadline?, pool: ConnectionPool) {
    self.request = request
    self.endsHere = endsHere
    self.deadline = deadline
    self.pool = pool
  }

  /// Gives the request up, from any thread: its receiver fails with `cancelled`, unless it is over.
  func cancel() {
    let error = TransportError(.cancelled, "the request was cancelled")
    if pool.eventLoop.inEventLoop {
      abort(error)
    } else {
      pool.eventLoop.execute { self.abort(error) }
    }
  }

  var isOver: Bool {
    if case .over = state { true } else { false }
  }

  /// Now it waits for a connection.
  func wait(_ receiver: any ExchangeReceiver) {
    // Cancelled before its turn on the event loop came.
    guard case .created = state else {
      receiver.fail(TransportError(.cancelled, "the request was cancelled"))
      return
    }
    state = .waiting(receiver)
    guard let deadline else { return }
    timer = pool.eventLoop.assumeIsolatedUnsafeUnchecked().scheduleTask(deadline: deadline) { [weak self] in
      self?.abort(TransportError(.timedOut, "no response within the time allowed for the request"))
    }
  }

  /// Takes it over a connection.
  func begin(on connection: any ClientConnection) {
    guard case .waiting(let receiver) = state else { return }
    state = .running(receiver, nil)
    let sender = connection.begin(request, endsHere: endsHere, receiver: self)
    guard case .running = state else { return }
    state = .running(receiver, sender)
    receiver.begun(sender)
  }

  /// Ends it here, and at the other end if it has got there.
  func abort(_ error: TransportError) {
    let before = state
    end()
    switch before {
    case .created, .over: break
    case .waiting(let receiver): receiver.fail(error)
    case .running(let receiver, let sender):
      sender?.reset(.cancel)
      receiver.fail(error)
    }
  }

  private func end() {
    state = .over
    timer?.cancel()
    timer = nil
    let whenOver = whenOver
    self.whenOver = nil
    whenOver?()
  }

  // MARK: What the connection says

  func receive(head: HTTPResponse) {
    if case .running(let receiver, _) = state { receiver.receive(head: head) }
  }

  func receive(body: ByteBuffer) {
    if case .running(let receiver, _) = state { receiver.receive(body: body) }
  }

  func receiveEnd(trailers: HTTPFields?) {
    guard case .running(let receiver, _) = state else { return }
    end()
    receiver.receiveEnd(trailers: trailers)
  }

  func fail(_ error: TransportError) {
    guard case .running(let receiver, _) = state else { return }
    end()
    receiver.fail(error)
  }

  func becameWritable() {
    if case .running(let receiver, _) = state { receiver.becameWritable() }
  }
}
