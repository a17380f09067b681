// SPDX-License-Identifier: Apache-2.0

/// Why a request was not taken. Senders try again after `overloaded` and `unavailable` only.
public struct Refusal: Error, Hashable, Sendable, CustomStringConvertible {
  public enum Reason: Hashable, Sendable {
    /// A queue, a memory budget or a tenant's rate is used up; the same request may succeed after that time.
    case overloaded(retryAfter: Duration)
    /// The node is shutting down, or storage failed.
    case unavailable
    /// The request cannot be read.
    case invalid
    /// The request is larger than the limits allow.
    case tooLarge
    case unauthenticated
    case permissionDenied
  }

  public var reason: Reason
  /// One sentence for the sender.
  public var message: String

  public init(_ reason: Reason, _ message: String) {
    self.reason = reason
    self.message = message
  }

  public var description: String { message }
}
