// SPDX-License-Identifier: Apache-2.0

internal import SwerveABI
internal import SwerveCore

/// Pool connections that the kernel may have leased: what it means when they become readable.
extension Pool {
  /// Whether to read a connection of the pool. Bytes are the rest of a response that the kernel leaves to the relay.
  func mayRead(_ connection: PoolConnection) -> Bool {
    if leaseFree(connection.bit) {
      // Nobody asked for anything: it is the end, or nothing we could assign to a request.
      learn(idleNanoseconds: Clock.now() - min(Clock.now(), connection.lastUsedNanoseconds))
      discard(connection)
      return false
    }
    let slot = connection.slot
    guard swerve_native_load32(&slot.pointee.client) != none else { return lookAgain(connection) }
    let found = Socket.peek(connection.descriptor)
    if found == .nothing { return false }
    if swerve_native_load32(&slot.pointee.stage) == UInt32(SWERVE_STAGE_RELAY.rawValue) {
      guard let client = relay.client(of: connection) else { return lookAgain(connection) }
      client.takeResponse(of: connection)
      return connection.isOpen
    }
    if found == .bytes { return lookAgain(connection) }
    lost(connection, .connectionTermination, as: .lost)
    return false
  }

  /// The kernel is about to write the slot, or the client is not accepted yet: a moment later we know more.
  private func lookAgain(_ connection: PoolConnection) -> Bool {
    connection.setReading(false)
    relay.loop.schedule(after: .milliseconds(1)) { [weak connection] in connection?.setReading(true) }
    return false
  }

  /// Ends a connection with an exchange that the kernel carries. Its request is sent again, when the policy wants that of
  /// this outcome, the kernel has kept it and the client has got nothing yet; else the client is told.
  ///
  /// There is one moment that cannot be excluded: the kernel may end the exchange and open the client's next one between
  /// the look at the slot and the two calls that end halves. The cookie and the slot's number make it as short as it
  /// can be.
  /// - Parameter outcome: nil when it is not to be tried again.
  func lost(
    _ connection: PoolConnection, _ answer: LocalAnswer, status: UInt32 = 0, as outcome: Retry.Outcome?
  ) {
    let slot = connection.slot
    if isSpent(connection) { return closeSpent(connection) }
    // First, so that nobody leases it from here on.
    _ = swerve_native_and64(&warm.pointee.live, ~(1 << UInt64(connection.bit)))
    guard let client = relay.client(of: connection), let shared = client.record,
      swerve_native_load32(&shared.pointee.slot) == connection.slotIndex
    else {
      // The exchange is over, or its client is not accepted yet and will find no slot.
      if !leaseFree(connection.bit) { endWithoutClient(connection, status: status) }
      remove(connection, reset: false)
      return
    }
    let stage = swerve_native_load32(&slot.pointee.stage)
    let isHead = slot.pointee.method == UInt32(SWERVE_HTTP1_HEAD.rawValue)
    let kept = outcome == nil ? nil : KeptRequest(connection, relay.records)
    // What the client sends from here on comes behind that request.
    if kept != nil { swerve_native_take_over(shared) }
    let response = Ended.response(of: shared)
    let request = response == .wholly ? .already : Ended.request(of: shared)
    let isAnswered = response == .already
    if !isAnswered { count(connection, status: status) }
    let hasBegun = stage != UInt32(SWERVE_STAGE_HEAD.rawValue) || swerve_native_load32(&slot.pointee.stage) != stage
    if response == .wholly || request == .wholly { giveBackSlot(connection) }
    remove(connection, reset: false)
    if isAnswered && request == .already { return }
    // What is left of the request must not be taken for the next one.
    let hasRest = request == .wholly
    if isAnswered {
      client.closeGracefully()
    } else if hasBegun {
      client.destroy(reset: true)
    } else if let kept, let outcome, !hasRest, client.sendAgain(kept, outcome) {
      return
    } else {
      client.fail(answer, isHead: isHead, hasRest: hasRest)
    }
  }

  /// Counts a response that we ended, or that will never come. Whoever ends the response does, exactly once.
  func count(_ connection: PoolConnection, status: UInt32) {
    account(status: status, service: connection.slot.pointee.service, started: connection.slot.pointee.started_ns)
  }

  /// Counts how an admitted request went, and draws the consequences for the endpoint.
  /// - Parameter status: 0 without a complete response, SWERVE_STATUS_ABANDONED when the client has gone.
  func account(status: UInt32, service: UInt32, started: UInt64) {
    guard let state = relay.records.endpointState(target.id) else { return relay.withdraw(service) }
    let now = Clock.now()
    let isJudged =
      swerve_native_count_response(relay.records.service(service), state, record, status, started, now) != 0
    // One that has left is not ejected any more.
    guard isJudged, state.pointee.generation == target.generation else { return }
    relay.selection.judge(service, target.id, status: status, started: started, now: now)
  }

  /// Gives back the slot of an exchange that we ended wholly and whose connection is not used again.
  func giveBackSlot(_ connection: PoolConnection) {
    swerve_native_give_back(warm, connection.slot, connection.bit, Clock.now())
  }

  private func endWithoutClient(_ connection: PoolConnection, status: UInt32) {
    let index = swerve_native_load32(&connection.slot.pointee.client)
    guard let shared = relay.records.client(index), shared.pointee.slot == connection.slotIndex,
      shared.pointee.cookie == connection.slot.pointee.client_cookie
    else { return }
    let response = Ended.response(of: shared)
    if response != .already { count(connection, status: status) }
    if response == .wholly || Ended.request(of: shared) == .wholly { giveBackSlot(connection) }
  }
}

/// What the end of one half made of an exchange.
enum Ended {
  /// Somebody else has ended that half.
  case already
  /// The other half goes on.
  case half
  /// Both are over: whoever gets this gives the slot back.
  case wholly

  static func request(of client: UnsafeMutablePointer<swerve_client>) -> Ended {
    Ended(swerve_native_request_ended(client))
  }

  static func response(of client: UnsafeMutablePointer<swerve_client>) -> Ended {
    Ended(swerve_native_response_ended(client))
  }

  private init(_ ended: UInt32) {
    switch swerve_ended(ended) {
    case SWERVE_ENDED_WHOLLY: self = .wholly
    case SWERVE_ENDED_HALF: self = .half
    default: self = .already
    }
  }
}
