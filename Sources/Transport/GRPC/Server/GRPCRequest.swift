// SPDX-License-Identifier: Apache-2.0

/// What is known of a call before its first message.
public struct GRPCRequest: Sendable {
  /// `/package.Service/Method`.
  public var path: String
  public var metadata: GRPCMetadata
  public var peer: Peer
  /// What the client allows for it, nil when it set no limit; it has run since the call began.
  public var timeout: Duration?
  /// What the server's admission found out about the client.
  public var context: (any Sendable)?

  public init(
    path: String, metadata: GRPCMetadata, peer: Peer, timeout: Duration? = nil, context: (any Sendable)? = nil
  ) {
    self.path = path
    self.metadata = metadata
    self.peer = peer
    self.timeout = timeout
    self.context = context
  }
}

/// That a call may go on.
public struct GRPCAdmission: Sendable {
  /// Handed to the method in ``GRPCRequest/context``.
  public var context: (any Sendable)?
  /// Called once when the call has ended, on its event loop: gives back what a limit counts.
  public var onEnd: (@Sendable () -> Void)?

  public init(context: (any Sendable)? = nil, onEnd: (@Sendable () -> Void)? = nil) {
    self.context = context
    self.onEnd = onEnd
  }
}

/// Decides over a call by its head and peer, before any byte of its messages is kept: who is it, and has it had enough?
/// Called on the connection's event loop, so it must not block; what it throws is the answer.
public typealias GRPCAdmissionCheck = @Sendable (GRPCRequest) throws(GRPCStatus) -> GRPCAdmission
