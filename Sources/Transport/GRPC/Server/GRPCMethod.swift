// SPDX-License-Identifier: Apache-2.0

public import NIOCore

/// What a server does when a method is called.
public struct GRPCMethod: Sendable {
  enum Kind: Sendable {
    case unary(@Sendable (ByteBuffer, GRPCRequest, GRPCReply) -> Void)
    case streaming(@Sendable (GRPCRequest, GRPCMessages, GRPCWriter) async throws -> Void)
  }

  let kind: Kind
  /// Also beyond ``GRPCLimits/callsMax``: whoever asks whether a busy server is healthy has to hear that it is.
  var isAlwaysTaken = false

  /// One message in, one out, without a task: the handler runs on the connection's event loop, must not block it, and
  /// answers through the reply, at once or later and from any thread.
  public static func unary(
    _ handler: @escaping @Sendable (_ message: ByteBuffer, _ request: GRPCRequest, _ reply: GRPCReply) -> Void
  ) -> GRPCMethod {
    GRPCMethod(kind: .unary(handler))
  }

  /// One message in, one out, by a task. It is cancelled when the client gives up or its time is over. Errors other than
  /// ``GRPCStatus`` become UNKNOWN.
  public static func unaryAsync(
    _ handler: @escaping @Sendable (_ message: ByteBuffer, _ request: GRPCRequest) async throws -> GRPCResponse
  ) -> GRPCMethod {
    unary { message, request, reply in
      reply.run { try await handler(message, request) }
    }
  }

  /// Any number of messages either way, by a task: server, client and bidirectional streaming. Returning is OK, throwing
  /// a ``GRPCStatus`` is that status. It is cancelled when the client gives up or its time is over.
  public static func streaming(
    _ handler:
      @escaping @Sendable (
        _ request: GRPCRequest, _ messages: GRPCMessages, _ writer: GRPCWriter
      ) async throws -> Void
  ) -> GRPCMethod {
    GRPCMethod(kind: .streaming(handler))
  }
}

/// A message with what is said beside it.
public struct GRPCResponse: Sendable {
  public var message: ByteBuffer
  public var initialMetadata: GRPCMetadata
  public var trailingMetadata: GRPCMetadata

  public init(
    _ message: ByteBuffer, initialMetadata: GRPCMetadata = GRPCMetadata(),
    trailingMetadata: GRPCMetadata = GRPCMetadata()
  ) {
    self.message = message
    self.initialMetadata = initialMetadata
    self.trailingMetadata = trailingMetadata
  }
}

extension GRPCStatus {
  /// The status of a call whose handler threw this.
  init(handlerError: any Error) {
    switch handlerError {
    case let status as GRPCStatus:
      self = status.code == .ok ? GRPCStatus(.unknown, "the method failed with OK") : status
    case is CancellationError: self.init(.cancelled, "the method was cancelled")
    // What an error says may not be meant for the other end.
    default: self.init(.unknown, "the method failed: \(type(of: handlerError))")
    }
  }
}
