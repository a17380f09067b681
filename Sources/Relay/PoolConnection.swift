// SPDX-License-Identifier: Apache-2.0

internal import SwerveABI
internal import SwerveCore

/// What uses a pool connection at the moment.
protocol Carrier: AnyObject {
  /// Bytes of the endpoint, valid during the call.
  func connectionReceived(_ bytes: UnsafeRawBufferPointer)
  /// The endpoint has ended its side; `reset` when it has given up the connection.
  func connectionEnded(reset: Bool)
  /// What was sent is out of our hands, or could not be sent.
  func connectionFlushed()
}

/// A connection to an endpoint (P): one slot of a pool.
final class PoolConnection: Stream {
  enum State {
    case connecting
    /// In the pool: free, or leased by the kernel.
    case pooled
    /// Leased by the relay.
    case carrying(any Carrier)
    /// Leased by the relay, for nobody yet or no more.
    case held
  }

  unowned let pool: Pool
  /// Of the pool's masks.
  let bit: UInt32
  /// SWERVE_NONE for a connection the kernel does not know.
  let slotIndex: UInt32
  let slot: UnsafeMutablePointer<swerve_slot>
  let cookie: UInt64
  var state: State
  /// Until the connect is over.
  var connectTimer: EventLoop.Timer?
  /// Whether it is among the connections of its service.
  var isCounted = false

  init(pool: Pool, bit: UInt32, slot: UnsafeMutablePointer<swerve_slot>, descriptor: Int32, state: State) {
    self.pool = pool
    self.bit = bit
    self.slot = slot
    slotIndex = pool.index == none ? none : pool.index * UInt32(SWERVE_POOL_SLOTS) + bit
    cookie = Socket.cookie(descriptor)
    self.state = state
    super.init(relay: pool.relay, descriptor: descriptor)
  }

  /// It has carried a request before, so that it may have been closed while the next one was on its way.
  var isReused: Bool { slot.pointee.started_ns != 0 }

  /// Whether the endpoint, one of this node, has read all that was sent to it. It says so when it answers.
  var isRead: Bool {
    Socket.isAcknowledged(descriptor)
      && swerve_native_load64(&slot.pointee.queued) == swerve_native_load64(&slot.pointee.consumed)
  }

  /// Whether it has carried as many requests as the policy lets a connection carry.
  var isUsedUp: Bool { swerve_native_is_used_up(slot) != 0 }

  /// When it last carried something of the kernel's or the relay's, or was connected; CLOCK_MONOTONIC, nanoseconds.
  var lastUsedNanoseconds: UInt64 { max(slot.pointee.started_ns, slot.pointee.ended_ns) }

  override var waitsForConnect: Bool {
    if case .connecting = state { true } else { false }
  }

  override func handle(_ events: EventLoop.Events) {
    guard waitsForConnect else { return super.handle(events) }
    connectTimer?.cancel()
    connectTimer = nil
    if Socket.takeError(descriptor) == 0 { pool.connected(self) } else { pool.connectFailed(self) }
  }

  override func mayRead() -> Bool {
    if case .pooled = state { pool.mayRead(self) } else { true }
  }

  override func received(_ bytes: UnsafeRawBufferPointer) {
    switch state {
    case .carrying(let carrier): carrier.connectionReceived(bytes)
    case .connecting, .pooled, .held: pool.discard(self)
    }
  }

  override func inputEnded() {
    end(reset: false)
  }

  override func failed() {
    end(reset: true)
  }

  override func flushed() {
    if case .carrying(let carrier) = state { carrier.connectionFlushed() }
  }

  override func willSend(_ size: Int) {
    // What the endpoint has read is counted against it by the kernel.
    if slot.pointee.reach == UInt32(SWERVE_REACH_LOCAL.rawValue) {
      _ = swerve_native_add64(&slot.pointee.queued, UInt64(size))
    }
  }

  private func end(reset: Bool) {
    switch state {
    case .carrying(let carrier): carrier.connectionEnded(reset: reset)
    case .connecting: pool.connectFailed(self)
    case .pooled, .held: pool.discard(self)
    }
  }
}
