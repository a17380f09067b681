// SPDX-License-Identifier: Apache-2.0

/// The name of a workload: `spiffe://trust-domain/path` (the SPIFFE ID specification, sections 2.1 to 2.4).
public struct SPIFFEID: Hashable, Sendable, CustomStringConvertible {
  /// Of the whole text, in bytes.
  public static let byteCountMax = 2048
  public static let trustDomainByteCountMax = 255

  public let trustDomain: String
  /// Begins with `/`, or is empty: the trust domain's own ID.
  public let path: String

  /// - Throws: `invalidConfiguration`, saying what is wrong with it.
  public init(_ text: String) throws(TransportError) {
    func invalid(_ reason: String) -> TransportError {
      TransportError(.invalidConfiguration, "SPIFFE ID \(text.prefix(100).debugDescription): \(reason)")
    }
    guard text.utf8.count <= Self.byteCountMax else { throw invalid("longer than \(Self.byteCountMax) bytes") }
    guard text.hasPrefix(Self.scheme) else { throw invalid("must begin with \(Self.scheme)") }
    let rest = text.utf8.dropFirst(Self.scheme.utf8.count)
    let domain = rest.prefix { $0 != UInt8(ascii: "/") }
    guard !domain.isEmpty else { throw invalid("has no trust domain") }
    guard domain.count <= Self.trustDomainByteCountMax else {
      throw invalid("the trust domain is longer than \(Self.trustDomainByteCountMax) bytes")
    }
    // Leaves out user information, ports, queries, fragments and percent encoding, as the specification does.
    guard domain.allSatisfy(Self.isInTrustDomain) else {
      throw invalid("a trust domain has lower-case letters, digits, dots, dashes and underscores only")
    }
    let path = rest[domain.endIndex...]
    for segment in path.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).dropFirst() {
      guard !segment.isEmpty else { throw invalid("has an empty path segment or ends with /") }
      guard !segment.elementsEqual(".".utf8), !segment.elementsEqual("..".utf8) else {
        throw invalid("has a relative path segment")
      }
      guard segment.allSatisfy(Self.isInSegment) else {
        throw invalid("a path segment has letters, digits, dots, dashes and underscores only")
      }
    }
    trustDomain = String(decoding: domain, as: UTF8.self)
    self.path = String(decoding: path, as: UTF8.self)
  }

  public var description: String { Self.scheme + trustDomain + path }

  static let scheme = "spiffe://"

  private static func isInTrustDomain(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
    case UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"): true
    default: false
    }
  }

  private static func isInSegment(_ byte: UInt8) -> Bool {
    isInTrustDomain(byte) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
  }
}

extension PeerCertificate {
  /// Nil unless the certificate is an X.509-SVID of a workload: exactly one URI, which is a SPIFFE ID, and no right to
  /// sign other certificates (the X.509-SVID specification, sections 2, 4 and 5.2).
  public var spiffeID: SPIFFEID? {
    guard uris.count == 1, !isAuthority else { return nil }
    return try? SPIFFEID(uris[0])
  }
}
