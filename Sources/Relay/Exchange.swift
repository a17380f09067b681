// SPDX-License-Identifier: Apache-2.0

internal import SwerveABI
internal import SwerveCore

/// A request that the relay carries from its head to the end of its response, in as many attempts as it takes.
///
/// It is admitted to its service as long as it is under way, in an attempt or between two. Each admission ends in one
/// count of a response, or is withdrawn.
final class Exchange: ClientWork, ConnectionWaiter {
  let client: Client
  let traits: RequestTraits
  /// Whose endpoints it is for; another one than the client's when that is its fallback.
  var service: UInt32
  /// CLOCK_MONOTONIC of the request's head.
  let started: UInt64
  var request: BodyFraming
  var response: ResponseReader
  var connection: PoolConnection?
  /// Whose pool we wait for.
  var awaited: Pool?
  /// Request bytes that wait for a connection.
  var pending = ByteQueue()
  /// What was sent in the present attempt, from the first byte on; nil when it is not to be sent again.
  var kept: ByteQueue?
  /// Request bytes have been sent on the present connection.
  private var hasSent = false
  /// The endpoint takes no more of the request; its response may still come.
  var isDiscarding = false
  /// The kernel's selection, which was counted there.
  private var chosen: UInt32?
  /// Where the present attempt goes, and since when.
  private var selected: Selected?
  private var attemptStarted: UInt64
  /// Endpoints to be avoided.
  var tried: [UInt32] = []
  /// Endpoints that the present attempt has tried to reach.
  var tries = 0
  /// The present connection had carried a request before: it may have been closed for being idle.
  private var mayReplay = false
  private var hasReplayed = false
  var retry: Retry
  var isAdmitted = false
  var isOver = false
  var deadline: EventLoop.Timer?
  var attemptTimer: EventLoop.Timer?
  var backoffTimer: EventLoop.Timer?

  /// Endpoints tried for one attempt.
  private static let triesMax = 3
  /// Bytes of a request that are kept to be sent again, or while it waits for a connection.
  private static let keptMax = 65_536

  var relay: Relay { client.relay }
  var wantsClientBytes: Bool { !request.isDone }
  var hasRoom: Bool {
    if let connection { !connection.hasUnsent } else { pending.count < Exchange.keptMax }
  }

  /// Begins with a whole head and whatever follows it. Returns how many of the bytes belong to the request.
  static func begin(_ client: Client, _ head: swerve_http1_head, _ bytes: UnsafeRawBufferPointer) -> Int {
    var framing = BodyFraming(ofRequest: head)
    let length = Int(head.length)
    guard let size = framing.advance(bytes, from: length) else {
      client.refuse(.malformedRequest)
      return bytes.count
    }
    let traits = RequestTraits(head)
    let exchange = Exchange(client, traits, framing, started: Clock.now())
    exchange.chosen = client.takeChosenEndpoint()
    exchange.isAdmitted = exchange.chosen != nil
    if traits.isUnsteerable || framing.isLong { client.demote() }
    client.relay.records.count(SWERVE_PATH_RELAY, service: client.service)
    client.begin(exchange)
    let end = length + size
    if traits.edit.isNothing {
      exchange.launch(bytes.part(0..<end))
    } else {
      traits.edit.apply(to: bytes.part(0..<end), headLength: length).withUnsafeBytes { exchange.launch($0) }
    }
    return end
  }

  init(_ client: Client, _ traits: RequestTraits, _ request: BodyFraming, started: UInt64) {
    self.client = client
    self.traits = traits
    self.request = request
    self.started = started
    attemptStarted = started
    service = client.service
    retry = Retry(client.relay.selection.policy(of: client.service)?.requests)
    response = ResponseReader(to: traits)
    prepareResponse()
  }

  private func launch(_ bytes: UnsafeRawBufferPointer) {
    pending.append(bytes)
    startDeadline()
    connect()
  }

  /// A reader for the next attempt.
  func prepareResponse() {
    response = ResponseReader(to: traits)
    response.willForwardUnsteerable = { [unowned client] in client.demote() }
    response.isUnwanted = { [unowned self] status in triesAgain(.responded(status)) }
  }

  // MARK: The way to an endpoint

  func connect() {
    guard isAdmitted || relay.admit(service) else { return degrade(.maxRequests) }
    isAdmitted = true
    while tries < Exchange.triesMax {
      attemptStarted = tries == 0 && retry.count == 0 ? started : Clock.now()
      switch select() {
      case .refused(let answer): return tries == 0 ? degrade(answer) : unreachable()
      case .selected(let next):
        tries += 1
        tried.append(next.endpoint.id)
        selected = next
        attemptStarted = max(attemptStarted, next.probeNanoseconds)
        switch relay.pools.acquire(next.endpoint, for: self, isLong: request.isLong, isProbe: next.isProbe) {
        case nil: return
        case .limit(let limit): return degrade(limit.answer)
        case .unreachable: giveBackProbe()
        }
      }
    }
    unreachable()
  }

  /// The kernel's selection first: it knows which endpoint lacks a connection.
  private func select() -> Selection.Choice {
    if let id = chosen {
      chosen = nil
      if let selected = relay.selection.endpoint(id, of: service) { return .selected(selected) }
    }
    return relay.selection.select(service, client: client.hash, avoiding: tried)
  }

  private func giveBackProbe() {
    if let selected { relay.selection.giveBackProbe(selected, of: service) }
    selected = nil
  }

  func waits(for pool: Pool) {
    awaited = pool
  }

  func ready(_ connection: PoolConnection) {
    awaited = nil
    self.connection = connection
    connection.state = .carrying(self)
    noteEndpoint(connection.pool.target.id)
    mayReplay = connection.isReused && traits.isIdempotent && !hasReplayed
    open(connection)
    hasSent = false
    kept = mayReplay || retry.mayRepeat(traits) ? ByteQueue() : nil
    startAttempt()
    let bytes = pending
    pending = ByteQueue()
    bytes.withBytes { transmit($0) }
    if !isOver { client.updateReading() }
  }

  /// At the limit of connections it goes where there is one, whatever was selected.
  private func noteEndpoint(_ id: UInt32) {
    guard selected?.endpoint.id != id else { return }
    giveBackProbe()
    tried.append(id)
  }

  func refused(_ answer: LocalAnswer) {
    awaited = nil
    if isOver { return }
    giveBackProbe()
    if tries < Exchange.triesMax { connect() } else { unreachable() }
  }

  /// Writes the slot as its lessee. The kernel leaves a response to the relay by the stage.
  private func open(_ connection: PoolConnection) {
    let slot = connection.slot
    slot.pointee.client = client.index
    slot.pointee.client_cookie = client.cookie
    slot.pointee.service = service
    slot.pointee.method = traits.method
    slot.pointee.started_ns = attemptStarted
    slot.pointee.status = 0
    slot.pointee.requests += 1
    slot.pointee.response = swerve_http1_body()
    swerve_native_store32(&slot.pointee.stage, UInt32(SWERVE_STAGE_RELAY.rawValue))
    if let state = relay.records.endpointState(connection.pool.target.id) { swerve_native_count_request(state) }
  }

  // MARK: The request

  func clientSent(_ bytes: UnsafeRawBufferPointer) -> Int {
    guard let size = request.advance(bytes) else {
      // Nothing that follows can be told from the body any more.
      fail(.malformedRequest)
      return bytes.count
    }
    transmit(bytes.part(0..<size))
    return size
  }

  private func transmit(_ bytes: UnsafeRawBufferPointer) {
    guard !bytes.isEmpty, !isOver else { return }
    guard let connection else {
      pending.append(bytes)
      return
    }
    if let size = kept?.count {
      if size + bytes.count <= Exchange.keptMax { kept?.append(bytes) } else { kept = nil }
    }
    if isDiscarding { return }
    if connection.send(bytes) {
      hasSent = true
    } else if hasSent {
      isDiscarding = true
    } else {
      // Not a byte of it has gone out, so that any method may go elsewhere.
      pending.append(bytes)
      kept = nil
      leave(status: 0, reusable: false)
      refused(.upstreamReset)
    }
  }

  func connectionFlushed() {
    if connection?.outputIsBroken == true { isDiscarding = true }
    client.updateReading()
  }

  func clientEnded() {
    // A request without its end is of no use to anybody. Otherwise the client may still read.
    if !request.isDone { client.destroy(reset: true) }
  }

  // MARK: The response

  func connectionReceived(_ bytes: UnsafeRawBufferPointer) {
    // The reader is taken out while it calls back.
    var reader = response
    reader.isEarly = !request.isDone
    let progress = reader.take(bytes) { part, end in
      // Before the client can have all of it and ask for more.
      if let end { account(status: end.status) }
      if end?.closesClient == false { client.sendLast(part) } else { client.send(part) }
    }
    response = reader
    if isOver { return }
    if reader.isDiscarded { return discardResponse(progress) }
    switch progress {
    case .more: connection?.setReading(!client.hasUnsent)
    case .done(let hasSurplus): finish(reusable: !hasSurplus)
    case .tunnel(let offset): becomeTunnel(bytes.from(offset))
    case .malformed: fail(.malformedResponse)
    }
  }

  /// The response is not for the client. Its connection is of use again when nothing of it is still to come.
  private func discardResponse(_ progress: ResponseReader.Progress) {
    var reusable = false
    if case .done(let hasSurplus) = progress { reusable = !hasSurplus && isReusable }
    sendAgain(status: response.status, reusable: reusable)
  }

  func clientFlushed() {
    connection?.setReading(true)
  }

  func connectionEnded(reset: Bool) {
    if !reset && response.endsWithConnection { return finish(reusable: false) }
    if !response.hasStarted, mayReplay, let bytes = kept, request.isDone {
      // It was closed for being idle, at the moment it was used again.
      hasReplayed = true
      leave(status: 0, reusable: false)
      pending = bytes
      kept = nil
      isDiscarding = false
      if tries >= Exchange.triesMax { tries -= 1 }
      return connect()
    }
    if triesAgain(.lost) { return sendAgain(status: 0, reusable: false) }
    fail(reset ? .upstreamReset : .connectionTermination)
  }

  /// Whether the connection can carry another request, as far as this one says.
  private var isReusable: Bool {
    request.isDone && !isDiscarding && connection?.hasUnsent != true && response.keepsConnection
      && traits.keepsConnection
  }

  private func finish(reusable: Bool) {
    if response.keepAliveSeconds > 0, let pool = connection?.pool {
      pool.learn(idleNanoseconds: UInt64(response.keepAliveSeconds) * 1_000_000_000)
    }
    leave(status: response.status, reusable: reusable && isReusable)
    conclude()
    // Where the rest of a request would come next, no other can be found.
    client.ended(self, closes: response.closesClient || !request.isDone)
  }

  private func becomeTunnel(_ rest: UnsafeRawBufferPointer) {
    guard let connection, request.isDone, !isDiscarding else { return fail(.malformedResponse) }
    relay.records.count(SWERVE_PATH_TUNNEL, service: client.service)
    account(status: response.status)
    self.connection = nil
    conclude()
    Tunnel.continue(client, connection, endpointSent: rest)
  }

  // MARK: Ending

  func abandon() {
    leave(status: abandoned, reusable: false)
    conclude()
  }

  /// Answers in the endpoint's place, or breaks off what has begun.
  func fail(_ answer: LocalAnswer) {
    if isOver { return }
    leave(status: answer.isEndpointsFault ? 0 : abandoned, reusable: false)
    conclude()
    if response.isForwarding { return client.destroy(reset: true) }
    client.fail(answer, isHead: traits.isHead, hasRest: closesClient || answer.endsClient)
  }

  /// Whether an answer of our own is the last one on the client's connection.
  var closesClient: Bool { !request.isDone || traits.closesClient }

  /// Gives up the connection, or the wait for one, and accounts for the attempt.
  func leave(status: UInt32, reusable: Bool) {
    attemptTimer?.cancel()
    attemptTimer = nil
    if let awaited {
      self.awaited = nil
      awaited.cancel(self)
    }
    guard let connection else { return giveBackProbe() }
    account(status: status)
    self.connection = nil
    connection.pool.release(connection, reusable: reusable)
  }

  /// Counts how the present attempt went, once: the request is admitted no more.
  private func account(status: UInt32) {
    guard isAdmitted, let connection else { return }
    isAdmitted = false
    selected = nil
    connection.pool.account(status: status, service: service, started: attemptStarted)
  }

  /// Nothing of it is under way any more.
  func conclude() {
    isOver = true
    for timer in [deadline, attemptTimer, backoffTimer] { timer?.cancel() }
    retry.end(relay, service: service)
    if isAdmitted { relay.withdraw(service) }
    isAdmitted = false
  }
}
