// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
import NIOCore

/// What the event loop says. Each change is made under the lock, and whoever waits for it is told afterwards.
extension ClientExchangeState {
  func begun(_ sender: any BodySender) {
    self.sender.value = sender
    let waiter = state.withLock { state in
      state.hasBegun = true
      return state.begun.take()
    }
    waiter?.resume(returning: .success(()))
  }

  func receive(head: HTTPResponse) {
    let waiter = state.withLock { state in
      state.response = .head(head)
      return state.head.take()
    }
    waiter?.resume(returning: .success(head))
  }

  func receive(body: ByteBuffer) {
    let (waiter, isDropped) = state.withLock { state in
      let waiter = state.part.take()
      let isDropped = state.isAbandoned || state.failure != nil
      if waiter == nil, !isDropped { state.parts.append(body) }
      return (waiter, isDropped)
    }
    if isDropped { sender.value?.consumed(body.readableBytes) }
    waiter?.resume(returning: .success(body))
  }

  func receiveEnd(trailers: HTTPFields?) {
    let trailers = trailers ?? [:]
    let (part, waiter) = state.withLock { state in
      // A connection says the head before the end; without one there is nothing to complete.
      if case .head(let head) = state.response { state.response = .complete(head, trailers) }
      return (state.part.take(), state.trailers.take())
    }
    part?.resume(returning: .success(nil))
    waiter?.resume(returning: .success(trailers))
    releaseWriter()
  }

  func fail(_ error: TransportError) {
    fail(error, resets: false)
    releaseWriter()
  }

  func becameWritable() {
    releaseWriter()
  }

  /// Ends it for the tasks. From any thread.
  ///
  /// - Parameter resets: it is not over at the other end.
  func fail(_ error: TransportError, resets: Bool) {
    let state = state.withLock { state -> State? in
      if case .complete = state.response { return nil }
      guard state.failure == nil else { return nil }
      state.failure = error
      // What was read before a failure stays readable; after cancelling nobody reads.
      if resets { state.parts.removeAll() }
      defer { (state.begun, state.head, state.part, state.trailers) = (nil, nil, nil, nil) }
      return state
    }
    guard let state else { return }
    state.begun?.resume(returning: .failure(error))
    state.head?.resume(returning: .failure(error))
    state.part?.resume(returning: .failure(error))
    state.trailers?.resume(returning: .failure(error))
    if resets { state.handle?.cancel() }
  }

  /// Who waits to send goes on, or finds out why it cannot.
  private func releaseWriter() {
    let waiter = writable.value
    writable.value = nil
    guard let waiter else { return }
    let error = state.withLock(\.sendError)
    waiter.resume(returning: error.map { .failure($0) } ?? .success(()))
  }
}
