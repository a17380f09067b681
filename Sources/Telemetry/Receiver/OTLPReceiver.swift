// SPDX-License-Identifier: Apache-2.0

public import NIOCore
public import OTLP
public import Transport

/// The `otlp` receiver: its ports, with what they share.
public final class OTLPReceiver: Sendable {
  public let grpc: OTLPServer?
  public let http: OTLPServer?

  /// - Parameters:
  ///   - authenticators: by the extension that makes them.
  ///   - budget: of bodies under way; shared with the other receivers of the process.
  ///   - decoding: what one request may take while it is read, on each event loop.
  ///   - callsMax: of gRPC, under way at once.
  /// - Throws: when certificates cannot be used.
  public init(
    _ settings: OTLPReceiverSettings, _ fanOut: FanOut, authenticators: [ComponentID: any Authenticator] = [:],
    budget: MemoryBudget, decoding: DecodingLimits = DecodingLimits(), callsMax: Int = GRPCLimits().callsMax,
    group: any EventLoopGroup
  ) throws(TransportError) {
    let tenants = TenantLimits(settings.tenantLimits, defaultLimit: settings.defaultTenantLimit)
    func server(_ settings: OTLPServerSettings?) throws(TransportError) -> OTLPServer? {
      guard let settings else { return nil }
      let ingest = OTLPIngest(
        fanOut, authenticator: settings.authenticator.flatMap { authenticators[$0] }, tenants: tenants, budget: budget,
        requestBytesMax: settings.requestBytesMax, decoding: decoding)
      return try OTLPServer(settings, ingest, callsMax: callsMax, group: group)
    }
    grpc = try server(settings.grpc)
    http = try server(settings.http)
  }

  private var servers: [OTLPServer] { [grpc, http].compactMap { $0 } }

  /// Listens on all ports, or on none.
  ///
  /// - Returns: the addresses, with the ports that the kernel chose, gRPC's first.
  public func start() async throws(TransportError) -> [SocketAddress] {
    var addresses: [SocketAddress] = []
    for (index, server) in servers.enumerated() {
      do throws(TransportError) {
        addresses += try await server.start()
      } catch {
        for started in servers.prefix(index) { await started.drain(within: .zero) }
        throw error
      }
    }
    return addresses
  }

  /// Answers what is under way, refuses what is new, and closes what is left when the time is over.
  public func drain(within limit: Duration) async {
    await withTaskGroup { group in
      for server in servers { group.addTask { await server.drain(within: limit) } }
    }
  }
}
