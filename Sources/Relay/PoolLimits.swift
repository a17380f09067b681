// SPDX-License-Identifier: Apache-2.0

internal import SwerveABI
internal import SwerveCore

/// What a service's policy says about its connections.
///
/// A relay counts the connections of its own pools, in its memory: they are its descriptors, so that they end with it
/// whatever happens, and move to a successor one by one. Those of connection mode, which the kernel counts, are added when
/// the limit is looked at.
extension Pools {
  /// Whether the service may have one more connection.
  func mayConnect(_ service: UInt32) -> Bool {
    guard let limit = relay.selection.policy(of: service)?.header.max_connections,
      limit != noLimit, let state = relay.records.service(service)
    else { return true }
    // Below zero for a moment after the service's id was another's.
    let direct = max(0, Int32(bitPattern: swerve_native_load32(&state.pointee.connections)))
    return UInt64(connections[service, default: 0]) + UInt64(direct) < UInt64(limit)
  }

  func opened(_ connection: PoolConnection) {
    guard !connection.isCounted else { return }
    connection.isCounted = true
    connections[connection.pool.service, default: 0] += 1
  }

  /// It has ended, or is a successor's. Does nothing the second time.
  func closed(_ connection: PoolConnection) {
    guard connection.isCounted else { return }
    connection.isCounted = false
    let service = connection.pool.service
    let count = connections[service, default: 0]
    connections[service] = count > 1 ? count - 1 : nil
  }

  /// Whether one more request of the service may wait for a connection.
  func mayWait(_ service: UInt32) -> Bool { pending[service, default: 0] < pendingMax(service) }

  private func pendingMax(_ service: UInt32) -> Int {
    relay.selection.policy(of: service).map { Int($0.pool.max_pending_requests) }
      ?? relay.options.http1MaxPendingRequests
  }

  func noteRefusal(_ limit: ServiceLimit, _ service: UInt32) {
    let header = relay.selection.policy(of: service)?.header
    let value: UInt32 =
      switch limit {
      case .maxRequests: header?.max_requests ?? 0
      case .maxConnections: header?.max_connections ?? 0
      case .pending: UInt32(clamping: pendingMax(service))
      }
    limit.noteRefusal(relay.records, service: service, limit: value)
  }

  /// The pool of an endpoint in rotation that has a connection, the one with the fewest requests waiting. Nil when the
  /// service has none.
  func connectedPool(of service: UInt32) -> Pool? {
    guard let policy = relay.selection.policy(of: service) else { return nil }
    let usable = policy.endpoints.compactMap { cell -> Pool? in
      let endpoint = cell.endpoint
      guard let pool = byEndpoint[endpoint.id], pool.target.generation == endpoint.generation,
        pool.connectionCount > 0, !pool.isRetired, !relay.isMoving,
        let state = relay.records.endpointState(endpoint.id)
      else { return nil }
      let breaker = swerve_native_load64(&state.pointee.breaker) & UInt64(SWERVE_BREAKER_STATES.rawValue)
      return breaker == UInt64(SWERVE_BREAKER_CLOSED.rawValue) ? pool : nil
    }
    return usable.min { $0.waiters.count < $1.waiters.count }
  }

  /// Closes a connection of the service that nobody uses; false when there is none.
  func closeOneFree(of service: UInt32) -> Bool {
    for pool in byEndpoint.values where pool.service == service && !pool.isPrivate && !relay.isMoving {
      for case .some(let connection) in pool.connections {
        guard case .pooled = connection.state, pool.leaseFree(connection.bit) else { continue }
        pool.remove(connection, reset: false)
        return true
      }
    }
    return false
  }

  // MARK: Publications

  /// After a change of what is published: endpoints that drain, or are gone, get no new request and their free connections
  /// are closed; the others' connections follow the new policy.
  func followPublications() {
    relay.selection.refresh()
    let publication = relay.selection.publications
    guard publication != publicationSeen else { return }
    publicationSeen = publication
    for (service, pools) in Dictionary(grouping: byEndpoint.values, by: \.service) {
      // Of a service that is gone the endpoints' generation tells, and a set may be unreadable for a moment.
      guard let policy = relay.selection.policy(of: service) else { continue }
      let current = Set(policy.endpoints.map(\.endpoint.id))
      for pool in pools {
        if current.contains(pool.target.id) { pool.follow(policy) } else { drain(pool) }
      }
    }
  }

  private func drain(_ pool: Pool) {
    retire(pool)
    pool.refuseAll()
    dropIfEmpty(pool)
  }
}

extension Pool {
  /// Tells the kernel, by its slots, after how many requests a connection is closed.
  func follow(_ policy: ServicePolicy) {
    for case .some(let connection) in connections {
      let limit = policy.pool.max_requests_per_connection
      if connection.slot.pointee.requests_max != limit {
        swerve_native_store32(&connection.slot.pointee.requests_max, limit)
      }
    }
  }
}
