// SPDX-License-Identifier: Apache-2.0

/// Why a connection or exchange failed.
public struct TransportError: Error, Hashable, Sendable, CustomStringConvertible {
  public enum Code: Hashable, Sendable {
    /// The name has no address, or the connection could not be made.
    case connectFailed
    /// The TLS handshake failed: certificate, version, or the other end is no TLS.
    case tlsFailed
    /// The other end broke the protocol.
    case protocolViolation
    /// The other end reset the exchange; HTTP/1.1 has no such code, its connection is closed.
    case reset(HTTP2ErrorCode)
    /// The connection ended with the exchange under way. `isUnprocessed` says whether the request may be sent again.
    case connectionClosed
    /// The time allowed for it has passed.
    case timedOut
    /// A limit on size or count was reached.
    case limitExceeded
    /// This end gave up: shut down or cancelled.
    case cancelled
    /// The configuration cannot work: a missing file, an unusable certificate.
    case invalidConfiguration
  }

  public var code: Code
  /// One sentence for people: what, why, and what to do where that is known.
  public var message: String
  /// The other end has certainly not looked at the request (REFUSED_STREAM, above GOAWAY's last stream, never sent): it may
  /// be sent again, whatever it does.
  public var isUnprocessed: Bool

  public init(_ code: Code, _ message: String, isUnprocessed: Bool = false) {
    self.code = code
    self.message = message
    self.isUnprocessed = isUnprocessed
  }

  public var description: String { message }
}
