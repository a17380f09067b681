// SPDX-License-Identifier: Apache-2.0

/// Where a server listens and within which bounds.
public struct ServerConfiguration: Sendable {
  /// One address to listen on.
  public struct Address: Hashable, Sendable, CustomStringConvertible {
    /// A numeric address, IPv4 or IPv6 without brackets, or a name of this host.
    public var host: String
    /// 0: the kernel chooses; `HTTPServer.start()` says which.
    public var port: Int

    public init(_ host: String, _ port: Int) {
      self.host = host
      self.port = port
    }

    public var description: String { hostAndPort(host, port) }
  }

  public var addresses: [Address]
  /// Connections that the kernel keeps until they are accepted (listen(2)).
  public var backlog: Int32 = 1024
  /// Open at once over all addresses; what comes beyond is closed and counted.
  public var connectionsMax = 10_000
  /// After about this time a connection takes no more requests, and closes when those under way have ended, so that
  /// long-lived clients spread anew over several servers; nil: never.
  public var connectionAgeMax: Duration?
  /// Nil: without TLS.
  public var tls: TLSServerContext?
  /// How often the certificates' files are looked at; nil: never.
  public var reloadInterval: Duration? = .seconds(30)
  /// For a client without TLS to send what tells HTTP/2 from HTTP/1.1.
  public var detectionTimeout: Duration = .seconds(10)
  public var http1 = HTTP1Limits()
  public var http2 = HTTP2Limits()

  public init(addresses: [Address], tls: TLSServerContext? = nil) {
    self.addresses = addresses
    self.tls = tls
  }

  public init(host: String, port: Int, tls: TLSServerContext? = nil) {
    self.init(addresses: [Address(host, port)], tls: tls)
  }
}
