// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import NIOCore
import Synchronization

/// What the event loop has heard of an exchange and the tasks have not yet taken, and who waits for what.
///
/// Continuations are resumed and the event loop is told outside the lock.
final class ClientExchangeState: ExchangeReceiver, Sendable {
  typealias Waiter<Value> = CheckedContinuation<Result<Value, TransportError>, Never>

  enum Response {
    case awaited
    case head(HTTPResponse)
    case complete(HTTPResponse, HTTPFields)
  }

  /// Everything that is shared between the tasks and the event loop.
  struct State {
    var handle: RequestHandle?
    var hasBegun = false
    var isFinished = false
    var response = Response.awaited
    var parts = CircularBuffer<ByteBuffer>()
    var failure: TransportError?
    var begun: Waiter<Void>?
    var head: Waiter<HTTPResponse>?
    var part: Waiter<ByteBuffer?>?
    var trailers: Waiter<HTTPFields>?
    var isAbandoned = false

    /// Why nothing more can be sent.
    var sendError: TransportError? {
      if let failure { return failure }
      if case .complete = response {
        return TransportError(.reset(.noError), "the response is complete: nothing more is sent")
      }
      return isFinished ? TransportError(.cancelled, "the request is complete: nothing more is sent") : nil
    }
  }

  let eventLoop: any EventLoop
  let state = Mutex(State())
  /// Set once by `begun`.
  let sender: NIOLoopBoundBox<(any BodySender)?>
  let writable: NIOLoopBoundBox<Waiter<Void>?>

  init(_ eventLoop: any EventLoop) {
    self.eventLoop = eventLoop
    sender = .makeBoxSendingValue(nil, eventLoop: eventLoop)
    writable = .makeBoxSendingValue(nil, eventLoop: eventLoop)
  }

  func request(_ handle: RequestHandle) {
    let isOver = state.withLock { state in
      state.handle = handle
      return state.failure != nil || state.isAbandoned
    }
    if isOver { handle.cancel() }
  }
}

// MARK: What the tasks ask

extension ClientExchangeState {
  private enum Answer<Value> {
    case now(Result<Value, TransportError>)
    case wait
  }

  /// Waits for what `ask` does not find, in the place it names.
  private func wait<Value: Sendable>(
    in place: any WritableKeyPath<State, Waiter<Value>?> & Sendable, _ ask: @Sendable (inout State) -> Answer<Value>
  ) async throws(TransportError) -> Value {
    let result: Result<Value, TransportError> = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let answer: Result<Value, TransportError>? = state.withLock { state in
          switch ask(&state) {
          case .now(let result): return result
          case .wait where state[keyPath: place] != nil:
            return .failure(TransportError(.limitExceeded, "two tasks read the same side of an exchange"))
          case .wait:
            state[keyPath: place] = continuation
            return nil
          }
        }
        if let answer { continuation.resume(returning: answer) }
      }
    } onCancel: {
      fail(TransportError(.cancelled, "the task was cancelled"), resets: true)
    }
    return try result.get()
  }

  func begun() async throws(TransportError) {
    try await wait(in: \.begun) { state in
      if let failure = state.failure { return .now(.failure(failure)) }
      return state.hasBegun ? .now(.success(())) : .wait
    }
  }

  func response() async throws(TransportError) -> HTTPResponse {
    try await wait(in: \.head) { state in
      switch state.response {
      case .head(let head), .complete(let head, _): return .now(.success(head))
      case .awaited: break
      }
      return state.failure.map { .now(.failure($0)) } ?? .wait
    }
  }

  func nextPart() async throws(TransportError) -> ByteBuffer? {
    let part = try await wait(in: \.part) { state in
      if let part = state.parts.popFirst() { return .now(.success(part)) }
      if let failure = state.failure { return .now(.failure(failure)) }
      if case .complete = state.response { return .now(.success(nil)) }
      return .wait
    }
    if let count = part?.readableBytes { onLoop { $0?.consumed(count) } }
    return part
  }

  func trailers() async throws(TransportError) -> HTTPFields {
    try await wait(in: \.trailers) { state in
      if case .complete(_, let trailers) = state.response { return .now(.success(trailers)) }
      return state.failure.map { .now(.failure($0)) } ?? .wait
    }
  }

  func send(_ body: ByteBuffer) async throws(TransportError) {
    let result: Result<Void, TransportError> = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        if let error = state.withLock(\.sendError) {
          continuation.resume(returning: .failure(error))
          return
        }
        onLoop { sender in
          sender?.send(body: body)
          // Over in the meantime, or writable: the next call finds out.
          guard let sender, !sender.isWritable, self.state.withLock(\.sendError) == nil else {
            continuation.resume(returning: .success(()))
            return
          }
          self.writable.value?.resume(returning: .success(()))
          self.writable.value = continuation
        }
      }
    } onCancel: {
      fail(TransportError(.cancelled, "the task was cancelled"), resets: true)
    }
    try result.get()
  }

  func finish(_ trailers: HTTPFields?) {
    let isFirst = state.withLock { state in
      defer { state.isFinished = true }
      return !state.isFinished
    }
    if isFirst { onLoop { $0?.sendEnd(trailers: trailers) } }
  }

  /// Nobody can ask any more.
  func abandon() {
    let (handle, isComplete) = state.withLock { state in
      state.isAbandoned = true
      guard case .complete = state.response else { return (state.handle, false) }
      return (nil, !state.isFinished)
    }
    handle?.cancel()
    // The server has answered without waiting for the whole request.
    if isComplete { onLoop { $0?.reset(.cancel) } }
  }

  private func onLoop(_ body: @escaping @Sendable ((any BodySender)?) -> Void) {
    if eventLoop.inEventLoop {
      body(sender.value)
    } else {
      eventLoop.execute { body(self.sender.value) }
    }
  }
}
