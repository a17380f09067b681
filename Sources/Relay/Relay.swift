// SPDX-License-Identifier: Apache-2.0

public import Dataplane
internal import Glibc
public import Logging
internal import SwerveABI
internal import SwerveCore

/// The owner of every client and pool connection of this process. Used on the loop's thread only.
public final class Relay {
  let records: any RequestRecords
  let options: RelayOptions
  let loop: EventLoop
  let logger: Logger
  let selection: Selection
  /// Where every read goes, one at a time. Large, so that large bodies need few system calls.
  let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 * 1024, alignment: 64)
  private(set) lazy var pools = Pools(relay: self)
  private(set) lazy var overdue = Overdue(relay: self)
  var retries = RetriesUnderWay()
  var generator = SystemRandomNumberGenerator()
  let responses: FixedResponses

  /// By descriptor.
  private(set) var clients: [Int32: Client] = [:]
  /// Those with a record.
  private var clientsByIndex: [UInt32: Client] = [:]
  /// Clients that wait for the kernel to end an exchange.
  private var awaiting: [Client] = []
  private var isTicking = false
  private var upkeepTimer: EventLoop.Timer?
  private(set) var isDraining = false
  private var deliver: (([MovedSocket]) -> Void)?

  private static let tick = Duration.milliseconds(1)
  private static let upkeep = Duration.milliseconds(100)

  /// Takes part in `tables` until the process ends. Nothing is read or written before `start`.
  public convenience init(tables: RequestTables, options: RelayOptions, loop: EventLoop, logger: Logger) {
    self.init(records: PinnedRecords(tables), options: options, loop: loop, logger: logger)
  }

  init(records: any RequestRecords, options: RelayOptions, loop: EventLoop, logger: Logger) {
    self.records = records
    self.options = options
    self.loop = loop
    self.logger = logger
    selection = Selection(records: records)
    responses = FixedResponses(directory: options.responsesDirectory, logger: logger)
  }

  deinit {
    scratch.deallocate()
  }

  /// Begins the upkeep of the pools.
  public func start() throws(RelayError) {
    guard upkeepTimer == nil else { return }
    upkeepTimer = loop.repeat(every: Relay.upkeep) { [unowned self] in upkeep() }
  }

  // MARK: Sockets come

  /// Takes over a socket that a listener accepted, or that a predecessor held. The relay owns the descriptor from here
  /// on, also when it closes it at once.
  /// - Parameter bytesRead: how much a predecessor has read from it in all; nil for a fresh socket.
  public func adopt(acceptedSocket descriptor: Int32, bytesRead: UInt64? = nil) {
    guard clients.count < options.clientsMax, let mark = try? records.connection(of: descriptor),
      mark.role == UInt32(SWERVE_ROLE_ACCEPTED.rawValue)
    else {
      // Nobody has said which service it is for.
      Glibc.close(descriptor)
      return
    }
    Socket.setNoDelay(descriptor)
    Socket.boundBuffers(descriptor)
    let client = Client(relay: self, descriptor: descriptor, mark: mark, bytesRead: bytesRead)
    clients[descriptor] = client
    if client.index != none { clientsByIndex[client.index] = client }
    client.watch()
    moveIfAsked(client)
  }

  /// Takes over a connection of the pool that a predecessor held, before any client is adopted.
  public func adopt(poolSocket descriptor: Int32, slot index: UInt32) {
    guard let slot = records.slot(index), let pool = pools.adopt(slot: index, descriptor: descriptor) else {
      Glibc.close(descriptor)
      return
    }
    let bit = index % UInt32(Pool.size)
    pool.adopt(PoolConnection(pool: pool, bit: bit, slot: slot, descriptor: descriptor, state: .pooled))
  }

  func client(of connection: PoolConnection) -> Client? {
    let index = swerve_native_load32(&connection.slot.pointee.client)
    guard let client = clientsByIndex[index], let record = client.record,
      swerve_native_load64(&record.pointee.cookie) == connection.slot.pointee.client_cookie
    else { return nil }
    return client
  }

  /// The pool connection of a slot.
  func connection(slot index: UInt32) -> PoolConnection? {
    guard let slot = records.slot(index) else { return nil }
    let bit = Int(index) % Pool.size
    if let pool = pools.byEndpoint[slot.pointee.endpoint], pool.index == index / UInt32(Pool.size) {
      return pool.connections[bit]
    }
    return pools.retired.first { $0.index == index / UInt32(Pool.size) }?.connections[bit]
  }

  func forget(_ client: Client) {
    clients[client.descriptor] = nil
    if client.index != none, clientsByIndex[client.index] === client { clientsByIndex[client.index] = nil }
  }

  // MARK: Upkeep

  func awaitsKernel(_ client: Client) {
    awaiting.append(client)
    wantsTick()
  }

  /// Asks for a look in a millisecond at what only the kernel changes.
  func wantsTick() {
    if isTicking { return }
    isTicking = true
    loop.schedule(after: Relay.tick) { [unowned self] in
      isTicking = false
      awaiting = awaiting.filter { $0.lookAgain() }
      let somebodyWaits = pools.tick()
      if somebodyWaits || !awaiting.isEmpty { wantsTick() }
    }
  }

  private func upkeep() {
    pools.upkeep()
    overdue.upkeep()
    if isDraining { closeIdle() }
  }

  // MARK: The end

  /// Closes clients as their exchanges end; new ones are still adopted, and closed when they are idle.
  public func beginDraining() {
    isDraining = true
    closeIdle()
  }

  private func closeIdle() {
    for client in Array(clients.values) where client.isIdle && !client.isSteered { client.closeGracefully() }
  }

  /// Whether no client is left and no exchange under way: nothing is lost when the process ends now. Free pool
  /// connections may still be open.
  public var isQuiet: Bool { clients.isEmpty }

  // MARK: Sockets go

  /// Gives all sockets away: those without an exchange in this relay at once, the others as their exchanges end.
  /// `deliver` is called, on the loop, with those that are ready; their descriptors are the caller's then. No new pool
  /// connections are made any more.
  public func handOver(_ deliver: @escaping ([MovedSocket]) -> Void) {
    self.deliver = deliver
    var moved: [MovedSocket] = []
    for pool in pools.all {
      for connection in pool.connections {
        if let connection, let socket = take(connection) { moved.append(socket) }
      }
      if !pool.isPrivate { pool.giveUpOwned() }
    }
    for client in Array(clients.values) {
      if let socket = take(client) { moved.append(socket) }
    }
    if !moved.isEmpty { deliver(moved) }
  }

  var isMoving: Bool { deliver != nil }

  func moveIfAsked(_ client: Client) {
    if let deliver, let socket = take(client) { deliver([socket]) }
  }

  func moveIfAsked(_ connection: PoolConnection) {
    if let deliver, let socket = take(connection) { deliver([socket]) }
  }

  private func take(_ client: Client) -> MovedSocket? {
    guard let socket = client.movable else { return nil }
    client.letGo()
    forget(client)
    return socket
  }

  private func take(_ connection: PoolConnection) -> MovedSocket? {
    guard connection.isOpen, connection.slotIndex != none, !connection.hasUnsent, case .pooled = connection.state
    else { return nil }
    connection.pool.letGo(connection)
    return MovedSocket(descriptor: connection.descriptor, kind: .pool(slot: connection.slotIndex))
  }
}
