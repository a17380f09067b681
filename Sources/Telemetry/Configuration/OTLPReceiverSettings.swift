// SPDX-License-Identifier: Apache-2.0

public import Transport

/// The `otlp` receiver.
public struct OTLPReceiverSettings: Sendable {
  public var grpc: OTLPServerSettings?
  public var http: OTLPServerSettings?
  /// By tenant.
  public var tenantLimits: [String: TenantLimit] = [:]
  public var defaultTenantLimit = TenantLimit.unlimited

  public init() {}
}

/// One port of a receiver.
public struct OTLPServerSettings: Sendable {
  public var host: String
  /// 0 takes any free one.
  public var port: Int
  public var tls: TLSServerConfiguration?
  /// How often certificates and tokens are looked at for changes.
  public var reloadInterval = Duration.seconds(60)
  public var requestBytesMax = 64 << 20
  public var concurrentStreamsMax: Int?
  public var connectionsMax = 10_000
  public var maximumAge: Duration?
  public var idleTimeout: Duration?
  public var keepaliveInterval: Duration?
  public var keepaliveTimeout: Duration?
  /// Of an extension.
  public var authenticator: ComponentID?

  public init(host: String, port: Int) {
    self.host = host
    self.port = port
  }

  /// `HOST:PORT`, `[IPv6]:PORT`, or `:PORT` for all addresses; nil for something else.
  public init?(listeningOn text: String) {
    guard let endpoint = HostAndPort(text) else { return nil }
    self.init(host: endpoint.host.isEmpty ? "0.0.0.0" : endpoint.host, port: endpoint.port)
  }
}
