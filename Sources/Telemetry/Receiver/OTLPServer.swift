// SPDX-License-Identifier: Apache-2.0

public import NIOCore
public import Transport

/// One port of a receiver: OTLP/gRPC with `grpc.health.v1`, or OTLP/HTTP.
public final class OTLPServer: Sendable {
  public enum OTLPProtocol: String, Sendable {
    case grpc
    case http
  }

  public let ingest: OTLPIngest
  private let server: HTTPServer
  private let health: GRPCHealth?

  /// - Parameter callsMax: of gRPC, under way at once.
  /// - Throws: when certificates cannot be used.
  public init(
    _ kind: OTLPProtocol, _ settings: OTLPServerSettings, _ ingest: OTLPIngest,
    callsMax: Int = GRPCLimits().callsMax, group: any EventLoopGroup
  ) throws(TransportError) {
    self.ingest = ingest
    let configuration = try Self.configuration(settings)
    switch kind {
    case .grpc:
      let health = GRPCHealth(services: ingest.signals.map(\.serviceName))
      let methods = OTLPGRPC.methods(ingest).merging(health.methods) { export, _ in export }
      var limits = GRPCLimits()
      limits.messageBytesMax = ingest.requestBytesMax
      limits.decompressedBytesMax = ingest.requestBytesMax
      limits.callsMax = callsMax
      let handler = GRPCServer(
        methods: methods, limits: limits, budget: ingest.budget, admission: OTLPGRPC.admission(ingest))
      self.health = health
      server = HTTPServer(configuration, handler: handler, group: group)
    case .http:
      health = nil
      server = HTTPServer(configuration, handler: OTLPHTTP(ingest), group: group)
    }
  }

  /// - Returns: the addresses, with the ports that the kernel chose.
  public func start() async throws(TransportError) -> [SocketAddress] { try await server.start() }

  /// Answers what is under way, refuses what is new, and closes what is left when the time is over.
  public func drain(within limit: Duration) async {
    health?.drain()
    ingest.drain()
    await server.drain(within: limit)
  }

  public var connections: ServerStatistics { server.statistics }

  private static func configuration(_ settings: OTLPServerSettings) throws(TransportError) -> ServerConfiguration {
    let tls: TLSServerContext? = if let tls = settings.tls { try TLSServerContext(tls) } else { nil }
    var configuration = ServerConfiguration(host: settings.host, port: settings.port, tls: tls)
    configuration.connectionsMax = settings.connectionsMax
    configuration.reloadInterval = settings.reloadInterval
    if let count = settings.concurrentStreamsMax { configuration.http2.concurrentStreamsMax = count }
    if let idle = settings.idleTimeout {
      configuration.http1.idleTimeout = idle
      configuration.http2.idleTimeout = TimeAmount(idle)
    }
    if let interval = settings.keepaliveInterval { configuration.http2.keepaliveInterval = TimeAmount(interval) }
    if let timeout = settings.keepaliveTimeout { configuration.http2.keepaliveTimeout = TimeAmount(timeout) }
    return configuration
  }
}

extension Signal {
  /// The gRPC service, as health checks name it.
  var serviceName: String {
    String(exportMethod.dropFirst().prefix { $0 != "/" })
  }
}
