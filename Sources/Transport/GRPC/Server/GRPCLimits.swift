// SPDX-License-Identifier: Apache-2.0

/// What a gRPC server takes.
public struct GRPCLimits: Sendable {
  /// Longest message as sent, in bytes. Above: RESOURCE_EXHAUSTED before any of it is kept.
  public var messageBytesMax: Int
  /// Longest message after decompression, in bytes. Above: RESOURCE_EXHAUSTED.
  public var decompressedBytesMax: Int
  /// Calls under way at once, all connections together. Above: UNAVAILABLE with RetryInfo.
  public var callsMax: Int
  /// Bytes of messages of one stream that wait for its handler; beyond, the window is not opened further.
  public var queuedBytesMax: Int
  /// For a message that has begun to be complete: its memory is reserved meanwhile. Above: DEADLINE_EXCEEDED.
  public var messageTimeout: Duration
  /// After which a call refused for want of memory or by `callsMax` should be tried again.
  public var retryDelay: Duration
  /// Responses of at least as many bytes are compressed for clients that accept gzip; nil: none are.
  public var compressedFromBytes: Int?

  public init(
    messageBytesMax: Int = 64 << 20, decompressedBytesMax: Int = 64 << 20, callsMax: Int = 65536,
    queuedBytesMax: Int = 64 << 10, messageTimeout: Duration = .seconds(60), retryDelay: Duration = .seconds(1),
    compressedFromBytes: Int? = nil
  ) {
    self.messageBytesMax = messageBytesMax
    self.decompressedBytesMax = decompressedBytesMax
    self.callsMax = callsMax
    self.queuedBytesMax = queuedBytesMax
    self.messageTimeout = messageTimeout
    self.retryDelay = retryDelay
    self.compressedFromBytes = compressedFromBytes
  }
}
