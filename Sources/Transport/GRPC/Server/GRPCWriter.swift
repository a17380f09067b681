// SPDX-License-Identifier: Apache-2.0

public import NIOCore

/// Answers a streaming call; for its handler, and tasks that end before it.
public struct GRPCWriter: Sendable {
  let call: GRPCServerCall

  /// Sends a message, and waits until the other end has taken enough of what went before.
  ///
  /// - Throws: the status that ended the call, when it has ended.
  public func write(_ message: ByteBuffer) async throws(GRPCStatus) {
    let frame = try GRPCFrameWriter.frame(message, call.encoding(for: message))
    let result = await withCheckedContinuation { continuation in
      call.eventLoop.execute { call.write(frame, continuation) }
    }
    try result.get()
  }

  /// Sends the response's header fields, now rather than before the first message. Has no effect after that.
  public func sendInitialMetadata(_ metadata: GRPCMetadata = GRPCMetadata()) {
    call.eventLoop.execute { call.sendHead(metadata) }
  }

  /// What is said after the last message.
  public func setTrailingMetadata(_ metadata: GRPCMetadata) {
    call.eventLoop.execute { call.trailingMetadata = metadata }
  }
}
