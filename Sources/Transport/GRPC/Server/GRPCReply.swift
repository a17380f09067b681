// SPDX-License-Identifier: Apache-2.0

public import NIOCore
internal import Synchronization

/// Answers one unary call; from any thread, once. What comes later has no effect, and a reply that goes unanswered
/// answers INTERNAL, so that no client waits for a forgotten one.
public final class GRPCReply: Sendable {
  private let call: GRPCServerCall
  private let reservation: MemoryReservation
  private let isAnswered = Atomic(false)

  init(_ call: GRPCServerCall, _ reservation: MemoryReservation) {
    self.call = call
    self.reservation = reservation
  }

  deinit {
    if !isAnswered.load(ordering: .relaxed) { finish(.failure(GRPCStatus(.internal, "the method did not answer"))) }
  }

  /// Answers OK.
  public func succeed(_ message: ByteBuffer) { answer(.success(GRPCResponse(message))) }

  /// Answers OK, with metadata.
  public func succeed(_ response: GRPCResponse) { answer(.success(response)) }

  public func fail(_ status: GRPCStatus) { answer(.failure(status)) }

  /// Nobody waits for the answer any more: the client gave up, or its time is over.
  public var isCancelled: Bool { call.isCancelled.load(ordering: .relaxed) }

  /// Answers with what a task comes to, which is cancelled with the call. On the event loop.
  func run(_ work: @escaping @Sendable () async throws -> GRPCResponse) {
    call.task = Task {
      do { self.succeed(try await work()) } catch { self.fail(GRPCStatus(handlerError: error)) }
    }
  }

  private func answer(_ result: Result<GRPCResponse, GRPCStatus>) {
    guard !isAnswered.exchange(true, ordering: .relaxed) else { return }
    finish(result)
  }

  private func finish(_ result: Result<GRPCResponse, GRPCStatus>) {
    let (call, reservation) = (call, reservation)
    if call.eventLoop.inEventLoop {
      call.answer(result)
      reservation.releaseAll()
    } else {
      call.eventLoop.execute {
        call.answer(result)
        reservation.releaseAll()
      }
    }
  }
}
