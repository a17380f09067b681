// SPDX-License-Identifier: Apache-2.0

internal import NIOCore
internal import Synchronization

/// Messages between the event loop that receives them and the task that takes them, one task at a time.
final class GRPCMessageQueue: Sendable {
  /// What a message takes up beside its bytes; a flood of empty ones must not come for free.
  static let messageOverheadBytes = 64

  /// What a message counts for, here and in the memory budget.
  static func cost(_ message: ByteBuffer) -> Int { message.readableBytes + messageOverheadBytes }

  private typealias Waiter = CheckedContinuation<Result<ByteBuffer?, GRPCStatus>, Never>

  private struct State {
    var messages = CircularBuffer<ByteBuffer>()
    /// Of the messages that wait.
    var queuedBytes = 0
    /// Of the message that was taken last; the task is thought to hold it until it asks for the next.
    var inHandBytes = 0
    /// The other end waits for `resume`.
    var isPaused = false
    /// What comes after the last message: nil for the end.
    var end: GRPCStatus??
    var waiter: Waiter?
  }

  private let queuedBytesMax: Int
  private let state = Mutex(State())
  /// Called when a paused queue has room again, from any thread.
  private let resume: @Sendable () -> Void
  /// Called with bytes whose message is in nobody's hands any more, from any thread.
  private let release: @Sendable (Int) -> Void
  /// Called when the task that takes is cancelled while it waits, from any thread.
  private let cancel: @Sendable () -> Void

  init(
    queuedBytesMax: Int, resume: @escaping @Sendable () -> Void, release: @escaping @Sendable (Int) -> Void = { _ in },
    cancel: @escaping @Sendable () -> Void = {}
  ) {
    self.queuedBytesMax = queuedBytesMax
    self.resume = resume
    self.release = release
    self.cancel = cancel
  }

  func push(_ message: ByteBuffer) {
    let (waiter, dropped): (Waiter?, Int) = state.withLock { state in
      guard state.end == nil else { return (nil, Self.cost(message)) }
      if let waiter = state.waiter.take() {
        state.inHandBytes = Self.cost(message)
        return (waiter, 0)
      }
      state.messages.append(message)
      state.queuedBytes += Self.cost(message)
      return (nil, 0)
    }
    waiter?.resume(returning: .success(message))
    if dropped > 0 { release(dropped) }
  }

  /// Whether as much waits as may; `resume` is called once it does no longer.
  func pauseIfFull() -> Bool {
    state.withLock { state in
      state.isPaused = state.queuedBytes >= queuedBytesMax
      return state.isPaused
    }
  }

  /// No more messages come. Dropping what is queued also replaces an end that nobody has seen yet.
  ///
  /// - Parameters:
  ///   - failure: what taking throws after the last message; nil when the stream is complete.
  ///   - dropsQueued: what waits cannot be taken any more.
  func finish(_ failure: GRPCStatus?, dropsQueued: Bool = false) {
    let (waiter, dropped): (Waiter?, Int) = state.withLock { state in
      guard state.end == nil || dropsQueued else { return (nil, 0) }
      if (state.end ?? nil) == nil { state.end = .some(failure) }
      return (state.waiter.take(), dropsQueued ? Self.dropAll(&state) : 0)
    }
    waiter?.resume(returning: failure.map { .failure($0) } ?? .success(nil))
    release(dropped)
  }

  /// The next message; nil at the end. Cancelling the task that waits ends the wait with CANCELLED.
  func next() async throws(GRPCStatus) -> ByteBuffer? {
    let result = await withTaskCancellationHandler {
      await withCheckedContinuation { (continuation: Waiter) in
        take(continuation)
      }
    } onCancel: {
      let waiter = state.withLock { $0.waiter.take() }
      waiter?.resume(returning: .failure(Self.cancelled))
      cancel()
    }
    return try result.get()
  }

  private func take(_ continuation: Waiter) {
    var resumes = false
    var released = 0
    let result: Result<ByteBuffer?, GRPCStatus>? = state.withLock { state in
      released = state.inHandBytes
      state.inHandBytes = 0
      if let message = state.messages.popFirst() {
        state.inHandBytes = Self.cost(message)
        state.queuedBytes -= Self.cost(message)
        resumes = state.isPaused && state.queuedBytes < queuedBytesMax
        if resumes { state.isPaused = false }
        return .success(message)
      }
      if let end = state.end { return end.map { .failure($0) } ?? .success(nil) }
      // Asked under the lock: a cancellation after this finds the waiter. A second waiter is a mistake of the caller.
      if Task.isCancelled || state.waiter != nil { return .failure(Self.cancelled) }
      state.waiter = continuation
      return nil
    }
    release(released)
    if resumes { resume() }
    if let result { continuation.resume(returning: result) }
  }

  private static let cancelled = GRPCStatus(.cancelled, "the task was cancelled")

  private static func dropAll(_ state: inout State) -> Int {
    let dropped = state.queuedBytes
    state.messages.removeAll()
    state.queuedBytes = 0
    return dropped
  }
}
