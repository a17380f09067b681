// SPDX-License-Identifier: Apache-2.0

package import NIOCore

extension HTTPClient {
  /// Where the client connects and within which bounds.
  public struct Configuration: Sendable {
    /// Which version of HTTP is spoken.
    public enum Version: Sendable {
      case http1
      /// Without TLS by prior knowledge (RFC 9113, section 3.3), with TLS by ALPN.
      case http2
    }

    /// A name or a numeric address; IPv6 without brackets.
    public var host: String
    public var port: Int
    public var version: Version
    /// Nil: without TLS.
    public var tls: TLSClientContext?
    /// What the server's certificate is for, when that is not `host`.
    public var serverName: String?

    /// For one attempt to one address, TLS included.
    public var connectTimeout: Duration = .seconds(5)
    /// For `send`, when the caller gives none. From the call to the end of the response, the wait for a connection
    /// included.
    public var requestTimeout: Duration = .seconds(10)
    /// A connection without requests is closed after this.
    public var idleTimeout: Duration = .seconds(60)
    /// A connection begins no requests after this, so that the load follows what the name resolves to.
    public var ageMax: Duration = .seconds(600)
    /// Each connection's age is this share shorter at random, so that they do not end together; 0 to 1.
    public var ageJitter = 0.2
    /// The name is resolved again for a new connection when the addresses are older.
    public var resolveInterval: Duration = .seconds(30)
    /// The pause after all addresses have failed, doubled each time up to `backoffMax`.
    public var backoff: Duration = .milliseconds(100)
    public var backoffMax: Duration = .seconds(5)

    /// With HTTP/2, further connections than one to each address are opened only when all streams are taken.
    public var connectionsMax = 8
    /// Requests that wait for a connection; beyond, they fail with `limitExceeded`.
    public var waitingMax = 10_000
    /// A response head, names and values together.
    public var responseHeadBytesMax = 64 << 10
    /// Bytes of a response that are read ahead of its reader (HTTP/1.1; HTTP/2 has windows).
    public var readAheadBytesMax = 256 << 10

    /// Of connections that speak HTTP/2; keepalive is among them. The pool has its own idea of idleness.
    public var http2 = HTTP2Limits()

    /// Blocks while it resolves; called on a thread for that.
    package var resolve: @Sendable (_ host: String, _ port: Int) throws(TransportError) -> [SocketAddress] =
      HostResolver.resolve

    /// As a URL names the server.
    var authority: String { hostAndPort(host, port) }

    public init(host: String, port: Int, version: Version = .http1, tls: TLSClientContext? = nil) {
      self.host = host
      self.port = port
      self.version = version
      self.tls = tls
      http2.idleTimeout = nil
    }
  }
}
