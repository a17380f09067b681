// SPDX-License-Identifier: Apache-2.0

internal import Glibc
internal import SwerveABI
internal import SwerveCore

/// Waits for a connection to an endpoint.
protocol ConnectionWaiter: AnyObject {
  var service: UInt32 { get }
  /// It is in the pool's queue from now on.
  func waits(for pool: Pool)
  /// The connection is leased by the relay, for this waiter.
  func ready(_ connection: PoolConnection)
  func refused(_ answer: LocalAnswer)
}

/// The connections to one endpoint.
///
/// A bit of the endpoint's masks stands for a connection. Whoever has cleared it in `free` has leased it; `owned` are
/// those the relay has leased, with or without a connection behind them.
final class Pool {
  unowned let relay: Relay
  /// Of the record; SWERVE_NONE when the table was full: then connections serve one request each.
  let index: UInt32
  let record: UnsafeMutablePointer<swerve_pool>
  /// Which slots are free and live: of the endpoint's state.
  let warm: UnsafeMutablePointer<swerve_warm>
  let target: swerve_endpoint
  let service: UInt32
  private(set) var connections: [PoolConnection?]
  private(set) var owned: UInt64
  private(set) var connecting = 0
  private(set) var waiters: [any ConnectionWaiter] = []
  /// The endpoint has left: what ends is not used again.
  private(set) var isRetired = false
  var lastUsedNanoseconds = Clock.now()
  /// Requests the kernel found no connection for, at the last upkeep.
  var turnedAway: UInt64 = 0
  /// How long a connection may be idle, learnt from the endpoint.
  var idleLimitNanoseconds: UInt64
  private var failures = 0
  private var retryAtNanoseconds: UInt64 = 0
  /// Records of our own when the table was full.
  private let privateSlots: UnsafeMutablePointer<swerve_slot>?

  static let size = Int(SWERVE_POOL_SLOTS)
  private static let backoff: (first: UInt64, last: UInt64) = (100_000_000, 10_000_000_000)

  /// - Parameter owned: the bits that nobody else has leased or may lease.
  init(
    relay: Relay, index: UInt32, record: UnsafeMutablePointer<swerve_pool>?, target: swerve_endpoint, service: UInt32,
    owned: UInt64
  ) {
    self.relay = relay
    self.index = index
    self.target = target
    self.service = service
    self.owned = owned
    connections = Array(repeating: nil, count: Pool.size)
    idleLimitNanoseconds = relay.options.idleTimeout.inNanoseconds
    if let record, let state = relay.records.endpointState(target.id) {
      self.record = record
      warm = swerve_native_warm(state)
      privateSlots = nil
    } else {
      self.record = .allocate(capacity: 1)
      self.record.initialize(to: swerve_pool())
      warm = .allocate(capacity: 1)
      warm.initialize(to: swerve_warm())
      privateSlots = .allocate(capacity: Pool.size)
      privateSlots?.initialize(repeating: swerve_slot(), count: Pool.size)
    }
  }

  deinit {
    if let privateSlots {
      privateSlots.deallocate()
      warm.deallocate()
      record.deallocate()
    }
  }

  var isEmpty: Bool { connectionCount == 0 && waiters.isEmpty }
  var connectionCount: Int { connections.count { $0 != nil } }
  var isPrivate: Bool { privateSlots != nil }
  private var isBackingOff: Bool { Clock.now() < retryAtNanoseconds }

  /// The next connect may be at once. A probe that waited for the back-off would fail without having been sent, and its
  /// endpoint, well again by now, be ejected for longer.
  func endBackoff() { retryAtNanoseconds = 0 }

  /// No connect has failed so recently that the next one should wait.
  var mayConnect: Bool { !isBackingOff }

  // MARK: Leasing

  /// Gives a connection to the waiter, now or later. Nil unless refused.
  func acquire(_ waiter: any ConnectionWaiter) -> Pools.Refusal? {
    lastUsedNanoseconds = Clock.now()
    if waiters.isEmpty, let connection = lease() {
      waiter.ready(connection)
      return nil
    }
    if connectionCount == 0 {
      if isBackingOff { return .unreachable }
      if !relay.pools.mayConnect(service) { return .limit(.maxConnections) }
    }
    guard relay.pools.mayWait(service) else { return .limit(.pending) }
    waiters.append(waiter)
    waiter.waits(for: self)
    relay.pools.isWaiting(self)
    pump()
    return nil
  }

  /// Serves waiters from what is free, and connects for the others.
  func pump() {
    if !waiters.isEmpty, !isPrivate { closeSpent() }
    while !waiters.isEmpty, let connection = lease() { serve(connection) }
    while waiters.count > connecting, !isBackingOff, open() {}
    if connectionCount == 0, !waiters.isEmpty { refuseAll() }
  }

  func refuseAll() {
    let refused = waiters
    waiters = []
    for waiter in refused {
      relay.pools.stoppedWaiting(waiter.service)
      waiter.refused(.connectFailure)
    }
  }

  /// Withdraws a waiter.
  func cancel(_ waiter: any ConnectionWaiter) {
    guard let index = waiters.firstIndex(where: { $0 === waiter }) else { return }
    waiters.remove(at: index)
    relay.pools.stoppedWaiting(waiter.service)
  }

  private func lease() -> PoolConnection? {
    let bit = swerve_native_lease(warm)
    guard bit < UInt32(Pool.size) else { return nil }
    owned |= 1 << UInt64(bit)
    guard let connection = connections[Int(bit)] else {
      // It is on its way to us from a predecessor, or from us to a successor.
      disown(bit)
      return nil
    }
    connection.state = .held
    return connection
  }

  /// Lets others lease a bit of ours.
  private func disown(_ bit: UInt32) {
    owned &= ~(1 << UInt64(bit))
    _ = swerve_native_or64(&warm.pointee.free, 1 << UInt64(bit))
  }

  /// Hands all waiters to another pool of the same endpoint.
  func moveWaiters(to other: Pool) {
    let moved = waiters
    waiters = []
    for waiter in moved {
      relay.pools.stoppedWaiting(waiter.service)
      if other.acquire(waiter) != nil { waiter.refused(.connectFailure) }
    }
  }

  private func serve(_ connection: PoolConnection) {
    let waiter = waiters.removeFirst()
    relay.pools.stoppedWaiting(waiter.service)
    connection.state = .held
    waiter.ready(connection)
  }

  /// Takes a connection back from the relay's use of it; one that is not `reusable` is closed.
  func release(_ connection: PoolConnection, reusable: Bool) {
    lastUsedNanoseconds = Clock.now()
    guard connection.isOpen else { return }
    connection.state = .held
    guard reusable, !isRetired, !isPrivate, !connection.isUsedUp, !connection.hasUnsent, !connection.outputIsBroken,
      !connection.inputHasEnded
    else {
      discard(connection)
      return
    }
    connection.setReading(true)
    if !waiters.isEmpty { return serve(connection) }
    giveBack(connection)
  }

  /// Takes back a connection that the kernel had leased, after an exchange that the relay has ended.
  func takeBack(_ connection: PoolConnection) {
    owned |= 1 << UInt64(connection.bit)
    release(connection, reusable: true)
  }

  /// Closes connections whose endpoint has answered without reading the whole request, for what is still on its way must
  /// not meet the next one, and those that have carried as many requests as the policy lets them.
  func closeSpent() {
    for case .some(let connection) in connections where isSpent(connection) { closeSpent(connection) }
  }

  func isSpent(_ connection: PoolConnection) -> Bool {
    guard case .pooled = connection.state, !isOwned(connection.bit) else { return false }
    return swerve_native_load32(&connection.slot.pointee.stage) == UInt32(SWERVE_STAGE_SPENT.rawValue)
  }

  func closeSpent(_ connection: PoolConnection) {
    forget(connection)
    giveBackSlot(connection)
    remove(connection, reset: false)
    // At once: connections that carry a few requests only end faster than the upkeep comes round.
    _ = leaseFree(connection.bit)
  }

  /// What the relay has sent must be read before the kernel sends past TCP; tries so often, a millisecond apart.
  private func giveBack(_ connection: PoolConnection, tries: Int = 100) {
    guard connection.isOpen, case .held = connection.state else { return }
    if connection.slot.pointee.reach == UInt32(SWERVE_REACH_LOCAL.rawValue), !connection.isRead {
      guard tries > 0 else { return discard(connection) }
      relay.loop.schedule(after: .milliseconds(1)) { [weak self, weak connection] in
        if let connection { self?.giveBack(connection, tries: tries - 1) }
      }
      return
    }
    connection.state = .pooled
    owned &= ~(1 << UInt64(connection.bit))
    swerve_native_give_back(warm, connection.slot, connection.bit, Clock.now())
    relay.moveIfAsked(connection)
  }

  // MARK: Connecting

  /// Begins a connection; false when there is no room for one, or no descriptor.
  func open() -> Bool {
    guard connectionCount < min(Pool.size, relay.options.poolConnectionsMax), !isRetired, !relay.isMoving || isPrivate,
      relay.pools.mayConnect(service),
      let bit = (0..<UInt32(Pool.size)).first(where: { isOwned($0) && connections[Int($0)] == nil }),
      let slot = privateSlots.map({ $0 + Int(bit) }) ?? relay.records.slot(index * UInt32(Pool.size) + bit)
    else { return false }
    guard let descriptor = Socket.make(for: target.address) else {
      noteFailure()
      return false
    }
    slot.pointee = swerve_slot()
    slot.pointee.client = none
    slot.pointee.service = service
    slot.pointee.endpoint = target.id
    slot.pointee.ended_ns = Clock.now()
    let policy = relay.selection.policy(of: service)
    slot.pointee.requests_max = policy?.pool.max_requests_per_connection ?? 0
    let connection = PoolConnection(pool: self, bit: bit, slot: slot, descriptor: descriptor, state: .connecting)
    connections[Int(bit)] = connection
    relay.pools.opened(connection)
    connecting += 1
    mark(connection)
    let result = Socket.connect(descriptor, to: target.address, port: target.port)
    guard result == 0 || result == EINPROGRESS else {
      // Told by the timer, so that nobody is called back while asking.
      relay.loop.schedule(after: .zero) { [weak self, connection] in self?.connectFailed(connection) }
      return true
    }
    let limit = policy?.connectTimeout ?? relay.options.connectTimeout
    connection.connectTimer = relay.loop.schedule(after: limit) { [weak self, connection] in
      self?.connectFailed(connection)
    }
    connection.watch()
    return true
  }

  private func mark(_ connection: PoolConnection) {
    var mark = swerve_connection()
    mark.endpoint = target.id
    mark.generation = target.generation
    mark.phase = UInt32(SWERVE_SELECTED.rawValue)
    mark.role = UInt32(SWERVE_ROLE_POOL.rawValue)
    mark.service = service
    mark.index = connection.slotIndex
    mark.cookie = connection.cookie
    // A failed connect is judged by the kernel: as that of a probe when it began after the claim.
    mark.started_ns = Clock.now()
    do { try relay.records.mark(connection.descriptor, as: mark) } catch {
      relay.logger.warning("a pool connection is not counted", metadata: ["error": "\(error)"])
    }
  }

  func connected(_ connection: PoolConnection) {
    guard connection.isOpen, connection.waitsForConnect else { return }
    connecting -= 1
    failures = 0
    retryAtNanoseconds = 0
    connection.state = .held
    connection.slot.pointee.reach = reach(of: connection)
    connection.slot.pointee.ended_ns = Clock.now()
    connection.watch()
    _ = swerve_native_or64(&warm.pointee.live, 1 << UInt64(connection.bit))
    if !waiters.isEmpty { serve(connection) } else { release(connection, reusable: true) }
  }

  private func reach(of connection: PoolConnection) -> UInt32 {
    guard relay.records.isAccelerated, connection.slotIndex != none else {
      return UInt32(SWERVE_REACH_RELAY.rawValue)
    }
    do {
      try relay.records.insertPoolSocket(
        connection.descriptor, cookie: connection.cookie, slot: connection.slotIndex)
    } catch {
      relay.logger.warning("the kernel cannot use a pool connection", metadata: ["error": "\(error)"])
      return UInt32(SWERVE_REACH_RELAY.rawValue)
    }
    let isLocal = swerve_native_load32(&connection.slot.pointee.paired) != 0
    return UInt32(isLocal ? SWERVE_REACH_LOCAL.rawValue : SWERVE_REACH_REMOTE.rawValue)
  }

  func connectFailed(_ connection: PoolConnection) {
    guard connection.isOpen, connection.waitsForConnect else { return }
    connection.connectTimer?.cancel()
    connecting -= 1
    noteFailure()
    remove(connection, reset: false)
    if waiters.count > connecting {
      let waiter = waiters.removeFirst()
      relay.pools.stoppedWaiting(waiter.service)
      waiter.refused(.connectFailure)
    }
    pump()
  }

  private func noteFailure() {
    let delay = min(Pool.backoff.last, Pool.backoff.first << UInt64(min(failures, 10)))
    failures += 1
    // Half of it by chance, so that pools do not try in step.
    retryAtNanoseconds = Clock.now() + delay / 2 + UInt64.random(in: 0...delay / 2)
  }

  // MARK: Ending

  func isOwned(_ bit: UInt32) -> Bool { owned & (1 << UInt64(bit)) != 0 }

  /// Closes a connection that is ours, and connects for those who waited for it.
  func discard(_ connection: PoolConnection) {
    remove(connection, reset: connection.hasUnsent)
    if !waiters.isEmpty { pump() }
  }

  /// `live` goes first, so that the kernel cannot lease it any more.
  func remove(_ connection: PoolConnection, reset: Bool) {
    guard connection.isOpen else { return }
    forget(connection)
    if connection.slotIndex != none, connection.slot.pointee.reach != UInt32(SWERVE_REACH_RELAY.rawValue) {
      try? relay.records.removePoolSocket(cookie: connection.cookie, slot: connection.slotIndex)
    }
    connection.close(reset: reset)
  }

  /// Leaves the bit without a connection.
  func forget(_ connection: PoolConnection) {
    _ = swerve_native_and64(&warm.pointee.live, ~(1 << UInt64(connection.bit)))
    connections[Int(connection.bit)] = nil
    relay.pools.closed(connection)
  }

  /// Leases a particular connection that is free; false when the kernel has it.
  func leaseFree(_ bit: UInt32) -> Bool {
    guard !isOwned(bit), swerve_native_lease_slot(warm, bit) != 0 else { return false }
    owned |= 1 << UInt64(bit)
    return true
  }

  func retire() {
    isRetired = true
  }

  /// A connection from a predecessor; its bit is leased by the kernel, or free.
  func adopt(_ connection: PoolConnection) {
    connections[Int(connection.bit)] = connection
    relay.pools.opened(connection)
    connection.watch()
    // Leased before it came.
    if isOwned(connection.bit) { release(connection, reusable: true) }
  }

  /// A connection for a successor: live, and leased by whoever has it.
  func letGo(_ connection: PoolConnection) {
    connection.detach()
    connections[Int(connection.bit)] = nil
    relay.pools.closed(connection)
  }

  /// Makes the bits without a connection a successor's to take: nothing is leased that is not live.
  func giveUpOwned() {
    let unused = (0..<UInt32(Pool.size)).filter { isOwned($0) && connections[Int($0)] == nil }
    for bit in unused { disown(bit) }
  }
}
