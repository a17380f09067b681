// SPDX-License-Identifier: Apache-2.0

/// What can be set about a relay. Every bound has a value.
public struct RelayOptions: Sendable {
  /// A connect to an endpoint that takes longer has failed; for services whose policy says nothing about it.
  public var connectTimeout: Duration = .seconds(10)
  /// A request without a complete response after this long is answered 504, unless its service's policy has a time of its
  /// own; nil: never.
  public var requestTimeout: Duration?
  /// Free connections to an endpoint are closed after this long; sooner when the endpoint closes them sooner.
  public var idleTimeout: Duration = .seconds(30)
  /// Requests of one service that may wait for a connection, for a service without a policy; more are answered 503.
  public var http1MaxPendingRequests = 1024
  /// Connections of one pool; at most SWERVE_POOL_SLOTS.
  public var poolConnectionsMax = 64
  /// Clients the relay holds; more are closed as they come.
  public var clientsMax = 262_144
  /// Where the agent keeps the responses that policies give in a service's place, one file for each service by its id.
  public var responsesDirectory: String?

  public init() {}
}
