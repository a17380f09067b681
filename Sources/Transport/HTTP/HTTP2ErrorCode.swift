// SPDX-License-Identifier: Apache-2.0

/// Why a stream or connection of HTTP/2 ended (RFC 9113, section 7). Codes without a name here survive.
public struct HTTP2ErrorCode: RawRepresentable, Hashable, Sendable {
  public var rawValue: UInt32

  public init(rawValue: UInt32) { self.rawValue = rawValue }

  public static let noError = Self(rawValue: 0x0)
  public static let protocolError = Self(rawValue: 0x1)
  public static let internalError = Self(rawValue: 0x2)
  public static let flowControlError = Self(rawValue: 0x3)
  public static let settingsTimeout = Self(rawValue: 0x4)
  public static let streamClosed = Self(rawValue: 0x5)
  public static let frameSizeError = Self(rawValue: 0x6)
  public static let refusedStream = Self(rawValue: 0x7)
  public static let cancel = Self(rawValue: 0x8)
  public static let compressionError = Self(rawValue: 0x9)
  public static let connectError = Self(rawValue: 0xa)
  public static let enhanceYourCalm = Self(rawValue: 0xb)
  public static let inadequateSecurity = Self(rawValue: 0xc)
  public static let http11Required = Self(rawValue: 0xd)
}
