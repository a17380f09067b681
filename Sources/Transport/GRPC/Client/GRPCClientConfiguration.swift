// SPDX-License-Identifier: Apache-2.0

extension GRPCClient {
  /// How calls are made and what they take.
  public struct Configuration: Sendable {
    /// `:authority` of every call: host, and port unless it is the scheme's. Nil: where the ``HTTPClient`` connects.
    public var authority: String?
    public var userAgent = "grpc-swerve"
    /// Longest message received, as sent, in bytes. Above: RESOURCE_EXHAUSTED.
    public var messageBytesMax = 4 << 20
    /// The same after decompression.
    public var decompressedBytesMax = 4 << 20
    /// Bytes of messages of one stream that wait to be taken; beyond, the window is not opened further.
    public var queuedBytesMax = 256 << 10
    /// What is sent is kept until the response begins, so that a call can be made again that the server has certainly not
    /// looked at; a stream that has sent more than this many bytes is not.
    public var retryBytesMax = 1 << 20

    public init(authority: String? = nil) {
      self.authority = authority
    }
  }
}
