// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// The connections of one client, and the requests that wait for them.
///
/// For the client's event loop only, but for `shutdown`, which makes the unchecked conformance true.
final class ConnectionPool: @unchecked Sendable {
  let eventLoop: any EventLoop
  let statistics: ClientStatistics
  private let configuration: HTTPClient.Configuration
  private let addresses: AddressBook

  private var connections: [PooledConnection] = []
  private var attempts: [ObjectIdentifier: ConnectionAttempt] = [:]
  /// Connections in the making, the resolution of the name included.
  private var connecting = 0
  private var waiting = WaitingRequests()
  private var uses = 0
  private var isServing = false
  private var failures = 0
  /// While it is armed nothing is attempted.
  private var backoff: LazyTimer?
  private var shutdown: EventLoopPromise<Void>?
  private var isShutdownOver = false

  init(_ configuration: HTTPClient.Configuration, on eventLoop: any EventLoop, _ statistics: ClientStatistics) {
    self.configuration = configuration
    self.eventLoop = eventLoop
    self.statistics = statistics
    addresses = AddressBook(configuration, on: eventLoop)
  }

  // MARK: Requests

  func begin(_ request: ClientRequest, _ receiver: any ExchangeReceiver) {
    request.wait(receiver)
    guard !request.isOver else { return }
    guard shutdown == nil else { return request.abort(Self.isShutDown) }
    if waiting.count == 0, let connection = free() {
      run(request, on: connection)
      spread()
    } else if waiting.count < configuration.waitingMax {
      waiting.append(request)
      request.whenOver = { [weak self] in self?.stoppedWaiting() }
      statistics.waiting(waiting.count)
      connectIfNeeded()
    } else {
      statistics.requestRefused()
      request.abort(
        TransportError(
          .limitExceeded, "\(waiting.count) requests are waiting for a connection to \(configuration.host)",
          isUnprocessed: true))
    }
  }

  private static let isShutDown = TransportError(.cancelled, "the client was shut down", isUnprocessed: true)

  private func stoppedWaiting() {
    waiting.ended()
    statistics.waiting(waiting.count)
  }

  private func free() -> PooledConnection? {
    // The fewest requests, and among equals the one whose turn is longest ago: round robin.
    connections.lazy.filter(\.isFree).min { ($0.exchanges, $0.lastUse) < ($1.exchanges, $1.lastUse) }
  }

  private func run(_ request: ClientRequest, on pooled: PooledConnection) {
    uses += 1
    pooled.lastUse = uses
    pooled.began()
    statistics.exchangeBegan()
    request.whenOver = { [weak self] in
      pooled.ended()
      self?.statistics.exchangeEnded()
      self?.serve()
    }
    request.begin(on: pooled.connection)
  }

  /// Gives free connections to those that wait. What it calls may call it again.
  private func serve() {
    guard !isServing else { return }
    isServing = true
    while waiting.count > 0, let connection = free(), let request = waiting.popFirst() {
      run(request, on: connection)
    }
    isServing = false
    statistics.waiting(waiting.count)
    connectIfNeeded()
  }

  // MARK: Connections

  private var live: Int { connections.lazy.filter { !$0.isRetired }.count + connecting }

  private func connectIfNeeded() {
    // One connection of HTTP/2 serves many; which version it is, its first one tells.
    let wanted = configuration.version == .http2 && !isHTTP1Only ? min(1, waiting.count) : waiting.count
    while connecting < wanted, connect() {}
  }

  private var isHTTP1Only: Bool { connections.contains { $0.connection.version == .http1 } }

  /// One connection to each address, as far as there are requests: the load is to reach all of them.
  private func spread() {
    if connecting == 0, addresses.hasOther(than: connected) { connect() }
  }

  private var connected: [SocketAddress] { connections.filter { !$0.isRetired }.map(\.address) }

  @discardableResult
  private func connect() -> Bool {
    guard shutdown == nil, live < configuration.connectionsMax, backoff?.isArmed != true else { return false }
    connecting += 1
    addresses.order(avoiding: connected) { result in
      switch result {
      case .success(let order): self.attempt(order[...], TransportError(.connectFailed, "no address"))
      case .failure(let error): self.allFailed(error)
      }
    }
    return true
  }

  private func attempt(_ order: ArraySlice<SocketAddress>, _ lastError: TransportError) {
    guard let address = order.first, shutdown == nil else { return allFailed(lastError) }
    var identifier: ObjectIdentifier?
    let attempt = ConnectionAttempt(configuration, to: address, on: eventLoop, statistics) { result in
      if let identifier { self.attempts[identifier] = nil }
      switch result {
      case .success(let connection): self.connected(connection, address)
      case .failure(let error):
        self.statistics.connectionFailed()
        self.addresses.hasFailed(address)
        self.attempt(order.dropFirst(), error)
      }
    }
    identifier = ObjectIdentifier(attempt)
    attempts[ObjectIdentifier(attempt)] = attempt
    attempt.start()
  }

  private func connected(_ connection: any ClientConnection, _ address: SocketAddress) {
    connecting -= 1
    statistics.connectionOpened()
    addresses.hasConnected(address)
    failures = 0
    backoff?.disarm()
    let pooled = PooledConnection(connection, address, configuration)
    connections.append(pooled)
    connection.delegate = self
    if shutdown != nil { pooled.retire() }
    serve()
  }

  private func allFailed(_ error: TransportError) {
    connecting -= 1
    var error = error
    error.isUnprocessed = true
    guard shutdown == nil else { return finishShutdownIfEmpty() }
    let pause = min(configuration.backoffMax, configuration.backoff * (1 << min(failures, 20)))
    failures += 1
    let timer = backoff ?? LazyTimer(eventLoop) { [weak self] in self?.connectIfNeeded() }
    backoff = timer
    // Clients that lost the same server do not come back to it at the same instant.
    timer.arm(pause * .random(in: 0.75...1.25))
    // As long as another connection lives, or is being made, those that wait have a chance.
    guard live == 0 else { return }
    for request in waiting.removeAll() {
      request.whenOver = nil
      request.abort(error)
    }
    statistics.waiting(waiting.count)
  }

  // MARK: Shutdown

  func shutdown(within limit: TimeAmount) async {
    let future = eventLoop.flatSubmit { self.beginShutdown(limit) }
    try? await future.get()
  }

  /// The client is gone: nobody waits for the end.
  func release() {
    eventLoop.execute { _ = self.beginShutdown(Self.releaseLimit) }
  }

  private static let releaseLimit = TimeAmount.seconds(30)

  private func beginShutdown(_ limit: TimeAmount) -> EventLoopFuture<Void> {
    if let shutdown { return shutdown.futureResult }
    let promise = eventLoop.makePromise(of: Void.self)
    shutdown = promise
    backoff?.end()
    for request in waiting.removeAll() {
      request.whenOver = nil
      request.abort(Self.isShutDown)
    }
    statistics.waiting(0)
    for attempt in attempts.values { attempt.cancel() }
    for connection in connections { connection.retire() }
    let timer = eventLoop.assumeIsolated().scheduleTask(in: limit) {
      for pooled in self.connections {
        pooled.connection.close(TransportError(.cancelled, "the client was shut down with the request under way"))
      }
    }
    promise.futureResult.assumeIsolated().whenComplete { _ in timer.cancel() }
    finishShutdownIfEmpty()
    return promise.futureResult
  }

  private func finishShutdownIfEmpty() {
    guard connections.isEmpty, connecting == 0, !isShutdownOver, let shutdown else { return }
    isShutdownOver = true
    shutdown.succeed()
  }
}

extension ConnectionPool: ClientConnectionDelegate {
  func streamsAvailableChanged(_ connection: any ClientConnection) { serve() }

  func closed(_ connection: any ClientConnection, _ error: TransportError?) {
    guard let index = connections.firstIndex(where: { $0.connection === connection }) else { return }
    connections.remove(at: index).release()
    statistics.connectionClosed()
    finishShutdownIfEmpty()
    serve()
  }
}
