// SPDX-License-Identifier: Apache-2.0

public import HTTPTypes
public import Transport

/// Believes a header field, for networks in which everyone who can connect may say who they are.
public struct TenantHeader: Authenticator {
  private let name: HTTPField.Name
  private let tenantBytesMax = 128

  public init(_ name: HTTPField.Name) {
    self.name = name
  }

  public func authenticate(_ fields: HTTPFields, _ peer: Peer) throws(Refusal) -> Identity {
    guard let tenant = fields[name], !tenant.isEmpty else {
      throw Refusal(.unauthenticated, "no tenant; send the header field \(name)")
    }
    guard tenant.utf8.count <= tenantBytesMax else {
      throw Refusal(.invalid, "the header field \(name) is longer than \(tenantBytesMax) bytes")
    }
    return Identity(name: tenant, tenant: tenant)
  }
}
