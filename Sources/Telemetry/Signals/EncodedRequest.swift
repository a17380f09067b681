// SPDX-License-Identifier: Apache-2.0

public import NIOCore

/// An export request in protobuf, on its way out.
///
/// Requests of one signal may be joined by putting their bytes one after the other: protobuf merges repeated fields
/// (protobuf, "Last One Wins"; profiles are the exception: they share one dictionary of the request).
public struct EncodedRequest: Hashable, Sendable {
  public var signal: Signal
  public var protobuf: ByteBuffer
  public var itemCount: Int
  /// Who sent it; nil where tenants are not told apart.
  public var tenant: String?

  public init(signal: Signal, protobuf: ByteBuffer, itemCount: Int, tenant: String? = nil) {
    self.signal = signal
    self.protobuf = protobuf
    self.itemCount = itemCount
    self.tenant = tenant
  }
}
