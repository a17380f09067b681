// SPDX-License-Identifier: Apache-2.0

import Glibc

/// An IPv6 address, or an IPv4 address in its IPv4-mapped form `::ffff:a.b.c.d` (RFC 4291 section 2.5.5.2).
///
/// One form for both families, as the kernel's maps have it (`union swerve_address`). The order of addresses is the
/// order of their 128 bits, so IPv4 addresses sort as numbers.
public struct IPAddress: Hashable, Sendable {
  /// The first 64 bits, in host byte order.
  public let high: UInt64
  /// The last 64 bits, in host byte order.
  public let low: UInt64

  public init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// The IPv4 address whose 32 bits, in host byte order, are `ipv4`.
  public init(ipv4: UInt32) {
    self.init(high: 0, low: 0xffff_0000_0000 | UInt64(ipv4))
  }

  public var isIPv4: Bool { high == 0 && low >> 32 == 0xffff }

  /// `0.0.0.0` or `::`, which name no host.
  public var isUnspecified: Bool { high == 0 && (low == 0 || low == 0xffff_0000_0000) }

  /// 224.0.0.0/4 or ff00::/8; TCP has no multicast.
  public var isMulticast: Bool { isIPv4 ? (low >> 28) & 0xf == 0xe : high >> 56 == 0xff }
}

extension IPAddress: Comparable {
  public static func < (left: Self, right: Self) -> Bool {
    left.high != right.high ? left.high < right.high : left.low < right.low
  }
}

extension IPAddress: LosslessStringConvertible {
  /// What `inet_pton` accepts: no leading zeros, no zone index, no port, no brackets.
  public init?(_ description: String) {
    var text = description
    let parsed = text.withUTF8 { IPAddress(utf8: $0) }
    guard let parsed else { return nil }
    self = parsed
  }

  init?(utf8: UnsafeBufferPointer<UInt8>) {
    // inet_pton stops at a NUL, so one inside the text would hide what follows it.
    guard utf8.count < Int(INET6_ADDRSTRLEN), !utf8.isEmpty, !utf8.contains(0) else { return nil }
    let isIPv6 = utf8.contains(UInt8(ascii: ":"))
    let octets = withUnsafeTemporaryAllocation(byteCount: 64, alignment: 1) { text -> (high: UInt64, low: UInt64)? in
      text.copyBytes(from: utf8)
      text[utf8.count] = 0
      guard let source = text.baseAddress?.assumingMemoryBound(to: CChar.self) else { return nil }
      var result: (high: UInt64, low: UInt64) = (0, 0)
      if isIPv6 {
        guard inet_pton(AF_INET6, source, &result) == 1 else { return nil }
        return (UInt64(bigEndian: result.high), UInt64(bigEndian: result.low))
      }
      var word: UInt32 = 0
      guard inet_pton(AF_INET, source, &word) == 1 else { return nil }
      return (0, 0xffff_0000_0000 | UInt64(UInt32(bigEndian: word)))
    }
    guard let octets else { return nil }
    self.init(high: octets.high, low: octets.low)
  }

  public var description: String {
    if isIPv4 {
      let word = UInt32(truncatingIfNeeded: low)
      return "\(word >> 24).\((word >> 16) & 255).\((word >> 8) & 255).\(word & 255)"
    }
    var halves = (high.bigEndian, low.bigEndian)
    return withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(INET6_ADDRSTRLEN)) { text in
      guard let start = text.baseAddress, inet_ntop(AF_INET6, &halves, start, socklen_t(text.count)) != nil else {
        return ""
      }
      return String(cString: start)
    }
  }
}

extension IPAddress: Codable {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    guard let address = IPAddress(text) else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "`\(text)` is not an IP address")
    }
    self = address
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
