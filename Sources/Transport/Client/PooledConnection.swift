// SPDX-License-Identifier: Apache-2.0

import NIOCore

/// A connection of a pool, and how it is used. For the client's event loop only.
final class PooledConnection {
  let connection: any ClientConnection
  let address: SocketAddress
  /// Requests under way.
  var exchanges = 0
  /// It begins no more requests.
  private(set) var isRetired = false
  /// Counts requests of the pool: the connection that has waited longest comes first.
  var lastUse = 0
  private let idleTimeout: Duration
  private var idle: LazyTimer?
  private var age: LazyTimer?

  init(_ connection: any ClientConnection, _ address: SocketAddress, _ configuration: HTTPClient.Configuration) {
    self.connection = connection
    self.address = address
    idleTimeout = configuration.idleTimeout
    idle = LazyTimer(connection.eventLoop) { [weak self] in self?.retire() }
    age = LazyTimer(connection.eventLoop) { [weak self] in self?.retire() }
    age?.arm(configuration.ageMax * (1 - .random(in: 0...1) * min(1, max(0, configuration.ageJitter))))
    idle?.arm(idleTimeout)
  }

  var isFree: Bool { !isRetired && connection.streamsAvailable > 0 }

  func began() {
    exchanges += 1
    idle?.disarm()
  }

  func ended() {
    exchanges -= 1
    if exchanges == 0 { idle?.arm(idleTimeout) }
  }

  /// Closes it once the requests under way have ended.
  func retire() {
    guard !isRetired else { return }
    isRetired = true
    connection.drain()
  }

  func release() {
    isRetired = true
    idle?.end()
    age?.end()
  }
}
