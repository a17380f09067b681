// SPDX-License-Identifier: Apache-2.0

internal import CDataplane
internal import CEpoll
internal import CMalloc
internal import CRelay
internal import Dataplane
internal import Foundation
public import Logging
internal import SwerveABI

/// A relay from its start to its end: takes over from the one before, serves, is succeeded or stopped.
///
/// The relay in charge writes the heartbeat, listens, and looks after the pools. A relay that was succeeded is not in
/// charge any more and ends when its last exchange does.
public final class RelayProcess {
  private enum State {
    case starting
    /// In charge.
    case serving
    /// A successor is taking charge, or has it; `serving` again when it fails to.
    case yielding
    /// The successor gets what is left as it becomes quiet.
    case succeeded
    /// No new clients.
    case draining
    case ended
  }

  /// Time clients have to finish after SIGTERM.
  public static let drainTime = Duration.seconds(10)
  /// Time that exchanges have to end in a relay that was succeeded.
  private static let legacyTime = Duration.seconds(3600)

  private let configuration: RelayConfiguration
  private let logger: Logger
  private let loop: EventLoop
  private let tables: RequestTables
  private let charge: Charge
  private let relay: any RequestCarrier
  private let listeners: Listeners
  /// By which it is noticed that the maps are gone.
  private let mapsInode: UInt64
  private let signals: Int32
  private var state = State.starting
  private var lock: RelayLock?
  private var report: RelayReport
  private var server: TakeoverServer?
  private var successor: HandoverChannel?
  private var predecessors: [HandoverChannel] = []
  private var heartbeat: EventLoop.Timer?

  /// Opens the maps of the agent and joins its cgroup. Nothing is steered differently before `run`.
  public convenience init(_ configuration: RelayConfiguration, logger: Logger) throws {
    var options = configuration.options
    options.responsesDirectory = options.responsesDirectory ?? "\(configuration.stateDirectory)/responses"
    try self.init(configuration, logger: logger) { [options] tables, loop in
      Relay(tables: tables, options: options, loop: loop, logger: logger)
    }
  }

  /// - Parameter carrier: makes what carries the requests.
  init(
    _ configuration: RelayConfiguration, logger: Logger, carrier: (RequestTables, EventLoop) -> any RequestCarrier
  ) throws {
    self.configuration = configuration
    self.logger = logger
    try CgroupMembership.join(CgroupPath(configuration.cgroup))
    signals = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
    guard signals >= 0 else { throw RelayError("create an eventfd", errno: errno) }
    RelayProcess.raiseOpenFiles()
    try FileManager.default.createDirectory(
      atPath: configuration.stateDirectory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    loop = try EventLoop()
    tables = try RequestTables(configuration.pins)
    guard let inode = RelayProcess.inode(of: configuration.pins) else {
      throw DataplaneError(.notInstalled, "find the maps in \(configuration.pins.maps)", errno: ENOENT)
    }
    mapsInode = inode
    charge = Charge(tables)
    let relay = carrier(tables, loop)
    self.relay = relay
    listeners = Listeners(tables: tables, loop: loop, logger: logger) {
      relay.adopt(acceptedSocket: $0, bytesRead: nil)
    }
    report = RelayReport(
      version: configuration.version, pid: getpid(), started: Date(), cgroup: configuration.cgroup,
      pins: configuration.pins.path)
  }

  deinit { close(signals) }

  /// Has SIGTERM and SIGINT stop it. They are the process' and not this object's, so this is not for tests.
  public func stopOnSignals() throws(RelayError) {
    guard relay_catch_signals(signals) == 0 else { throw RelayError("catch signals", errno: errno) }
  }

  /// Does what SIGTERM does; from any thread.
  var stopRequest: @Sendable () -> Void {
    { [signals] in eventfd_write(signals, 1) }
  }

  /// Serves until it is stopped or succeeded. Throws when it cannot take charge.
  public func run() throws {
    try testKernel()
    guard try takeCharge() else { return }
    try loop.add(signals, .read) { [unowned self] _ in
      _ = wasAskedToStop
      stop()
    }
    loop.repeat(every: .seconds(1)) { [unowned self] in lookAround() }
    try loop.run()
    if state != .ended { logger.error("The relay's loop ended by itself") }
  }

  // MARK: Taking charge

  /// Before anything of the node is touched.
  private func testKernel() throws {
    report.selfTest = SelfTest().run()
    noteObstacles()
    for obstacle in report.obstacles {
      logger.warning("Requests are not steered in the kernel; the relay carries them", metadata: ["why": "\(obstacle)"])
    }
  }

  private func noteObstacles() {
    report.obstacles = SelfTest.obstacles(report.selfTest) + Steering.missing(configuration.pins)
    report.acceleration = report.obstacles.isEmpty
  }

  /// Succeeds the relay that is there, or waits until one that is ending has ended. False when this one was asked to
  /// stop meanwhile.
  private func takeCharge() throws -> Bool {
    let deadline = ContinuousClock.now + RelayProcess.drainTime + .seconds(5)
    while !wasAskedToStop {
      if let predecessor = try Predecessor.ask(in: configuration.stateDirectory, maps: mapsInode) {
        try succeed(predecessor)
        return true
      }
      if let lock = try RelayLock(configuration.pins) {
        try startCold(lock)
        return true
      }
      guard .now < deadline else { throw RelayLock.held(configuration.pins) }
      usleep(50_000)
    }
    return false
  }

  /// Whether SIGTERM or SIGINT came since the last look.
  private var wasAskedToStop: Bool {
    var count: eventfd_t = 0
    return eventfd_read(signals, &count) == 0
  }

  private func startCold(_ lock: RelayLock) throws {
    self.lock = lock
    // What a relay that died has left counts for nothing: its sockets are closed.
    charge.resign()
    Relay.clearRecords(tables)
    try listeners.forgetStrays()
    try listeners.open(cgroup: configuration.cgroup)
    try serve()
    try listeners.watch()
  }

  private func succeed(_ predecessor: Predecessor) throws {
    lock = RelayLock(adopting: predecessor.offer.lock)
    for listener in predecessor.offer.listeners { listeners.adopt(listener) }
    let older = predecessor.offer.predecessors.map(HandoverSocket.init(owning:))
    try predecessor.take()
    report.predecessor = predecessor.socket.peer
    charge.signal()
    try predecessor.confirm()
    try serve()
    // Clients wait in the listeners' queues until the pools are here.
    let patience = loop.schedule(after: .seconds(2)) { [unowned self] in startAccepting() }
    for socket in [predecessor.socket] + older {
      try follow(socket) { patience.cancel() }
    }
  }

  /// Takes what a predecessor sends.
  private func follow(_ socket: HandoverSocket, settled: @escaping () -> Void) throws {
    var isDone = false
    let channel = try HandoverChannel(socket, loop) { [unowned self] items in
      for item in items ?? [] {
        switch item.record {
        case .pool(let slot): relay.adopt(poolSocket: item.descriptor, slot: slot)
        case .accepted(let bytesRead): relay.adopt(acceptedSocket: item.descriptor, bytesRead: bytesRead)
        case .settled:
          settled()
          startAccepting()
        case .done: isDone = true
        default: if item.descriptor >= 0 { close(item.descriptor) }
        }
      }
      guard items == nil else { return }
      predecessors.removeAll { $0.socket === socket }
      startAccepting()
      if isDone {
        logger.info("The relay before this one has ended")
      } else {
        logger.error("The relay before this one died; the requests it still carried have failed")
      }
    }
    predecessors.append(channel)
  }

  private func startAccepting() {
    guard state == .serving, !listeners.isWatching else { return }
    do {
      try listeners.watch()
    } catch {
      fail(error)
    }
  }

  private func serve() throws {
    state = .serving
    charge.accelerate(report.acceleration)
    beat()
    try relay.start()
    let server = TakeoverServer(
      stateDirectory: configuration.stateDirectory, maps: mapsInode, relay: self, loop: loop, logger: logger)
    try server.listen()
    self.server = server
    report.since = Date()
    report.listeners = listeners.count
    save()
    // Starting leaves freed memory behind; an idle daemon gives it back.
    malloc_trim(0)
    logger.info(
      "Relay in charge",
      metadata: [
        "acceleration": "\(report.acceleration ? "on" : "off")", "listeners": "\(listeners.count)",
        "predecessor": "\(report.predecessor.map { "\($0)" } ?? "none")",
      ])
  }

  private func beat() {
    charge.signal()
    heartbeat = loop.repeat(every: Charge.interval) { [charge] in charge.signal() }
  }

  // MARK: Ending

  /// Once a second.
  private func lookAround() {
    guard state == .serving else { return }
    if RelayProcess.inode(of: configuration.pins) != mapsInode {
      logger.warning("The maps have been removed; the relay ends")
      return end()
    }
    let before = (report.acceleration, report.listeners)
    report.listeners = listeners.count
    // A relay may start before the agent has attached its programs.
    if !report.acceleration { noteObstacles() }
    guard before != (report.acceleration, report.listeners) else { return }
    charge.accelerate(report.acceleration)
    save()
  }

  private func stop() {
    switch state {
    case .serving, .yielding:
      logger.info("Stopping; new connections are in connection mode")
      state = .draining
      report.isStopping = true
      save()
      server?.close(unlinking: true)
      listeners.withdraw()
      relay.beginDraining()
      drain(until: ContinuousClock.now + RelayProcess.drainTime)
    case .succeeded:
      state = .draining
      relay.beginDraining()
      drain(until: ContinuousClock.now + RelayProcess.drainTime)
    case .starting, .draining, .ended:
      // Asked a second time: at once.
      end()
    }
  }

  /// A client that has connected a moment ago is still in a listener's queue: hence the pause before the first look.
  private func drain(until deadline: ContinuousClock.Instant) {
    loop.schedule(after: .milliseconds(100)) { [unowned self] in
      guard state == .draining else { return }
      if relay.isQuiet || .now >= deadline { return end() }
      drain(until: deadline)
    }
  }

  private func end() {
    // The node's record is a successor's by now, when there is one.
    if let lock, lock.raw >= 0, successor == nil {
      heartbeat?.cancel()
      charge.resign()
      server?.close(unlinking: true)
    }
    for channel in predecessors { channel.close() }
    listeners.close()
    state = .ended
    loop.stop()
    logger.info("The relay ends")
  }

  private func fail(_ error: any Error) {
    logger.critical("The relay cannot go on", metadata: ["error": "\(error)"])
    end()
  }

  private func save() {
    do {
      try report.write(to: configuration.stateDirectory)
    } catch {
      logger.error("The report was not written", metadata: ["error": "\(error)"])
    }
  }

  private static func inode(of pins: PinLayout) -> UInt64? {
    Namespaces.inode("\(pins.maps)/node")
  }

  /// A client takes a descriptor, and its request another.
  private static func raiseOpenFiles() {
    var limits = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limits) == 0 else { return }
    limits.rlim_cur = limits.rlim_max
    setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limits)
  }
}

extension RelayProcess: Succeeded {
  var isInCharge: Bool { state == .serving && listeners.isWatching }

  func offer() -> [HandoverItem] {
    var items = [HandoverItem(.lock, lock?.raw ?? -1)]
    for listener in listeners.all {
      if listener.ipv4 >= 0 { items.append(HandoverItem(.listener(isIPv6: false), listener.ipv4)) }
      if listener.ipv6 >= 0 { items.append(HandoverItem(.listener(isIPv6: true), listener.ipv6)) }
    }
    return items + predecessors.map { HandoverItem(.predecessor, $0.socket.raw) }
  }

  func giveUpCharge() {
    state = .yielding
    heartbeat?.cancel()
    listeners.pause()
  }

  func resumeCharge() {
    guard state == .yielding else { return }
    logger.warning("The successor has not made it; this relay stays in charge")
    state = .serving
    beat()
    startAccepting()
  }

  func wasSucceeded(_ channel: HandoverChannel) {
    logger.info("Succeeded", metadata: ["by": "\(channel.socket.peer)"])
    state = .succeeded
    successor = channel
    lock = nil
    listeners.close()
    for channel in predecessors { channel.leave() }
    predecessors = []
    relay.handOver { moved in
      // Pools first: a client's next request finds them.
      let sorted = moved.filter(\.isPool) + moved.filter { !$0.isPool }
      channel.send(sorted.map(HandoverItem.init), giving: true)
    }
    channel.send([HandoverItem(.settled)])
    let deadline = ContinuousClock.now + RelayProcess.legacyTime
    loop.repeat(every: .milliseconds(20)) { [unowned self] in
      guard state == .succeeded, channel.isFlushed else { return }
      if relay.isQuiet || .now >= deadline { finish(channel) }
    }
  }

  private func finish(_ channel: HandoverChannel) {
    channel.send([HandoverItem(.done)])
    end()
  }

  func lostSuccessor() {
    guard state == .succeeded else { return }
    // Whoever comes next starts cold and clears the records that our exchanges are in.
    logger.error("The successor died; what this relay still carried ends with it")
    end()
  }
}

extension MovedSocket {
  fileprivate var isPool: Bool {
    if case .pool = kind { return true }
    return false
  }
}

extension HandoverItem {
  fileprivate init(_ moved: MovedSocket) {
    switch moved.kind {
    case .accepted(let bytesRead): self.init(.accepted(bytesRead: bytesRead), moved.descriptor)
    case .pool(let slot): self.init(.pool(slot: slot), moved.descriptor)
    }
  }
}
