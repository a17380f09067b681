// SPDX-License-Identifier: Apache-2.0

import HTTPTypes
public import NIOCore
public import Transport

/// One port of a receiver. OTLP/gRPC and OTLP/HTTP have ports of their own by convention, and are told apart by what is
/// sent: each port takes both, since a sender that has confused them is the commonest mistake there is.
public final class OTLPServer: Sendable {
  public let ingest: OTLPIngest
  private let server: HTTPServer
  private let health: GRPCHealth

  /// - Parameter callsMax: of gRPC, under way at once.
  /// - Throws: when certificates cannot be used.
  public init(
    _ settings: OTLPServerSettings, _ ingest: OTLPIngest, callsMax: Int = GRPCLimits().callsMax,
    group: any EventLoopGroup
  ) throws(TransportError) {
    self.ingest = ingest
    health = GRPCHealth(services: ingest.signals.map(\.serviceName))
    let handler = OTLPHandler(grpc: OTLPGRPC.server(ingest, health, callsMax: callsMax), http: OTLPHTTP(ingest))
    server = HTTPServer(try Self.configuration(settings), handler: handler, group: group)
  }

  /// - Returns: the addresses, with the ports that the kernel chose.
  public func start() async throws(TransportError) -> [SocketAddress] { try await server.start() }

  /// Answers what is under way, refuses what is new, and closes what is left when the time is over.
  public func drain(within limit: Duration) async {
    health.drain()
    ingest.drain()
    await server.drain(within: limit)
  }

  public var connections: ServerStatistics { server.statistics }

  private static func configuration(_ settings: OTLPServerSettings) throws(TransportError) -> ServerConfiguration {
    let tls: TLSServerContext? = if let tls = settings.tls { try TLSServerContext(tls) } else { nil }
    var configuration = ServerConfiguration(host: settings.host, port: settings.port, tls: tls)
    configuration.connectionsMax = settings.connectionsMax
    configuration.reloadInterval = settings.reloadInterval
    configuration.connectionAgeMax = settings.maximumAge
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

/// Hands a request to the protocol that it is of.
private struct OTLPHandler: RequestHandler {
  let grpc: GRPCServer
  let http: OTLPHTTP

  func begin(
    _ request: HTTPRequest, from peer: Peer, answering response: any ResponseSender
  ) -> (any BodyReceiver)? {
    let isGRPC = request.headerFields[.contentType]?.hasPrefix("application/grpc") == true
    return isGRPC
      ? grpc.begin(request, from: peer, answering: response) : http.begin(request, from: peer, answering: response)
  }
}

extension Signal {
  /// The gRPC service, as health checks name it.
  var serviceName: String {
    String(exportMethod.dropFirst().prefix { $0 != "/" })
  }
}
