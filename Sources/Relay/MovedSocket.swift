// SPDX-License-Identifier: Apache-2.0

/// A socket on its way from one relay to its successor. Its role, service and index are in its socket storage.
public struct MovedSocket: Sendable, Equatable {
  public enum Kind: Sendable, Equatable {
    /// Accepted from a client, with the bytes read from it in its whole life; see `Relay.adopt(acceptedSocket:bytesRead:)`.
    case accepted(bytesRead: UInt64)
    /// A connection of the pool, with its slot.
    case pool(slot: UInt32)
  }

  /// The receiver of this value owns it: it closes its copy when the successor has one.
  public let descriptor: Int32
  public let kind: Kind

  public init(descriptor: Int32, kind: Kind) {
    self.descriptor = descriptor
    self.kind = kind
  }
}
