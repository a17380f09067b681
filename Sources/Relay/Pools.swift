// SPDX-License-Identifier: Apache-2.0

internal import SwerveABI
internal import SwerveCore

/// The pools of all endpoints in use.
final class Pools {
  unowned let relay: Relay
  /// By endpoint id.
  private(set) var byEndpoint: [UInt32: Pool] = [:]
  /// Pools that were given up with connections still in use.
  private(set) var retired: [Pool] = []
  /// Connections of their own for long requests, and for all that remain while a successor takes the pools over.
  private var substitutes: [UInt32: Pool] = [:]
  /// Pools with waiters: looked at every millisecond, for what the kernel gives back.
  private var waiting: [Pool] = []
  /// Requests of a service that wait for a connection.
  private(set) var pending: [UInt32: Int] = [:]
  /// Connections of a service that are open or being opened.
  var connections: [UInt32: Int] = [:]
  /// The publication whose policies and endpoints the pools follow.
  var publicationSeen: UInt64 = 0
  private var nextIndex: UInt32 = 0

  init(relay: Relay) {
    self.relay = relay
  }

  var all: [Pool] { Array(byEndpoint.values) + retired + Array(substitutes.values) }

  // MARK: Requests

  enum Refusal {
    case limit(ServiceLimit)
    /// The endpoint cannot be reached at the moment.
    case unreachable
  }

  /// Gives the waiter a connection to the endpoint, at once or later. Nil unless refused.
  ///
  /// - Parameters:
  ///   - isLong: the request is more than the endpoint's socket takes at once. In the kernel's map that would deliver it
  ///     late, and answer a blocking receive with EAGAIN: it gets a connection that is in no map.
  ///   - isProbe: the endpoint's breaker has decided that it is time to try.
  func acquire(
    _ endpoint: swerve_endpoint, for waiter: any ConnectionWaiter, isLong: Bool = false, isProbe: Bool = false
  ) -> Refusal? {
    let service = waiter.service
    let pool = isLong ? substitute(of: endpoint, service: service) : pool(of: endpoint, service: service)
    if isProbe { pool.endBackoff() }
    var refusal = pool.acquire(waiter)
    if case .limit(.maxConnections) = refusal {
      // It waits where there is a connection, or gets a new one for one that nobody uses.
      if !isLong, let other = connectedPool(of: service) {
        refusal = other.acquire(waiter)
      } else if isLong, closeOneFree(of: service) {
        refusal = pool.acquire(waiter)
      }
    }
    if case .limit(let limit) = refusal { noteRefusal(limit, service) }
    return refusal
  }

  func isWaiting(_ pool: Pool) {
    pending[pool.service, default: 0] += 1
    if !waiting.contains(where: { $0 === pool }) { waiting.append(pool) }
    relay.wantsTick()
  }

  func stoppedWaiting(_ service: UInt32) {
    guard let count = pending[service] else { return }
    pending[service] = count > 1 ? count - 1 : nil
  }

  /// Every millisecond while somebody waits. Returns whether somebody still does.
  func tick() -> Bool {
    for pool in waiting { pool.pump() }
    waiting.removeAll { $0.waiters.isEmpty }
    return !waiting.isEmpty
  }

  // MARK: Pools

  /// The pools are a successor's now: nothing of them is leased here any more.
  func handOver() {
    for pool in byEndpoint.values where !pool.isPrivate {
      pool.giveUpOwned()
      pool.moveWaiters(to: substitute(of: pool.target, service: pool.service))
    }
  }

  private func substitute(of endpoint: swerve_endpoint, service: UInt32) -> Pool {
    if let pool = substitutes[endpoint.id], !pool.isRetired, pool.target.generation == endpoint.generation {
      return pool
    }
    let pool = Pool(relay: relay, index: none, record: nil, target: endpoint, service: service, owned: .max)
    if let former = substitutes.updateValue(pool, forKey: endpoint.id) { retire(former) }
    return pool
  }

  private func pool(of endpoint: swerve_endpoint, service: UInt32) -> Pool {
    if relay.isMoving { return substitute(of: endpoint, service: service) }
    if let pool = byEndpoint[endpoint.id] {
      if pool.target.generation == endpoint.generation && pool.target.port == endpoint.port { return pool }
      retire(pool)
    }
    if let pool = inherited(endpoint, service: service) { return pool }
    // Two pools cannot share an endpoint's masks: while one drains, requests have connections of their own.
    let isDraining = retired.contains { $0.target.id == endpoint.id && !$0.isPrivate }
    let state = relay.records.endpointState(endpoint.id)
    let index = isDraining || state == nil ? nil : takeIndex()
    let record = index.flatMap { relay.records.pool($0) }
    if let record, let state {
      swerve_native_warm(state).pointee = swerve_warm()
      record.pointee = swerve_pool()
      record.pointee.endpoint = endpoint.id
      record.pointee.generation = endpoint.generation
    }
    let pool = Pool(
      relay: relay, index: index ?? none, record: record, target: endpoint, service: service, owned: .max)
    byEndpoint[endpoint.id] = pool
    relay.overdue.expect(service)
    // Last, for the kernel leases from what this leads to.
    if let index, let state {
      swerve_native_store32(&state.pointee.pool, index + 1)
    }
    return pool
  }

  /// A free record, if need be that of the pool that is idle longest. Nil when all are in use.
  private func takeIndex() -> UInt32? {
    let count = relay.records.poolCount
    for step in 0..<count {
      let index = (nextIndex &+ step) % count
      guard relay.records.pool(index)?.pointee.endpoint == none else { continue }
      nextIndex = index + 1
      return index
    }
    let idle = byEndpoint.values.filter { $0.waiters.isEmpty && !$0.isPrivate }
    guard let oldest = idle.min(by: { $0.lastUsedNanoseconds < $1.lastUsedNanoseconds }) else { return nil }
    retire(oldest)
    return relay.records.pool(oldest.index)?.pointee.endpoint == none ? oldest.index : nil
  }

  /// Gives a pool up: free connections are closed now, the others as their exchanges end.
  func retire(_ pool: Pool) {
    if byEndpoint[pool.target.id] === pool { byEndpoint[pool.target.id] = nil }
    if !pool.isRetired {
      pool.retire()
      retired.append(pool)
      if let state = relay.records.endpointState(pool.target.id), !pool.isPrivate {
        let isOurs = swerve_native_load32(&state.pointee.pool) == pool.index + 1
        if isOurs { swerve_native_store32(&state.pointee.pool, 0) }
      }
    }
    closeFree(pool)
    dropIfEmpty(pool)
  }

  func closeFree(_ pool: Pool) {
    for connection in pool.connections {
      guard let connection, case .pooled = connection.state, pool.leaseFree(connection.bit) else { continue }
      pool.remove(connection, reset: false)
    }
  }

  /// Frees the record of a pool that was given up, once the kernel has let go of all its slots as well.
  func dropIfEmpty(_ pool: Pool) {
    guard pool.isRetired, pool.isEmpty else { return }
    if !pool.isPrivate {
      for bit in 0..<UInt32(Pool.size) where !pool.isOwned(bit) {
        guard pool.leaseFree(bit) else { return }
      }
      swerve_native_store32(&pool.record.pointee.endpoint, none)
    }
    retired.removeAll { $0 === pool }
  }

  // MARK: Take-over

  /// The pool that a predecessor made for an endpoint and has sent no connection of yet.
  private func inherited(_ endpoint: swerve_endpoint, service: UInt32) -> Pool? {
    guard let state = relay.records.endpointState(endpoint.id),
      case let number = swerve_native_load32(&state.pointee.pool), number > 0,
      let record = relay.records.pool(number - 1),
      record.pointee.endpoint == endpoint.id, record.pointee.generation == endpoint.generation,
      !retired.contains(where: { $0.index == number - 1 })
    else { return nil }
    let pool = Pool(relay: relay, index: number - 1, record: record, target: endpoint, service: service, owned: 0)
    byEndpoint[endpoint.id] = pool
    relay.overdue.expect(service)
    regain(pool)
    return pool
  }

  /// The pool a predecessor made for a slot; nil when its record is free.
  func adopt(slot: UInt32, descriptor: Int32) -> Pool? {
    let index = slot / UInt32(Pool.size)
    guard let record = relay.records.pool(index), record.pointee.endpoint != none else { return nil }
    if let pool = byEndpoint[record.pointee.endpoint], pool.index == index { return pool }
    if let pool = retired.first(where: { $0.index == index }) { return pool }
    guard let peer = Socket.peer(of: descriptor) else { return nil }
    var target = swerve_endpoint()
    target.id = record.pointee.endpoint
    target.generation = record.pointee.generation
    target.address = peer.address
    target.port = peer.port
    let service = relay.records.slot(slot)?.pointee.service ?? none
    let pool = Pool(relay: relay, index: index, record: record, target: target, service: service, owned: 0)
    byEndpoint[target.id] = pool
    relay.overdue.expect(service)
    return pool
  }
}
