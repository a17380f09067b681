// SPDX-License-Identifier: Apache-2.0

internal import CDataplane
public import Dataplane
internal import Foundation
public import Logging
internal import SwerveABI

/// The relay's listeners, in every network namespace that a client of the node is in. The connect hooks send clients to
/// the one of their namespace, and ask for one where there is none. Used on the loop's thread only.
public final class Listeners {
  private let tables: RequestTables
  private let loop: EventLoop
  private let logger: Logger
  private let accept: (Int32) -> Void
  private var byCookie: [UInt64: NamespaceListener] = [:]
  private var timers: [EventLoop.Timer] = []
  /// Whether clients are accepted.
  private(set) var isWatching = false
  private var isOpening = false
  /// Inode of our own namespace, which is never empty.
  private let ownInode = Namespaces.inode("/proc/self/ns/net")

  /// - Parameter accept: is given each socket that a client connected to, and owns it.
  public init(tables: RequestTables, loop: EventLoop, logger: Logger, accept: @escaping (Int32) -> Void) {
    self.tables = tables
    self.loop = loop
    self.logger = logger
    self.accept = accept
  }

  deinit {
    for listener in byCookie.values { listener.close() }
  }

  /// Namespaces with a listener.
  public var count: Int { byCookie.count }

  /// Opens listeners in our own namespace and in those of all processes of the cgroup, and waits for them. Throws when
  /// there is not a single one.
  public func open(cgroup: String) throws(RelayError) {
    let done = DispatchSemaphore(value: 0)
    let outcome = Box<NamespaceThread.Outcome>()
    NamespaceThread.open(["self"] + Namespaces.processes(below: cgroup), except: inodes, tables) {
      outcome.value = $0
      done.signal()
    }
    done.wait()
    take(outcome.value ?? NamespaceThread.Outcome())
    guard !byCookie.isEmpty else {
      throw RelayError("listen in any network namespace: \(outcome.value?.failures.first ?? "none was found")")
    }
  }

  /// Takes over listeners of a predecessor, whose addresses the kernel knows already.
  func adopt(_ listener: NamespaceListener) {
    if let former = byCookie.updateValue(listener, forKey: listener.cookie) { former.close() }
  }

  /// Forgets what a relay that died has told the kernel.
  public func forgetStrays() throws(DataplaneError) {
    for (cookie, _) in try tables.listeners.entries() where byCookie[cookie] == nil {
      try tables.listeners.remove(cookie)
    }
  }

  /// Tells the connect hooks of every listener and begins to accept, and to open more where they are wanted.
  public func watch() throws {
    isWatching = true
    for listener in byCookie.values { try publish(listener) }
    timers = [
      loop.repeat(every: .milliseconds(100)) { [unowned self] in openWanted() },
      loop.repeat(every: .seconds(30)) { [unowned self] in closeDeserted() },
    ]
  }

  /// Stops accepting and opening; the sockets stay open, for a successor or to go on.
  func pause() {
    isWatching = false
    for timer in timers { timer.cancel() }
    timers = []
    for socket in byCookie.values.flatMap(\.sockets) { loop.remove(socket) }
  }

  /// New connects are in connection mode from here on. Who has connected is still accepted.
  public func withdraw() {
    for timer in timers { timer.cancel() }
    timers = []
    for cookie in byCookie.keys { unpublish(cookie) }
  }

  /// Closes all. Clients that were not accepted are reset.
  public func close() {
    pause()
    for listener in byCookie.values { listener.close() }
    byCookie = [:]
  }

  /// All of them, for a successor, which shares the sockets.
  var all: [NamespaceListener] { Array(byCookie.values) }

  private var inodes: Set<UInt64> { Set(byCookie.values.map(\.inode)) }

  private func take(_ outcome: NamespaceThread.Outcome) {
    for failure in outcome.failures {
      logger.warning("No listener, so connection mode", metadata: ["in": "\(failure)"])
    }
    for listener in outcome.opened {
      guard byCookie[listener.cookie] == nil, byCookie.count < Int(SWERVE_LISTENERS_MAX) else {
        listener.close()
        continue
      }
      byCookie[listener.cookie] = listener
      guard isWatching else { continue }
      do {
        try publish(listener)
        logger.info("Listening in a further network namespace", metadata: ["cookie": "\(listener.cookie)"])
      } catch {
        logger.error("A listener cannot be used", metadata: ["error": "\(error)"])
      }
    }
  }

  /// Watched first: nobody is sent to a listener that is not looked at.
  private func publish(_ listener: NamespaceListener) throws {
    for socket in listener.sockets {
      try loop.add(socket, .read) { [unowned self] _ in acceptAll(socket) }
    }
    try tables.listeners.update([(listener.cookie, listener.record)])
  }

  private func unpublish(_ cookie: UInt64) {
    do {
      try tables.listeners.remove(cookie)
    } catch {
      logger.error("A listener was not withdrawn", metadata: ["error": "\(error)"])
    }
  }

  /// Connections taken from one listener before others have their turn.
  private static let acceptsPerTurn = 64

  private func acceptAll(_ listener: Int32) {
    for _ in 0..<Listeners.acceptsPerTurn {
      let accepted = swerve_accept(listener)
      if accepted >= 0 {
        accept(accepted)
        continue
      }
      switch errno {
      case EAGAIN: return
      case EMFILE, ENFILE, ENOBUFS, ENOMEM: return rest(listener)
      // The client has gone, or the call was interrupted (accept(2)).
      default: continue
      }
    }
  }

  /// Level-triggered, so that the loop would do nothing else as long as there is no room.
  private func rest(_ listener: Int32) {
    logger.error(
      "Clients wait: no connection can be accepted", metadata: ["error": "\(String(cString: strerror(errno)))"])
    loop.modify(listener, [])
    loop.schedule(after: .milliseconds(100)) { [weak self] in self?.loop.modify(listener, .read) }
  }

  /// The request is taken out before it is served: when it comes to nothing, the next connect asks again.
  private func openWanted() {
    guard !isOpening, let wanted = try? tables.wantedListeners.entries(), !wanted.isEmpty else { return }
    for (cookie, _) in wanted { _ = try? tables.wantedListeners.remove(cookie) }
    let processes = wanted.filter { byCookie[$0.key] == nil }.map { "\($0.value)" }
    guard !processes.isEmpty else { return }
    isOpening = true
    NamespaceThread.open(processes, except: inodes, tables) { [remote = loop.remote, self = Weakly(self)] outcome in
      remote.perform { _ in
        self.value?.isOpening = false
        self.value?.take(outcome)
      }
    }
  }

  /// A namespace without a process has no client. Our socket would keep it for ever.
  func closeDeserted() {
    Thread.detachNewThread { [remote = loop.remote, self = Weakly(self)] in
      let inhabited = Namespaces.inhabited()
      remote.perform { _ in self.value?.closeAll(except: inhabited) }
    }
  }

  private func closeAll(except inhabited: Set<UInt64>) {
    guard isWatching else { return }
    for (cookie, listener) in byCookie where !inhabited.contains(listener.inode) && listener.inode != ownInode {
      unpublish(cookie)
      byCookie[cookie] = nil
      for socket in listener.sockets { loop.remove(socket) }
      listener.close()
      logger.info("A network namespace is deserted", metadata: ["cookie": "\(cookie)"])
    }
  }
}

/// Carries an object of the loop's thread through another one, which does not touch it.
private final class Weakly<Object: AnyObject>: @unchecked Sendable {
  private(set) weak var value: Object?

  init(_ value: Object) { self.value = value }
}

/// Carries a value out of a thread that is waited for.
final class Box<Value>: @unchecked Sendable {
  var value: Value?
}
