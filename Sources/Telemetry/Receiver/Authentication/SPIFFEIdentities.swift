// SPDX-License-Identifier: Apache-2.0

public import HTTPTypes
public import Transport

/// Admits senders by the SPIFFE ID in their client certificate, which TLS has verified. The trust domain, or the
/// namespace of `spiffe://DOMAIN/ns/NAMESPACE/sa/ACCOUNT` as Istio writes it, is the tenant.
public struct SPIFFEIdentities: Authenticator {
  private let allowed: [SPIFFEPattern]

  /// - Parameter allowed: at least one has to fit.
  public init(allowed: [SPIFFEPattern]) {
    self.allowed = allowed
  }

  public func authenticate(_ fields: HTTPFields, _ peer: Peer) throws(Refusal) -> Identity {
    guard let certificate = peer.tls?.certificate else {
      throw Refusal(.unauthenticated, "no client certificate; this receiver asks for one with a SPIFFE ID")
    }
    guard let id = certificate.spiffeID else {
      throw Refusal(.unauthenticated, "the client certificate of \(certificate.subject) has no SPIFFE ID")
    }
    guard allowed.contains(where: { $0.matches(id) }) else {
      throw Refusal(.permissionDenied, "\(id) is not among the SPIFFE IDs that may send here")
    }
    return Identity(name: "\(id)", tenant: Self.tenant(of: id))
  }

  private static func tenant(of id: SPIFFEID) -> String {
    let segments = id.path.split(separator: "/")
    return segments.count >= 2 && segments[0] == "ns" ? String(segments[1]) : id.trustDomain
  }
}
