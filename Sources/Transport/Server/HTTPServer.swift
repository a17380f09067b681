// SPDX-License-Identifier: Apache-2.0

public import NIOCore
import NIOPosix
import Synchronization

/// Serves HTTP/1.1 and HTTP/2 on the same addresses, with TLS or without.
public final class HTTPServer: Sendable {
  public let configuration: ServerConfiguration
  public let statistics = ServerStatistics()
  private let handler: any RequestHandler
  private let group: any EventLoopGroup
  private let connections = ServerConnections()

  private enum State {
    case created
    case listening([any Channel], reload: RepeatedTask?)
    case drained
  }

  private let state = Mutex(State.created)

  /// - Parameter group: connections are spread over its event loops.
  public init(_ configuration: ServerConfiguration, handler: any RequestHandler, group: any EventLoopGroup) {
    self.configuration = configuration
    self.handler = handler
    self.group = group
  }

  /// Listens on all addresses, or on none when one of them fails. Called once.
  ///
  /// - Returns: the addresses, with the ports that the kernel chose.
  public func start() async throws(TransportError) -> [SocketAddress] {
    var channels: [any Channel] = []
    do {
      for address in configuration.addresses { channels.append(try await listen(on: address)) }
    } catch {
      for channel in channels { try? await channel.close() }
      throw error
    }
    let reload = startReloading()
    let isStarted = state.withLock { state in
      guard case .created = state else { return false }
      state = .listening(channels, reload: reload)
      return true
    }
    guard isStarted else {
      reload?.cancel()
      for channel in channels { try? await channel.close() }
      throw TransportError(.invalidConfiguration, "a server starts once")
    }
    return channels.compactMap(\.localAddress)
  }

  /// Accepts no more, ends what is open after the requests under way, and closes what is left when `limit` is over.
  public func drain(within limit: Duration) async {
    let before = state.withLock { state in
      defer { state = .drained }
      return state
    }
    guard case .listening(let channels, let reload) = before else { return }
    reload?.cancel()
    for channel in channels { try? await channel.close() }
    connections.drain()
    let timer = group.next().scheduleTask(in: TimeAmount(limit)) { [connections, statistics] in
      connections.close { statistics.add(.drainTimeout) }
    }
    await connections.waitUntilEmpty()
    timer.cancel()
  }

  /// Connections that are open now.
  public var connectionsOpen: Int { connections.count }

  private func listen(on address: ServerConfiguration.Address) async throws(TransportError) -> any Channel {
    let pipeline = ServerPipeline(configuration: configuration, handler: handler, statistics: statistics)
    let bootstrap = ServerBootstrap(group: group)
      .serverChannelOption(.backlog, value: configuration.backlog)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
      .childChannelOption(.socketOption(.so_keepalive), value: 1)
      .childChannelInitializer { [connections] channel in
        channel.eventLoop.makeCompletedFuture {
          try Self.accept(channel, pipeline, connections)
        }
      }
    do {
      let resolved = try await NIOThreadPool.singleton.runIfActive {
        try SocketAddress.makeAddressResolvingHost(address.host, port: address.port)
      }
      return try await bootstrap.bind(to: resolved).get()
    } catch {
      throw ListenFailure.explain(error, address)
    }
  }

  private struct Refused: Error {}

  /// Takes a connection, or throws, which closes it.
  private static func accept(
    _ channel: any Channel, _ pipeline: ServerPipeline, _ connections: ServerConnections
  ) throws {
    let (statistics, configuration) = (pipeline.statistics, pipeline.configuration)
    guard statistics.connectionAccepted(openMax: configuration.connectionsMax) else {
      statistics.connectionClosed()
      throw Refused()
    }
    let connection = ServerConnection(channel, grace: configuration.http1.drainGrace)
    if let age = configuration.connectionAgeMax { connection.drain(after: age) }
    guard connections.add(connection, on: channel.eventLoop) else {
      statistics.connectionClosed()
      throw Refused()
    }
    channel.closeFuture.assumeIsolated().whenComplete { _ in
      connections.remove(connection)
      statistics.connectionClosed()
    }
    try pipeline.add(to: channel, connection)
  }

  /// Looks at the certificates' files from time to time.
  private func startReloading() -> RepeatedTask? {
    guard let tls = configuration.tls, let interval = configuration.reloadInterval else { return nil }
    let reloader = CertificateReloader(tls, statistics)
    let delay = TimeAmount(interval)
    return group.next().scheduleRepeatedAsyncTask(initialDelay: delay, delay: delay) { _ in
      // Files are read: not on an event loop.
      NIOThreadPool.singleton.runIfActive(eventLoop: self.group.next()) { reloader.reload() }
    }
  }
}
