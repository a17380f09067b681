// SPDX-License-Identifier: Apache-2.0

public import NIOCore

/// A call under way, messages either way. Sending and receiving may be done by different tasks; each side by one task at a
/// time. When the last reference goes before the call has ended, it is cancelled, and so it is when a task that waits for
/// it is cancelled.
public final class GRPCCall: Sendable {
  private let call: GRPCClientCall
  private let compression: GRPCEncoding

  init(_ call: GRPCClientCall, _ compression: GRPCEncoding) {
    self.call = call
    self.compression = compression
  }

  deinit { call.cancel() }

  /// Sends a message, and waits while the server or the network takes no more.
  ///
  /// - Throws: the status that ended the call, when it has ended; that may be OK, when the server has answered without
  ///   waiting for all messages.
  public func send(_ message: ByteBuffer) async throws(GRPCStatus) {
    let frame = try GRPCFrameWriter.frame(message, compression)
    let result = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        call.eventLoop.execute { [call] in call.write(frame, continuation) }
      }
    } onCancel: { [call] in
      call.cancel()
    }
    try result.get()
  }

  /// No more messages are sent.
  public func finish() {
    call.eventLoop.execute { [call] in call.finish() }
  }

  /// What the server sends; ends with its status, thrown unless it is OK. Keeps the call alive.
  public var messages: GRPCMessages { GRPCMessages(queue: call.queue, owner: self) }

  /// The response's header fields, once they have come.
  ///
  /// - Throws: the status, when the call ends without any.
  public func initialMetadata() async throws(GRPCStatus) -> GRPCMetadata {
    let result = await value(of: call.initial.futureResult)
    return try result.get()
  }

  /// How the call ended, and what the server said after the last message. Waits for it; messages that wait to be taken may
  /// hold it up.
  public func end() async -> (status: GRPCStatus, trailingMetadata: GRPCMetadata) {
    let end = await value(of: call.ended.futureResult)
    return (end.status, end.trailingMetadata)
  }

  /// Gives the call up: RST_STREAM with CANCEL. Everything that waits for it fails with CANCELLED.
  public func cancel() { call.cancel() }

  private func value<Value: Sendable>(of future: EventLoopFuture<Value>) async -> Value {
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        // None of these futures fails: failures are among their values.
        future.whenSuccess { continuation.resume(returning: $0) }
      }
    } onCancel: { [call] in
      call.cancel()
    }
  }
}
