// SPDX-License-Identifier: Apache-2.0

internal import SwerveABI
internal import SwerveCore

/// What a client is in the middle of.
protocol ClientWork: Carrier {
  /// Whether bytes of the client belong to this, as opposed to what comes after it.
  var wantsClientBytes: Bool { get }
  /// Whether more of them can be taken now.
  var hasRoom: Bool { get }
  /// Takes as many of the bytes as belong to this, and returns how many that were.
  func clientSent(_ bytes: UnsafeRawBufferPointer) -> Int
  /// The client has ended its side.
  func clientEnded()
  /// What was sent to the client is out of our hands.
  func clientFlushed()
  /// The client is gone, or the relay is done with it: ends everything without a word to it.
  func abandon()
  /// CLOCK_MONOTONIC, nanoseconds, when a request began; nil for what has no time limit.
  var startedNanoseconds: UInt64? { get }
  /// The request has taken too long.
  func timeOut()
}

/// A request that the relay carries from its head to the end of its response.
final class Exchange: ClientWork, ConnectionWaiter {
  private let client: Client
  private let traits: RequestTraits
  let service: UInt32
  private let started = Clock.now()
  private var request: BodyFraming
  private var response: ResponseReader
  private var connection: PoolConnection?
  private var endpoint: swerve_endpoint?
  /// Whose pool we wait for.
  private var awaited: Pool?
  /// Request bytes that wait for a connection.
  private var pending = ByteQueue()
  /// What was sent on a reused connection, to send it again should that have been closed meanwhile; nil when it is not
  /// to be sent again.
  private var replay: ByteQueue?
  /// Request bytes have been sent on the present connection.
  private var hasSent = false
  /// The endpoint takes no more of the request; its response may still come.
  private var isDiscarding = false
  /// The kernel's selection, which was counted there.
  private var chosen: UInt32?
  private var tried: [UInt32] = []
  private var hasReplayed = false
  private var isOver = false

  /// Endpoints tried for one request.
  private static let triesMax = 3
  /// Bytes of a request that are kept to be sent again, or while it waits for a connection.
  private static let keptMax = 65_536

  var wantsClientBytes: Bool { !request.isDone }
  var hasRoom: Bool {
    if let connection { !connection.hasUnsent } else { pending.count < Exchange.keptMax }
  }
  var startedNanoseconds: UInt64? { started }

  /// Begins with a whole head and whatever follows it. Returns how many of the bytes belong to the request.
  static func begin(_ client: Client, _ head: swerve_http1_head, _ bytes: UnsafeRawBufferPointer) -> Int {
    var framing = BodyFraming(ofRequest: head)
    let length = Int(head.length)
    guard let size = framing.advance(bytes, from: length) else {
      client.refuse(.malformedRequest)
      return bytes.count
    }
    let traits = RequestTraits(head)
    let exchange = Exchange(client, traits, framing)
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

  private init(_ client: Client, _ traits: RequestTraits, _ request: BodyFraming) {
    self.client = client
    self.traits = traits
    self.request = request
    service = client.service
    response = ResponseReader(to: traits)
    response.willForwardUnsteerable = { [unowned client] in client.demote() }
    chosen = client.takeChosenEndpoint()
    if traits.isUnsteerable || request.isLong { client.demote() }
  }

  // MARK: The way to an endpoint

  private func launch(_ bytes: UnsafeRawBufferPointer) {
    pending.append(bytes)
    connect()
  }

  private func connect() {
    var answer = LocalAnswer.connectFailure
    while tried.count < Exchange.triesMax {
      guard let selected = select() else {
        answer = tried.isEmpty ? .noEndpoint : .connectFailure
        break
      }
      tried.append(selected.id)
      endpoint = selected
      switch client.relay.pools.acquire(selected, for: self, isLong: request.isLong) {
      case nil: return
      case .overflow:
        fail(.overflow)
        return
      case .unreachable: continue
      }
    }
    fail(answer)
  }

  /// The kernel's selection first: it knows which endpoint lacks a connection.
  private func select() -> swerve_endpoint? {
    let selection = client.relay.selection
    if let id = chosen {
      chosen = nil
      if let endpoint = selection.endpoint(id, of: service) { return endpoint }
    }
    return selection.select(service, client: client.hash, avoiding: tried)
  }

  func waits(for pool: Pool) {
    awaited = pool
  }

  func ready(_ connection: PoolConnection) {
    awaited = nil
    self.connection = connection
    connection.state = .carrying(self)
    let isReused = connection.isReused
    open(connection)
    hasSent = false
    replay = isReused && traits.isIdempotent && !hasReplayed ? ByteQueue() : nil
    let bytes = pending
    pending = ByteQueue()
    bytes.withBytes { transmit($0) }
    if !isOver { client.updateReading() }
  }

  func refused(_ answer: LocalAnswer) {
    awaited = nil
    if isOver { return }
    if tried.count < Exchange.triesMax { connect() } else { fail(answer) }
  }

  /// Writes the slot as its lessee. The kernel leaves a response to the relay by the stage.
  private func open(_ connection: PoolConnection) {
    let slot = connection.slot
    slot.pointee.client = client.index
    slot.pointee.client_cookie = client.cookie
    slot.pointee.service = service
    slot.pointee.method = traits.method
    slot.pointee.started_ns = started
    slot.pointee.status = 0
    slot.pointee.requests += 1
    slot.pointee.response = swerve_http1_body()
    swerve_native_store32(&slot.pointee.stage, UInt32(SWERVE_STAGE_RELAY.rawValue))
    if let state = client.relay.records.endpointState(connection.pool.target.id) {
      swerve_native_count_request(state)
      if let service = client.relay.records.service(service) { _ = swerve_native_admit_request(service, .max) }
    }
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
    guard !bytes.isEmpty, !isDiscarding, !isOver else { return }
    guard let connection else {
      pending.append(bytes)
      return
    }
    if let kept = replay?.count {
      if kept + bytes.count <= Exchange.keptMax { replay?.append(bytes) } else { replay = nil }
    }
    if connection.send(bytes) {
      hasSent = true
    } else if hasSent {
      isDiscarding = true
    } else {
      // Not a byte of it has gone out, so that any method may go elsewhere.
      pending.append(bytes)
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
    replay = nil
    // The reader is taken out while it calls back.
    var reader = response
    reader.isEarly = !request.isDone
    let progress = reader.take(bytes) { part, end in
      if end?.closesClient == false { client.sendLast(part) } else { client.send(part) }
    }
    response = reader
    if isOver { return }
    switch progress {
    case .more: connection?.setReading(!client.hasUnsent)
    case .done(let hasSurplus): finish(reusable: !hasSurplus)
    case .tunnel(let offset): becomeTunnel(bytes.from(offset))
    case .malformed: fail(.malformedResponse)
    }
  }

  func clientFlushed() {
    connection?.setReading(true)
  }

  func connectionEnded(reset: Bool) {
    if !reset && response.endsWithConnection { return finish(reusable: false) }
    if !response.hasStarted, let kept = replay, request.isDone {
      // It was closed for being idle, at the moment it was used again.
      hasReplayed = true
      leave(status: 0, reusable: false)
      pending = kept
      if tried.count >= Exchange.triesMax { tried.removeLast() }
      return connect()
    }
    fail(reset ? .upstreamReset : .connectionTermination)
  }

  private func finish(reusable: Bool) {
    let isSent = request.isDone && !isDiscarding && connection?.hasUnsent != true
    if response.keepAliveSeconds > 0, let pool = connection?.pool {
      pool.learn(idleNanoseconds: UInt64(response.keepAliveSeconds) * 1_000_000_000)
    }
    leave(
      status: response.status,
      reusable: reusable && isSent && response.keepsConnection && traits.keepsConnection)
    isOver = true
    // Where the rest of a request would come next, no other can be found.
    client.ended(self, closes: response.closesClient || !request.isDone)
  }

  private func becomeTunnel(_ rest: UnsafeRawBufferPointer) {
    guard let connection, request.isDone, !isDiscarding else { return fail(.malformedResponse) }
    client.relay.records.count(SWERVE_PATH_TUNNEL, service: service)
    account(connection, status: response.status)
    self.connection = nil
    isOver = true
    Tunnel.continue(client, connection, endpointSent: rest)
  }

  // MARK: Ending

  func timeOut() {
    fail(.requestTimeout)
  }

  func abandon() {
    isOver = true
    leave(status: 0, reusable: false)
  }

  /// Answers in the endpoint's place, or breaks off what has begun.
  private func fail(_ answer: LocalAnswer) {
    if isOver { return }
    isOver = true
    leave(status: answer.isEndpointsFault ? 0 : 400, reusable: false)
    if response.isForwarding { return client.destroy(reset: true) }
    client.fail(
      answer, isHead: traits.isHead, hasRest: !request.isDone || traits.closesClient || answer.endsClient)
  }

  /// Gives up the connection, or the wait for one, and accounts for the request.
  private func leave(status: UInt32, reusable: Bool) {
    if let awaited {
      self.awaited = nil
      awaited.cancel(self)
    }
    guard let connection else { return }
    self.connection = nil
    account(connection, status: status)
    connection.pool.release(connection, reusable: reusable)
  }

  private func account(_ connection: PoolConnection, status: UInt32) {
    connection.pool.account(status: status, service: service, started: started)
  }
}
