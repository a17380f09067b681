// SPDX-License-Identifier: Apache-2.0

public import HTTPTypes

/// What is known of a request besides its content.
public struct ReceiveContext: Sendable {
  /// Who sent it, from its credentials or its metadata; nil where tenants are not told apart.
  public var tenant: String?
  /// gRPC metadata or HTTP header fields, in the Collector's words "client metadata".
  public var metadata: HTTPFields

  public init(tenant: String? = nil, metadata: HTTPFields = [:]) {
    self.tenant = tenant
    self.metadata = metadata
  }
}
