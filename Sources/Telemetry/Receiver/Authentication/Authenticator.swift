// SPDX-License-Identifier: Apache-2.0

public import HTTPTypes
public import Transport

/// Says who sent a request, from its header fields and its connection, before anything of its body is kept.
public protocol Authenticator: Sendable {
  /// Called on an event loop, by several at once; must not block. What takes longer is begun, and the sender is asked to
  /// come again with `Refusal.Reason.overloaded`.
  func authenticate(_ fields: HTTPFields, _ peer: Peer) throws(Refusal) -> Identity
}

/// Who sent a request.
public struct Identity: Hashable, Sendable {
  /// User name of a token, or SPIFFE ID of a certificate.
  public var name: String
  /// Whose limits and pipelines apply.
  public var tenant: String

  public init(name: String, tenant: String) {
    self.name = name
    self.tenant = tenant
  }
}
