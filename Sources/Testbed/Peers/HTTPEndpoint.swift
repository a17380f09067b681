// SPDX-License-Identifier: Apache-2.0

internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
import Synchronization

/// A real HTTP/1.1 endpoint: answers every request with 200, its name in `x-endpoint` and in the body, after a service
/// time. It has one thread of its own, as an application process would.
public final class HTTPEndpoint: Sendable {
  public let name: String
  /// With the port the kernel chose, when 0 was asked for.
  public let address: TCPAddress
  private let group: MultiThreadedEventLoopGroup
  private let counters: HTTPEndpointCounters

  private init(name: String, address: TCPAddress, group: MultiThreadedEventLoopGroup, counters: HTTPEndpointCounters) {
    self.name = name
    self.address = address
    self.group = group
    self.counters = counters
  }

  /// Starts listening.
  /// - Parameter behaviourFile: read on every request, see ``EndpointBehaviour``.
  public static func start(
    name: String, on address: TCPAddress, serviceTime: Duration = .zero, behaviourFile: String? = nil
  ) async throws -> HTTPEndpoint {
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let counters = HTTPEndpointCounters()
    do {
      let channel = try await ServerBootstrap(group: group)
        .serverChannelOption(.backlog, value: 4096)
        .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
        .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
        .childChannelInitializer { channel in
          channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.configureHTTPServerPipeline()
            try channel.pipeline.syncOperations.addHandler(
              HTTPEndpointHandler(
                name: name, serviceTime: serviceTime, behaviourFile: behaviourFile, counters: counters))
          }
        }
        .bind(host: address.host, port: Int(address.port)).get()
      let port = channel.localAddress?.port.map(UInt16.init) ?? address.port
      guard let bound = TCPAddress(address.host, port) else {
        throw TestbedError("listen on \(address)", reason: "no such address")
      }
      return HTTPEndpoint(name: name, address: bound, group: group, counters: counters)
    } catch {
      try await group.shutdownGracefully()
      throw TestbedError("listen on \(address)", reason: "\(error)")
    }
  }

  /// Connections accepted since the start.
  public var accepted: Int { counters.accepted.load(ordering: .relaxed) }
  /// Requests answered since the start.
  public var requests: Int { counters.requests.load(ordering: .relaxed) }

  /// Requests that were under way at the same time, at most.
  public var inFlightMax: Int { counters.inFlightMax.load(ordering: .relaxed) }

  /// Stops listening and closes every connection.
  public func stop() async throws { try await group.shutdownGracefully() }
}

/// What an endpoint has seen.
final class HTTPEndpointCounters: Sendable {
  let accepted = Atomic(0)
  let requests = Atomic(0)
  /// Of the endpoint's one thread.
  let inFlight = Atomic(0)
  let inFlightMax = Atomic(0)
}
