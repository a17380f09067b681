// SPDX-License-Identifier: Apache-2.0

public import NIOCore

/// What is known of the other end of a connection.
public struct Peer: Sendable {
  public var address: SocketAddress?
  /// Nil without TLS.
  public var tls: TLSSession?
  public var version: HTTPVersion

  public init(address: SocketAddress?, tls: TLSSession? = nil, version: HTTPVersion) {
    self.address = address
    self.tls = tls
    self.version = version
  }
}

/// The versions spoken here.
public enum HTTPVersion: String, Sendable {
  case http1 = "1.1"
  case http2 = "2"
}
